//! What follows when a clock ran out 催办、督办 (transition 31): the rule's breach effect says which, and each clock has it
//! once.

use chassis::{clocks::Holder, db::Tx, elsewhere, http::Problem};
use contracts::ids::{
    CaseId, ConsultationCallId, DispatchOrderId, OrganisationId, SupervisionId, TaskForceId,
};
use policy::{clock::BreachEffect, sections::triage::RiskTrigger};

use crate::{
    Triage, clocks,
    domain::{RanOut, Supervision, TriageCase, Urge},
    risk, store,
};

/// Whose clock it was.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// One of this service: the object it ran for tells.
    Own,
    /// Of whoever handles the case.
    Handlers,
    /// Of an organisation; none = the centre's own.
    Kept(Option<OrganisationId>),
}

/// Raises the case, urges or supervises whoever the clock was for. A case that triage does not have is not its own, nor is one that
/// another node answers for.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn react(
    state: &Triage,
    tx: &mut Tx,
    case_id: CaseId,
    ran_out: RanOut,
    (effect, whose): (BreachEffect, Whose),
) -> Result<(), Problem> {
    let policy = &state.policy;
    if elsewhere::is_elsewhere(tx.conn(), case_id).await? {
        return Ok(());
    }
    if let clocks::SUPERVISION_REPLY | clocks::SUPERVISION_REPLY_URGENT = ran_out.clock.as_str() {
        risk::raise(state, tx, case_id, RiskTrigger::SupervisionOverdue).await?;
    }
    risk::raise_for_clock(state, tx, case_id, &ran_out.clock).await?;
    if !matches!(effect, BreachEffect::Remind | BreachEffect::Supervise) {
        return Ok(());
    }
    let Some(case) = store::cases::find(tx.conn(), case_id).await? else {
        return urge_project(tx, &ran_out).await;
    };
    let whom = match whose {
        Whose::Own => whom(tx, &case, &ran_out).await?,
        Whose::Handlers => case.organisation_id,
        Whose::Kept(organisation) => organisation,
    };
    if effect == BreachEffect::Remind {
        let urge = Urge::by_clock(tx.new_id(), &case, whom, ran_out, tx.now());
        if store::urges::insert(tx.conn(), &urge).await? {
            tx.publish(case_id, &urge.event(case.region))?;
        }
        return Ok(());
    }
    let (id, now) = (tx.new_id(), tx.now());
    let (issued, event) = Supervision::by_clock(id, &case, whom, ran_out, policy, now)?;
    if store::supervisions::insert(tx.conn(), &issued).await? {
        start_reply(state, tx, &issued).await?;
        tx.publish(case_id, &event)?;
    }
    Ok(())
}

/// Starts the clock of the reply: for whoever signed for the case, else who is on duty for the organisation.
///
/// # Errors
/// `internal` when the pack has no such clock.
pub(crate) async fn start_reply(
    state: &Triage,
    tx: &mut Tx,
    issued: &Supervision,
) -> Result<(), Problem> {
    let mut holder =
        Holder::new(issued.case_id, issued.region).organisation(issued.organisation_id);
    if let Some(own) = issued.organisation_id {
        let signer = store::orders::signer(tx.conn(), issued.case_id, own).await?;
        let officer = match signer {
            Some(signer) => Some(signer),
            None => store::rosters::officer(tx.conn(), own, issued.issued_at).await?,
        };
        holder = holder.assignee(officer);
    }
    let kind = Supervision::reply_clock(issued.urgent);
    tx.start_policy_clock(
        &state.policy,
        kind,
        None,
        issued.id,
        holder,
        issued.issued_at,
    )?;
    Ok(())
}

/// Urges a task force that is for a project: it has no case.
async fn urge_project(tx: &mut Tx, ran_out: &RanOut) -> Result<(), Problem> {
    let (clocks::TASK_FORCE_PLAN | clocks::TASK_FORCE_PROGRESS) = ran_out.clock.as_str() else {
        return Ok(());
    };
    let id = TaskForceId::from(ran_out.object_id);
    let Some(force) = store::task_forces::find(tx.conn(), id).await? else {
        return Ok(());
    };
    let (urge, event) = force.urge(tx.new_id(), &ran_out.clock, tx.now());
    store::task_forces::insert_urge(tx.conn(), &urge).await?;
    tx.publish(force.subject(), &event)
}

/// Whose clock of this service it was; none = the centre's own.
async fn whom(
    tx: &mut Tx,
    case: &TriageCase,
    ran_out: &RanOut,
) -> Result<Option<OrganisationId>, Problem> {
    match ran_out.clock.as_str() {
        clocks::DECIDE
        | clocks::RETURN_DECIDE
        | clocks::MEET
        | clocks::TASK_FORCE_PLAN
        | clocks::TASK_FORCE_PROGRESS => Ok(None),
        clocks::REPORT_IN | clocks::REPORT_IN_URGENT => {
            let call = ConsultationCallId::from(ran_out.object_id);
            store::consultations::called(tx.conn(), call).await
        }
        clocks::SIGN => {
            let order = DispatchOrderId::from(ran_out.object_id);
            store::orders::receiver(tx.conn(), order).await
        }
        clocks::SUPERVISION_REPLY | clocks::SUPERVISION_REPLY_URGENT => {
            let supervision = SupervisionId::from(ran_out.object_id);
            store::supervisions::supervised(tx.conn(), supervision).await
        }
        _ => Ok(case.organisation_id),
    }
}
