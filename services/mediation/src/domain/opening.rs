//! Opening a proceeding for an order (transition 10).

use chrono::{DateTime, Utc};
use contracts::{
    events::{intake::PartyRef, mediation::MediationOpened, triage::Track},
    ids::{CaseId, DispatchOrderId, OrganisationId, ProceedingId},
    problems::mediation as codes,
    region::RegionCode,
};
use policy::PolicyPack;

use super::{
    Fact, Refusal,
    course::Course,
    proceeding::{Proceeding, ProceedingParty, ProceedingState},
    step,
};
use crate::json::Json;

/// An order that was signed for, with the parties of its case.
#[derive(Debug, Clone)]
pub struct SignedOrder {
    /// The order.
    pub id: DispatchOrderId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The organisation that signed.
    pub organisation_id: OrganisationId,
    /// Route code.
    pub route: String,
    /// Dispute type code.
    pub type_code: String,
    /// Track; none for one of an earlier release.
    pub track: Option<Track>,
    /// The parties of the case.
    pub parties: Vec<PartyRef>,
}

impl Proceeding {
    /// Opens a proceeding for an order: the parties are asked (transition 10).
    ///
    /// # Errors
    /// `route-not-mediated`; `unknown-order` when the parties of the case are not known.
    pub fn open(
        order: SignedOrder,
        policy: &PolicyPack,
        id: ProceedingId,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        let state = step::<Self>(None, "open_proceeding", ProceedingState::ConsentPending)?;
        let SignedOrder {
            id: order_id,
            case_id,
            region,
            organisation_id,
            route,
            type_code,
            track,
            parties,
        } = order;
        if !policy
            .routes()
            .get(&route)
            .is_some_and(|route| route.mediated)
        {
            return Err(Refusal::new(&codes::ROUTE_NOT_MEDIATED).at("/order_id"));
        }
        if parties.is_empty() {
            return Err(Refusal::new(&codes::UNKNOWN_ORDER).at("/order_id"));
        }
        let unasked = |PartyRef {
                           party_id,
                           side,
                           kind,
                       }| ProceedingParty {
            party_id,
            side,
            kind,
            answer: None,
        };
        let proceeding = Self {
            id,
            order_id,
            case_id,
            region,
            organisation_id,
            route,
            type_code,
            state,
            parties: Json(parties.into_iter().map(unasked).collect()),
            mediator_ids: Vec::new(),
            disclosures: Json(Vec::new()),
            sessions: 0,
            agreement_id: None,
            started_at: None,
            due_at: None,
            ending: None,
            ended_at: None,
            course: Json(Course {
                track,
                ..Course::default()
            }),
            released: false,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        let opened = MediationOpened {
            proceeding_id: id,
            case_id,
            region,
            order_id,
            organisation_id,
            opened_at: now,
        };
        Ok((proceeding, vec![opened.into()]))
    }
}
