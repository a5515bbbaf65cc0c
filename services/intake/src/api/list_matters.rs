//! The list of matters.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use contracts::{
    events::intake::MatterClass, problems::common, region::RegionCode,
    roles::permission::MatterRead,
};
use policy::clock::due::beijing_instant;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::views::MatterView;
use crate::{
    Intake,
    domain::matter::MatterState,
    store::{matters, parties},
};

/// Which matters are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatterFilter {
    /// In this state.
    pub state: Option<MatterState>,
    /// In this region or under it.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// Of this class.
    pub class: Option<MatterClass>,
    /// Registered on this day (Beijing) or later.
    pub from: Option<NaiveDate>,
    /// Registered on this day (Beijing) or earlier.
    pub to: Option<NaiveDate>,
}

impl MatterFilter {
    /// The instants between which a matter was registered: not before the first, before the second.
    pub fn period(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let midnight = |day| beijing_instant(day, NaiveTime::MIN);
        let next = self.to.and_then(|day| day.succ_opt());
        (self.from.map(midnight), next.map(midnight))
    }

    fn check(&self) -> Result<(), Problem> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(Problem::new(&common::INVALID_DATE)
                .at("/to")
                .detail("截止日期早于起始日期", "It is before the first day")),
            _ => Ok(()),
        }
    }
}

/// One page of matters.
#[derive(Serialize, ToSchema)]
pub struct MatterPage {
    /// The matters, the newest first.
    #[serde(flatten)]
    pub page: PageOf<MatterView>,
    /// How many there are on all pages together.
    pub total: i64,
}

/// The matters the caller may see, the newest first; an applicant sees their own.
#[utoipa::path(
    tag = "matters",
    params(MatterFilter, PageParams),
    responses((status = 200, description = "One page", body = MatterPage), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/matters")]
pub async fn list_matters(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    query: PageQuery<MatterFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    filter.check()?;
    let mut conn = state.db.read().await?;
    let (rows, total) = matters::list(&mut conn, &permit.scope(), &filter, &page).await?;
    let ids: Vec<_> = rows.iter().map(|matter| matter.id).collect();
    let mut parties = parties::refs(&mut conn, &ids).await?;
    let page = PageOf::of(
        &page,
        rows,
        |matter| (matter.created_at, matter.id),
        |matter| {
            let parties = parties.remove(&matter.id).unwrap_or_default();
            MatterView::of(matter, parties)
        },
    )?;
    Ok(Reply::ok(MatterPage { page, total }))
}
