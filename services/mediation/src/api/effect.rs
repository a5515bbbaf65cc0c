//! What the end of a proceeding does besides: clocks, the draft that lapses, the obligations that begin.

use chassis::{clocks::NewClock, db::Tx, http::Problem};
use contracts::{
    events::mediation::MediationOutcome,
    ids::{AgreementId, CaseId, ProceedingId, TypedId},
    problems::common,
};
use policy::{Due, PolicyPack, sections::mediation::EndCode};

use super::keeper;
use crate::{
    ACCEPT_CLOCK, CHOOSE_CLOCK, CONSENT_CLOCK, PAUSE_CLOCK, PERFORMANCE_CLOCK, SEALING_CLOCK,
    START_CLOCK, STATUTORY_CLOCK, TRANSFER_CLOCK,
    domain::{
        Fact,
        agreement::Agreement,
        effect::Effect,
        obligation::{Obligation, ObligationState},
        proceeding::{Proceeding, ProceedingState},
    },
    store::{agreements, obligations},
};

/// The end code for a command that fixes the outcome.
pub(super) fn end_code(
    policy: &PolicyPack,
    outcome: MediationOutcome,
) -> Result<&EndCode, Problem> {
    let end = policy.mediation().end_code_for(outcome);
    end.ok_or_else(|| Problem::unexpected(format!("the policy pack has no end code for {outcome}")))
}

/// Starts a clock of a proceeding, in the form it has for its dispute type; gives when it is due.
pub(crate) async fn start_clock(
    tx: &mut Tx,
    of: &Proceeding,
    kind: &str,
    policy: &PolicyPack,
) -> Result<Due, Problem> {
    let holder = keeper::of_proceeding(tx, of).await?;
    let (type_code, now) = (Some(of.type_code.as_str()), tx.now());
    tx.start_policy_clock(policy, kind, type_code, of.id, holder, now)
}

/// Mediation starts: its time limit, and the target of its track 跑道 (TR-02).
pub(super) async fn start_limit(
    tx: &mut Tx,
    of: &Proceeding,
    policy: &PolicyPack,
) -> Result<(), Problem> {
    let rule = of.limit(policy).map_err(Problem::unexpected)?;
    let now = tx.now();
    let due = rule.due(now, policy.calendar());
    let holder = keeper::of_proceeding(tx, of).await?;
    let limit = NewClock::of_rule(policy, STATUTORY_CLOCK, rule, of.id, holder, now, due);
    tx.start_clock(&limit);
    if let Some(target) = of.target(policy) {
        start_clock(tx, of, target, policy).await?;
    }
    Ok(())
}

/// Neither the time limit nor the target of the track runs any more.
fn stop_limit(tx: &mut Tx, of: &Proceeding, policy: &PolicyPack) {
    for clock in [STATUTORY_CLOCK, SEALING_CLOCK]
        .into_iter()
        .chain(of.target(policy))
    {
        tx.stop_clock(clock, of.id);
    }
}

/// The target of a track may have run out before, which keeps nobody from suspending or going on.
fn unless_over<T>(done: Result<T, Problem>) -> Result<(), Problem> {
    match done {
        Err(problem) if problem.code() == &common::CLOCK_NOT_RUNNING => Ok(()),
        Err(problem) if problem.code() == &common::CLOCK_NOT_PAUSED => Ok(()),
        done => done.map(drop),
    }
}

/// After mediation was suspended: its time stands still where the reason says so, and a limited suspension gets its own.
pub(super) async fn after_pause(
    tx: &mut Tx,
    of: &Proceeding,
    policy: &PolicyPack,
) -> Result<(), Problem> {
    let Some(pause) = of.course.pauses.last() else {
        return Ok(());
    };
    if pause.stops_clock {
        tx.pause_clock(policy, STATUTORY_CLOCK, of.id, &pause.reason)
            .await?;
    }
    if let Some(target) = of.target(policy) {
        let rule = policy
            .clock(target, Some(&of.type_code))
            .map_err(Problem::unexpected)?;
        let listed = policy.clocks().pause_reason(&pause.reason);
        if listed.is_some_and(|listed| listed.stops_clock) && rule.pauses_for(&pause.reason) {
            unless_over(tx.pause_clock(policy, target, of.id, &pause.reason).await)?;
        }
    }
    if pause.until.is_some() {
        start_clock(tx, of, PAUSE_CLOCK, policy).await?;
    }
    Ok(())
}

/// Goes on with mediation: its time goes on, and the suspension's ends.
pub(crate) async fn resume(
    tx: &mut Tx,
    proceeding: Proceeding,
    policy: &PolicyPack,
) -> Result<(Proceeding, Vec<Fact>), Problem> {
    proceeding.check_resume()?;
    let stopped = |proceeding: &Proceeding| {
        let last = proceeding.course.pauses.last();
        last.is_some_and(|pause| pause.stops_clock)
    };
    let due_at = if stopped(&proceeding) {
        let due = tx
            .resume_clock(policy, STATUTORY_CLOCK, proceeding.id)
            .await?;
        Some(due.at)
    } else {
        proceeding.due_at
    };
    if let Some(target) = proceeding.target(policy) {
        unless_over(tx.resume_clock(policy, target, proceeding.id).await)?;
    }
    tx.stop_clock(PAUSE_CLOCK, proceeding.id);
    Ok(proceeding.resume(due_at, tx.now())?)
}

