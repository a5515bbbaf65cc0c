//! The events this service applies.

mod on_case_changed;
mod on_case_reopened;
mod on_dispatch_completed;
mod on_dispatch_reworked;
mod on_matter_answered;
mod on_matter_registered;
mod on_mediation_ended;
mod on_mediation_transferred;
mod on_performance_defaulted;
mod on_performance_fulfilled;
mod on_petition_ended;
mod on_risk_changed;
mod on_triage_decided;

use chassis::{bus::Subscriptions, db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::{Service, ids::CaseId, region::RegionCode};

use crate::{Evaluation, domain::case::Case, planning, store};

/// Every event with its handler.
pub fn subscriptions() -> Subscriptions<Evaluation> {
    Subscriptions::new()
        .on(Service::Intake, on_matter_registered::apply)
        .on(Service::Intake, on_matter_answered::apply)
        .on(Service::Intake, on_case_reopened::apply)
        .on(Service::Intake, on_case_changed::merged)
        .on(Service::Intake, on_case_changed::parties_changed)
        .on(Service::Intake, on_petition_ended::apply)
        .on(Service::Triage, on_triage_decided::apply)
        .on(Service::Triage, on_risk_changed::apply)
        .on(Service::Triage, on_dispatch_completed::apply)
        .on(Service::Triage, on_dispatch_reworked::apply)
        .on(Service::Mediation, on_mediation_ended::apply)
        .on(Service::Mediation, on_mediation_transferred::apply)
        .on(Service::Mediation, on_performance_fulfilled::apply)
        .on(Service::Mediation, on_performance_defaulted::apply)
}

/// The work on a case ended: it waits for its follow-up, whose first visit is planned (transition 27). The first end
/// counts; an instalment paid after a default changes nothing.
async fn end_case(
    state: &Evaluation,
    tx: &mut Tx,
    (case_id, region): (CaseId, RegionCode),
    ended_at: DateTime<Utc>,
) -> Result<(), Problem> {
    let known = store::cases::lock(tx, case_id).await?;
    let is_new = known.is_none();
    let case = known.unwrap_or_else(|| Case::new(case_id, region, tx.now()));
    let Some(case) = case.end(ended_at, tx.now()) else {
        return Ok(());
    };
    if is_new {
        store::cases::insert(tx, &case).await?;
    } else {
        store::cases::update(tx, &case).await?;
    }
    planning::schedule(tx, &state.policy, &case, 1).await
}
