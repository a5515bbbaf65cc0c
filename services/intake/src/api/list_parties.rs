//! The parties of a matter.

use actix_web::get;
use chassis::http::{Data, PageOf, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::{PartyKind, PartySide},
    identifiers::DocumentKind,
    ids::{MatterId, PartyId},
    roles::permission::PartyRead,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Intake,
    domain::party::mask_phone,
    store::{matters, parties, parties::Party},
};

/// A party as others may see it.
#[derive(Serialize, ToSchema)]
pub struct PartyView {
    /// The party.
    pub id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// Kind of its document.
    pub identifier_kind: Option<DocumentKind>,
    /// Its number, masked: `620***********1234`.
    pub identifier_masked: Option<String>,
    /// Its telephone number, masked: `138****5678`.
    pub phone_masked: Option<String>,
    /// Its address; an applicant sees only their own.
    pub address: Option<String>,
    /// Whether an account speaks for it.
    pub has_account: bool,
    /// Whether it speaks for the other applicants of a collective matter.
    pub representative: bool,
}

impl PartyView {
    fn of(party: Party, applicant: Option<&str>) -> Self {
        let own = party.account_subject.as_deref() == applicant;
        Self {
            id: party.id,
            side: party.side,
            kind: party.kind,
            name: party.name,
            identifier_kind: party.identifier_kind,
            identifier_masked: party.identifier_masked,
            phone_masked: party.phone.as_deref().map(mask_phone),
            address: party.address.filter(|_| applicant.is_none() || own),
            has_account: party.account_subject.is_some(),
            representative: party.representative,
        }
    }
}

/// The parties of a matter in the order they were named, all on one page. Numbers are masked.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    responses((status = 200, description = "The parties", body = PageOf<PartyView>), ProblemResponses),
    security(("bearer" = ["party.read"]))
)]
#[get("/matters/{id}/parties")]
pub async fn list_parties(
    state: Data<Intake>,
    permit: Permit<PartyRead>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let mut conn = state.db.read().await?;
    let matter = matters::load(&mut conn, *id, &scope).await?;
    let parties = parties::list(&mut conn, matter.id).await?;
    let applicant = scope.applicant.as_deref();
    let items = parties
        .into_iter()
        .map(|party| PartyView::of(party, applicant))
        .collect();
    Ok(Reply::ok(PageOf::<PartyView> {
        items,
        next_cursor: None,
    }))
}
