//! `POST /reporting/v1/periods/{period_id}/versions`.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    ids::PeriodId,
    problems::{common, reporting::PERIOD_UNCHANGED},
    roles::permission::PeriodClose,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::period_views::PeriodDetail;
use crate::{
    Reporting, closing,
    domain::{period::day_of, span},
    store::{periods, snapshots},
};

/// Why the numbers are counted again.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectPeriod {
    /// The reason, without personal data.
    pub reason: String,
    /// The last day whose events are counted; that of the version before when not given, so that only what was not known then
    /// makes a difference.
    pub counted_to: Option<NaiveDate>,
}

/// Correct a closed period: its numbers are counted again and stored as a further version that names every line in which it
/// differs. The versions before stay as they are. Refused with `period-unchanged` when there is no difference.
#[utoipa::path(post, path = "/reporting/v1/periods/{period_id}/versions", tag = "periods", operation_id = "correct_period",
    params(("period_id" = PeriodId, Path)), request_body = CorrectPeriod,
    responses((status = 201, body = PeriodDetail), ProblemResponses), security(("bearer" = ["period.close"])))]
#[post("/periods/{period_id}/versions")]
pub async fn correct_period(
    state: Data<Reporting>,
    call: Call<PeriodClose, CorrectPeriod>,
    period_id: Path<PeriodId>,
) -> Result<Reply, Problem> {
    let (scope, reason) = (call.scope(), call.body.reason.trim());
    if reason.is_empty() {
        return Err(Problem::new(&common::TEXT_REQUIRED).at("/reason"));
    }
    if reason.chars().count() > state.policy.limits().note_max {
        return Err(Problem::new(&common::TEXT_TOO_LONG).at("/reason"));
    }
    let work = async |tx: &mut Tx| {
        snapshots::steady(tx).await?;
        let mut period = periods::load(tx.conn(), *period_id, &scope).await?;
        call.check_version(period.version)?;
        let mut versions = periods::versions(tx.conn(), period.id).await?;
        let Some(last) = versions.last() else {
            return Err(Problem::unexpected("a closed period without a version"));
        };
        let today = day_of(tx.now());
        let asked = call.body.counted_to;
        let counted_to = span::counted_to(period.span(), asked, last.counted_to, today)?;
        let key = (period.id, period.version);
        let before = periods::lines(tx.conn(), key, None, i64::MAX).await?;
        period.version += 1;
        period.updated_at = tx.now();
        let counted =
            closing::count(tx, &period, counted_to, Some(reason.to_owned()), &before).await?;
        if counted.equals(last) {
            return Err(Problem::new(&PERIOD_UNCHANGED));
        }
        periods::update(tx, &period).await?;
        versions.push(closing::store(tx, &period, counted)?);
        let (version, location) = (
            period.version,
            format!("/reporting/v1/periods/{}", period.id),
        );
        Ok(Reply::created(location, PeriodDetail::of(period, versions)?).version(version))
    };
    state.db.command(&call, "correct_period", work).await
}
