//! `GET /reporting/v1/cases/{case_id}/timeline`.

use actix_web::get;
use chassis::http::{
    Data, Page, PageOf, PageParams, Path, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, EventId},
    roles::permission::LedgerRead,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Reporting,
    domain::{facts, names},
    store::{
        events::{self, Logged},
        ledger,
    },
};

/// Something that happened in a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEvent {
    /// The event.
    pub event_id: EventId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The service where it happened.
    pub service: String,
    /// What happened: `<object>.<fact>`.
    pub fact: String,
    /// What happened, in Chinese; null for a kind of event this release does not know.
    pub zh: Option<&'static str>,
    /// What happened, in English; null for a kind of event this release does not know.
    pub en: Option<&'static str>,
}

impl From<Logged> for TimelineEvent {
    fn from(logged: Logged) -> Self {
        let (service, fact) = facts::parts(&logged.event_type).unwrap_or(("", &logged.event_type));
        let (zh, en) = names::fact(fact).unzip();
        Self {
            event_id: logged.event_id,
            at: logged.occurred_at,
            service: service.to_owned(),
            fact: fact.to_owned(),
            zh,
            en,
        }
    }
}

/// Read what happened in a case, in all services, in order.
#[utoipa::path(get, path = "/reporting/v1/cases/{case_id}/timeline", tag = "ledger", operation_id = "get_timeline",
    params(("case_id" = CaseId, Path), PageParams),
    responses((status = 200, body = PageOf<TimelineEvent>), ProblemResponses),
    security(("bearer" = ["ledger.read"])))]
#[get("/cases/{case_id}/timeline")]
pub async fn get_timeline(
    state: Data<Reporting>,
    permit: Permit<LedgerRead>,
    case_id: Path<CaseId>,
    page: Page,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    // Whether the caller may see the case at all.
    ledger::load(&mut conn, *case_id, &permit.scope()).await?;
    let rows = events::timeline(&mut conn, *case_id, page.after()?, page.fetch()).await?;
    let key = |row: &Logged| (row.occurred_at, row.event_id);
    Ok(Reply::ok(PageOf::of(
        &page,
        rows,
        key,
        TimelineEvent::from,
    )?))
}
