//! A hidden risk becomes a matter.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::MatterClass, ids::ScreeningId, roles::permission::ScreeningRecord,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    register_matter::{NewParty, RegisterMatter},
    views::MatterView,
};
use crate::{Intake, WRITE_OFF_CLOCK, domain::registration::Desk, registering, store::screenings};

/// What a matter needs beyond what was found. Source and channel are those of screening.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterScreening {
    /// Dispute, petition or complaint (IN-02).
    pub class: MatterClass,
    /// The dispute type, if it is known.
    pub type_hint: Option<String>,
    /// What the person said; what was found when not given.
    pub narrative: Option<String>,
    /// Amount in dispute, fen.
    #[schema(minimum = 0)]
    pub amount_fen: Option<i64>,
    /// How many people are involved; the number of parties when not given, and never less.
    pub persons_involved: Option<u32>,
    /// Version of the personal-information notice the person was given (个人信息保护法 17).
    pub notice_version: String,
    /// Who takes part; at least one applicant.
    pub parties: Vec<NewParty>,
}

/// Register a hidden risk as a matter (IN-15): from here on it goes as every other one.
#[utoipa::path(
    tag = "screenings",
    params(("id" = ScreeningId, Path, description = "The risk")),
    request_body = RegisterScreening,
    responses((status = 201, description = "Registered", body = MatterView), ProblemResponses),
    security(("bearer" = ["screening.record"]))
)]
#[post("/screenings/{id}/register")]
pub async fn register_screening(
    state: Data<Intake>,
    call: Call<ScreeningRecord, RegisterScreening>,
    id: Path<ScreeningId>,
) -> Result<Reply, Problem> {
    let (id, scope, policy) = (id.into_inner(), call.scope(), &*state.policy);
    let work = state.db.command(&call, "register_screening", async |tx| {
        let mut screening = screenings::load(tx.conn(), id, &scope).await?;
        call.check_version(screening.version)?;
        let now = tx.now();
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy,
            now,
        };
        let (body, ways) = (&call.body, &policy.intake().screening);
        let sent = RegisterMatter {
            region: screening.region,
            class: body.class,
            source: ways.source.clone(),
            channel: ways.channel.clone(),
            place_code: None,
            type_hint: body.type_hint.clone(),
            narrative: match &body.narrative {
                Some(narrative) => narrative.clone(),
                None => screening.description.clone(),
            },
            amount_fen: body.amount_fen,
            persons_involved: body.persons_involved,
            notice_version: body.notice_version.clone(),
            parties: body.parties.clone(),
        };
        // Before anything is stored: a risk that is decided upon registers nothing.
        let matter_id = tx.new_id();
        screening.register(matter_id, &call.principal.subject, now)?;
        let case_id = screening.case_id;
        let (matter, parties) =
            registering::register_as(tx, &desk, matter_id, case_id, &sent).await?;
        screenings::update(tx, &screening).await?;
        tx.stop_clock(WRITE_OFF_CLOCK, id);
        let (place, version) = (format!("/intake/v1/matters/{matter_id}"), matter.version);
        Ok(Reply::created(place, MatterView::of(matter, parties)).version(version))
    });
    work.await
}
