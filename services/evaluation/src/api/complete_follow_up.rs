//! Record a follow-up visit.

use actix_web::post;
use chassis::{
    clocks::Holder,
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply, Scope},
};
use contracts::{ids::FollowUpId, questions::IsMediatorOf, roles::permission::FollowUpRecord};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::FollowUpView;
use crate::{
    Evaluation,
    domain::{case::CaseState, clock, follow_up::Findings, refusal::Refusal},
    planning, store,
};

/// What a visitor found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteFollowUp {
    /// Whether the person was reached.
    pub reached: bool,
    /// Whether the person is satisfied; needed when reached.
    pub satisfied: Option<bool>,
    /// Whether what was agreed is being performed.
    pub performance_ok: Option<bool>,
    /// Whether there are signs that the dispute flares up again.
    pub escalation_signs: Option<bool>,
    /// The visitor's note.
    pub note: Option<String>,
}

/// A visit was made 已回访, or tried: without reaching the person it stays planned until the tries the policy pack allows
/// are used up. The next visit of the plan is planned, unless the case is closed. A mediator of the case may not visit
/// (`same-person`).
#[utoipa::path(
    tag = "follow-ups", operation_id = "complete_follow_up",
    params(("id" = FollowUpId, Path, description = "The follow-up")),
    request_body = CompleteFollowUp,
    responses((status = 200, body = FollowUpView), ProblemResponses),
    security(("bearer" = ["follow_up.record"]))
)]
#[post("/follow-ups/{id}/complete")]
pub async fn complete_follow_up(
    state: Data<Evaluation>,
    call: Call<FollowUpRecord, CompleteFollowUp>,
    id: Path<FollowUpId>,
) -> Result<Reply, Problem> {
    let (scope, body) = (call.scope(), &call.body);
    let note_max = state.policy.limits().comment_max;
    let found = Findings {
        reached: body.reached,
        satisfied: body.satisfied,
        performance_ok: body.performance_ok,
        escalation_signs: body.escalation_signs,
        note: super::text(body.note.as_deref(), note_max, "/note")?,
    };
    let (visitor, rules) = (&call.principal.subject, &state.policy.evaluation().followup);
    if rules.mediator_excluded {
        check_visitor(&state, &scope, *id, visitor).await?;
    }
    let work = async |tx: &mut Tx| {
        let (follow_up, case) = store::follow_ups::load(tx.conn(), *id, &scope).await?;
        call.check_version(follow_up.version)?;
        let (follow_up, event) =
            follow_up.complete(found.clone(), visitor, rules.max_tries, tx.now())?;
        store::follow_ups::update(tx, &follow_up).await?;
        if let Some(event) = event {
            tx.stop_clock(clock::VISIT, *id);
            tx.publish(case.id, &event)?;
            if case.state == CaseState::FollowUp {
                planning::schedule(tx, &state.policy, &case, follow_up.visit + 1).await?;
            }
            if case.state == CaseState::FollowUp && follow_up.visit == 1 {
                let (kind, now) = (clock::CLOSE, tx.now());
                let type_code = case.type_code.as_deref();
                let holder = Holder::new(case.id, case.region);
                tx.start_policy_clock(&state.policy, kind, type_code, case.id, holder, now)?;
            }
        }
        let version = follow_up.version;
        Ok(Reply::ok(FollowUpView::of(follow_up, true)).version(version))
    };
    state.db.command(&call, "complete_follow_up", work).await
}

/// Who mediated a case does not visit (transition 27).
async fn check_visitor(
    state: &Evaluation,
    scope: &Scope,
    id: FollowUpId,
    visitor: &str,
) -> Result<(), Problem> {
    let found = store::follow_ups::load(&mut *state.db.read().await?, id, scope).await;
    let case_id = found?.1.id;
    let question = IsMediatorOf {
        case_id,
        subject: visitor.to_owned(),
    };
    if state.bus.ask(&question).await?.is_mediator {
        return Err(Refusal::SamePerson.into());
    }
    Ok(())
}
