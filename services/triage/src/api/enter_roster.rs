//! `POST /rosters`.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    events::triage::EntryMode, ids::OrganisationId, problems::triage::UNKNOWN_ORGANISATION,
    roles::permission::RosterManage,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::consultation_views::RosterEntryView;
use crate::{
    Triage,
    domain::{Duty, RosterEntry},
    store,
};

/// Who is on duty for an organisation, from when to when.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterRoster {
    /// The organisation.
    pub organisation: OrganisationId,
    /// How it is present.
    pub mode: EntryMode,
    /// Account of who is on duty.
    pub officer: String,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when, exclusive.
    pub ends_at: DateTime<Utc>,
}

/// Enter who is on duty for a department at the centre 驻班 (TR-16).
///
/// At any time an organisation has one entry at most (`roster-overlap`). A consultation names who is on duty when it is called.
#[utoipa::path(
    tag = "rosters",
    operation_id = "enter_roster",
    request_body = EnterRoster,
    responses((status = 201, description = "The entry", body = RosterEntryView), ProblemResponses),
    security(("bearer" = ["roster.manage"]))
)]
#[post("/rosters")]
pub async fn enter_roster(
    state: Data<Triage>,
    call: Call<RosterManage, EnterRoster>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &state.policy);
    state
        .db
        .command(&call, "enter_roster", async |tx| {
            let EnterRoster {
                organisation,
                mode,
                officer,
                starts_at,
                ends_at,
            } = call.body.clone();
            let found = store::organisations::find(tx.conn(), organisation).await?;
            let organisation = found
                .filter(|known| scope.region.contains(&known.region))
                .ok_or_else(|| Problem::new(&UNKNOWN_ORGANISATION).at("/organisation"))?;
            let id = organisation.id;
            let others = store::rosters::touching(tx.conn(), id, starts_at, ends_at).await?;
            let duty = Duty {
                mode,
                officer,
                starts_at,
                ends_at,
            };
            let (id, now, by) = (tx.new_id(), tx.now(), &call.principal.subject);
            let entry = RosterEntry::enter(id, &organisation, &duty, &others, by, policy, now)?;
            store::rosters::insert(tx.conn(), &entry).await?;
            let location = format!("/triage/v1/rosters?organisation={}", entry.organisation_id);
            Ok(Reply::created(location, RosterEntryView::from(entry)))
        })
        .await
}
