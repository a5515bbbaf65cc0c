//! Recording a hidden risk.

use actix_web::post;
use chassis::{
    clocks::{Holder, NewClock},
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use contracts::{
    events::intake::ScreeningKind, region::RegionCode, roles::permission::ScreeningRecord,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::screening_view::ScreeningView;
use crate::{
    Intake, WRITE_OFF_CLOCK,
    domain::{
        registration::{Desk, text},
        screening::{Screening, ScreeningState},
    },
    store::screenings,
};

/// A hidden risk that was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordScreening {
    /// Where it is: a region of this node, in the caller's area.
    pub region: RegionCode,
    /// The place, as people there call it.
    pub place: String,
    /// Routine or targeted 常态化、专项.
    pub kind: ScreeningKind,
    /// Code of the key area, field, industry or group of persons.
    #[schema(examples("wage_arrears"))]
    pub category: String,
    /// Code of how grave it is.
    #[schema(examples("general"))]
    pub severity: String,
    /// What was found; without anybody's identity.
    pub description: String,
}

/// Record a hidden risk 苗头隐患 found by screening (IN-14, IN-15). It starts the clock for settling it.
#[utoipa::path(
    tag = "screenings",
    request_body = RecordScreening,
    responses((status = 201, description = "Recorded", body = ScreeningView), ProblemResponses),
    security(("bearer" = ["screening.record"]))
)]
#[post("/screenings")]
pub async fn record_screening(
    state: Data<Intake>,
    call: Call<ScreeningRecord, RecordScreening>,
) -> Result<Reply, Problem> {
    let (scope, policy) = (call.scope(), &*state.policy);
    let work = state.db.command(&call, "record_screening", async |tx| {
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy,
            now: tx.now(),
        };
        let sent = &call.body;
        desk.check_place(sent.region)?;
        text("/place", &sent.place, policy.limits().address_max)?;
        let max = policy.limits().narrative_max;
        text("/description", &sent.description, max)?;
        let screening = Screening {
            id: tx.new_id(),
            case_id: tx.new_id(),
            version: 1,
            region: sent.region,
            place: sent.place.trim().to_owned(),
            kind: sent.kind,
            category: sent.category.clone(),
            severity: sent.severity.clone(),
            description: sent.description.clone(),
            state: ScreeningState::Open,
            organisation_id: call.principal.organisation,
            recorded_by: call.principal.subject.clone(),
            matter_id: None,
            reason: None,
            evidence: None,
            decided_by: None,
            decided_at: None,
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        screening.check(&policy.intake().screening)?;
        let clock = NewClock::of(
            policy,
            WRITE_OFF_CLOCK,
            None,
            screening.id,
            Holder::new(screening.case_id, screening.region)
                .organisation(screening.organisation_id)
                .assignee(screening.recorded_by.clone()),
            screening.created_at,
        )?;
        screenings::insert(tx, &screening).await?;
        tx.start_clock(&clock);
        tx.publish(screening.case_id, &screening.recorded())?;
        let place = format!("/intake/v1/screenings/{}", screening.id);
        Ok(Reply::created(place, ScreeningView::of(screening)).version(1))
    });
    work.await
}
