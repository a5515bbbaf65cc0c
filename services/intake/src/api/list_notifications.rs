//! Messages to the people of a case.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::NotificationChannel,
    ids::{CaseId, NotificationId, PartyId},
    roles::permission::NotificationRead,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Intake,
    domain::notification::NotificationState,
    store::notifications::{self, Notification},
};

/// Which messages are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NotificationFilter {
    /// Of this case.
    #[param(value_type = Option<String>)]
    pub case_id: Option<CaseId>,
    /// Of which this became.
    pub state: Option<NotificationState>,
    /// That go this way.
    pub channel: Option<NotificationChannel>,
    /// Read already, or not.
    pub read: Option<bool>,
}

/// A message. It names nobody.
#[derive(Serialize, ToSchema)]
pub struct NotificationView {
    /// The message.
    pub id: NotificationId,
    /// The case it tells of.
    pub case_id: CaseId,
    /// The party it tells.
    pub party_id: PartyId,
    /// Code of its template.
    pub template: String,
    /// How it goes.
    pub channel: NotificationChannel,
    /// What it says, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// What became of it.
    pub state: NotificationState,
    /// How often a gateway was asked.
    pub attempts: i32,
    /// When it is sent next.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// What the gateway said the last time: a status code, or the kind of fault.
    pub last_failure: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a gateway took it, or it was kept here.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When the gateway said that it arrived.
    pub received_at: Option<DateTime<Utc>>,
    /// When its person read it first.
    pub read_at: Option<DateTime<Utc>>,
}

impl NotificationView {
    /// The view of a message.
    pub fn of(message: Notification) -> Self {
        Self {
            id: message.id,
            case_id: message.case_id,
            party_id: message.party_id,
            template: message.template,
            channel: message.channel,
            zh: message.text_zh,
            en: message.text_en,
            state: message.state,
            attempts: message.attempts,
            next_attempt_at: message.next_attempt_at,
            last_failure: message.last_failure,
            created_at: message.created_at,
            delivered_at: message.delivered_at,
            received_at: message.received_at,
            read_at: message.read_at,
        }
    }
}

/// Messages about cases 通知, the newest first: an applicant's own; staff see those of the cases they may see.
#[utoipa::path(
    tag = "notifications",
    params(NotificationFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<NotificationView>), ProblemResponses),
    security(("bearer" = ["notification.read"]))
)]
#[get("/notifications")]
pub async fn list_notifications(
    state: Data<Intake>,
    permit: Permit<NotificationRead>,
    query: PageQuery<NotificationFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = notifications::list(&mut conn, &permit.scope(), &filter, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |message| (message.created_at, message.id),
        NotificationView::of,
    )?;
    Ok(Reply::ok(page))
}
