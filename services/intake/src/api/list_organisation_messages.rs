//! Messages to organisations.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{AppointmentId, CaseId, OrganisationId, OrganisationMessageId},
    roles::permission::OrganisationMessageRead,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    Intake,
    store::organisation_messages::{self, OrganisationMessage},
};

/// Which messages are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrganisationMessageFilter {
    /// To this organisation.
    #[param(value_type = Option<String>)]
    pub organisation: Option<OrganisationId>,
    /// Read already, or not.
    pub read: Option<bool>,
}

/// A message to an organisation. It names nobody.
#[derive(Serialize, ToSchema)]
pub struct OrganisationMessageView {
    /// The message.
    pub id: OrganisationMessageId,
    /// Whom it tells.
    pub organisation_id: OrganisationId,
    /// The case it tells of, if it is one.
    pub case_id: Option<CaseId>,
    /// The appointment it tells of, if it is one.
    pub appointment_id: Option<AppointmentId>,
    /// Code of its template.
    pub template: String,
    /// What it says, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When somebody of the organisation read it first.
    pub read_at: Option<DateTime<Utc>>,
}

impl From<OrganisationMessage> for OrganisationMessageView {
    fn from(message: OrganisationMessage) -> Self {
        Self {
            id: message.id,
            organisation_id: message.organisation_id,
            case_id: message.case_id,
            appointment_id: message.appointment_id,
            template: message.template,
            zh: message.text_zh,
            en: message.text_en,
            created_at: message.created_at,
            read_at: message.read_at,
        }
    }
}

/// Messages to organisations 单位通知, the newest first: what they were given to do, by whom they were urged or supervised, who wants
/// to meet them. Who works for an organisation sees its own.
#[utoipa::path(
    tag = "notifications",
    params(OrganisationMessageFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<OrganisationMessageView>), ProblemResponses),
    security(("bearer" = ["organisation_message.read"]))
)]
#[get("/organisation-messages")]
pub async fn list_organisation_messages(
    state: Data<Intake>,
    permit: Permit<OrganisationMessageRead>,
    query: PageQuery<OrganisationMessageFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let mut conn = state.db.read().await?;
    let rows = organisation_messages::list(&mut conn, &permit.scope(), &filter, &page).await?;
    let page = PageOf::of(
        &page,
        rows,
        |message| (message.created_at, message.id),
        OrganisationMessageView::from,
    )?;
    Ok(Reply::ok(page))
}
