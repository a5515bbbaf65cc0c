//! Starting this service's clocks by the rules of the policy pack.

use chassis::{clocks::NewClock, db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::ids::{CaseId, TypedId};
use policy::{Due, PolicyPack};

/// How long a case may wait for its decision (transition 6).
pub(crate) const DECIDE: &str = "triage.decide";
/// How long an order may wait for its signature (transition 8).
pub(crate) const SIGN: &str = "dispatch.sign";

/// Starts the clock `kind` of a case of a dispute type for an object: started at `start`, ends with `due`.
pub(crate) async fn start(
    tx: &mut Tx,
    policy: &PolicyPack,
    (kind, type_code): (&str, &str),
    (object, case_id): (impl TypedId, CaseId),
    start: DateTime<Utc>,
    due: &Due,
) -> Result<(), Problem> {
    let rule = policy
        .clock(kind, Some(type_code))
        .map_err(Problem::unexpected)?;
    let warnings = rule.warn_at(start, due, policy.calendar());
    tx.start_clock(&NewClock {
        kind,
        object_id: object.uuid(),
        case_id,
        due_at: due.at,
        provisional: due.provisional,
        warn_at: warnings.into_iter().map(|warning| warning.at).collect(),
    })
    .await
}