/// When the parties are no longer asked, because mediation started or ended: those clocks stop.
pub(super) fn stop_asking(tx: &mut Tx, id: ProceedingId) {
    for clock in [CONSENT_CLOCK, CHOOSE_CLOCK, ACCEPT_CLOCK, START_CLOCK] {
        tx.stop_clock(clock, id);
    }
}

/// After `command` ended a proceeding without an agreement: its clocks stop, a draft lapses, and where nothing was settled
/// the time to hand it over to another way begins.
pub(crate) async fn after_end(
    tx: &mut Tx,
    before: &Proceeding,
    after: &Proceeding,
    command: &str,
    policy: &PolicyPack,
) -> Result<(), Problem> {
    if before.state == ProceedingState::ConsentPending {
        stop_asking(tx, before.id);
    } else {
        stop_limit(tx, before, policy);
        tx.stop_clock(PAUSE_CLOCK, before.id);
    }
    if after.settled_nothing() {
        start_clock(tx, after, TRANSFER_CLOCK, policy).await?;
    }
    let draft = match before.agreement_id {
        Some(agreement_id) => agreements::of_event(tx, agreement_id).await?,
        None => None,
    };
    if let Some(draft) = draft {
        let seen = draft.version;
        let lapsed = draft.lapse(command, tx.now())?;
        agreements::update(tx, &lapsed, seen).await?;
    }
    Ok(())
}

/// After an agreement took effect by `command`: mediation's clock stops, the obligations begin with theirs, and what the
/// court did not confirm before is replaced.
pub(super) async fn after_effect(
    tx: &mut Tx,
    effect: &Effect,
    command: &str,
    policy: &PolicyPack,
) -> Result<(), Problem> {
    stop_limit(tx, &effect.proceeding, policy);
    begin(tx, &effect.agreement, &effect.obligations, policy).await?;
    let by = (&effect.proceeding, effect.agreement.id);
    replace_dismissed(tx, effect.agreement.case_id, Some(by), command).await
}

/// What was agreed in a case and the court did not confirm is no longer owed: another agreement binds instead, or, without one,
/// the parties took another way.
pub(super) async fn replace_dismissed(
    tx: &mut Tx,
    case_id: CaseId,
    by: Option<(&Proceeding, AgreementId)>,
    command: &str,
) -> Result<(), Problem> {
    let newer = by.map(|(proceeding, _)| proceeding);
    let by = by.map(|(_, agreement)| agreement);
    for dismissed in agreements::dismissed_of(tx, case_id, newer).await? {
        let before = obligations::of_agreement(tx.conn(), dismissed.id).await?;
        let (seen, now) = (dismissed.version, tx.now());
        let (replaced, superseded, fact) = dismissed.replace(by, before, command, now)?;
        agreements::update(tx, &replaced, seen).await?;
        supersede(tx, &superseded).await?;
        Fact::publish_all(&[fact], tx, replaced.case_id)?;
    }
    Ok(())
}

/// Obligations begin, each open one with its clock.
pub(super) async fn begin(
    tx: &mut Tx,
    agreement: &Agreement,
    rows: &[Obligation],
    policy: &PolicyPack,
) -> Result<(), Problem> {
    obligations::insert_all(tx, rows).await?;
    let open = |obligation: &&Obligation| obligation.state == ObligationState::Open;
    let type_code = agreement.type_code.as_str();
    let holder = keeper::of_agreement(tx, agreement).await?;
    for obligation in rows.iter().filter(open) {
        let rule = policy
            .clock(PERFORMANCE_CLOCK, Some(type_code))
            .map_err(Problem::unexpected)?;
        let due = rule.due_on(obligation.due_on, policy.calendar());
        let (id, kind, holder) = (obligation.id, PERFORMANCE_CLOCK, holder.clone());
        let clock = NewClock::of_rule(policy, kind, rule, id, holder, tx.now(), due);
        tx.start_clock(&clock);
    }
    Ok(())
}

/// Obligations are no longer owed: stored, and their clocks stop.
pub(super) async fn supersede(tx: &mut Tx, rows: &[Obligation]) -> Result<(), Problem> {
    for obligation in rows {
        obligations::update(tx, obligation, obligation.version - 1).await?;
        stop_performance(tx, obligation.id);
    }
    Ok(())
}

/// After performance or default was registered: the obligation's clock stops.
pub(super) fn stop_performance(tx: &mut Tx, obligation: impl TypedId) {
    tx.stop_clock(PERFORMANCE_CLOCK, obligation);
}
