//! `POST /reporting/v1/periods`.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    problems::reporting::PERIOD_INVALID, region::RegionCode, roles::permission::PeriodClose,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{area, period_views::PeriodDetail};
use crate::{
    Reporting, closing,
    domain::{
        period::day_of,
        span::{self, Span},
    },
    store::{
        periods::{self, ClosedPeriod},
        snapshots,
    },
};

/// Which period is closed: a code, or its first and last day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// A year `2026`, half `2026-H1`, quarter `2026-Q3` or month `2026-09`.
    pub period: Option<String>,
    /// First day, Asia/Shanghai.
    pub begins: Option<NaiveDate>,
    /// Last day, Asia/Shanghai, included.
    pub ends: Option<NaiveDate>,
    /// The last day whose events are counted: what settled a case later does not count. Yesterday when not given.
    pub counted_to: Option<NaiveDate>,
}

impl ClosePeriod {
    fn span(&self) -> Result<Span, Problem> {
        match (self.period.as_deref(), self.begins, self.ends) {
            (Some(code), None, None) => Span::of_code(code),
            (None, Some(begins), Some(ends)) => Span::new(begins, ends),
            _ => Err(Problem::new(&PERIOD_INVALID).at("/period").detail(
                "请写明期间代码,或写明起止日期",
                "Name a code, or a first and a last day",
            )),
        }
    }
}

/// Close a period that has ended 结账: its numbers by node, type and outcome are stored as version 1 with a digest, and made
/// known to the level above. They do not change; a correction is a further version. Refused with `period-open` before the
/// period has ended and `period-closed` when it is closed already.
#[utoipa::path(post, path = "/reporting/v1/periods", tag = "periods", operation_id = "close_period",
    request_body = ClosePeriod, responses((status = 201, body = PeriodDetail), ProblemResponses),
    security(("bearer" = ["period.close"])))]
#[post("/periods")]
pub async fn close_period(
    state: Data<Reporting>,
    call: Call<PeriodClose, ClosePeriod>,
) -> Result<Reply, Problem> {
    let node: RegionCode = *state.db.node();
    area::whole(node, &call.scope())?;
    let span = call.body.span()?;
    let work = async |tx: &mut Tx| {
        snapshots::steady(tx).await?;
        let now = tx.now();
        let today = day_of(now);
        let yesterday = today.pred_opt().unwrap_or(today);
        let counted_to = span::counted_to(span, call.body.counted_to, yesterday, today)?;
        let period = ClosedPeriod {
            id: tx.new_id(),
            code: span.to_string(),
            region: node,
            begins: span.begins,
            ends: span.ends,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        periods::insert(tx, &period).await?;
        let counted = closing::count(tx, &period, counted_to, None, &[]).await?;
        let version = closing::store(tx, &period, counted)?;
        let location = format!("/reporting/v1/periods/{}", period.id);
        let detail = PeriodDetail::of(period, vec![version])?;
        Ok(Reply::created(location, detail).version(1))
    };
    state.db.command(&call, "close_period", work).await
}
