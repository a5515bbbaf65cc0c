//! Registering a matter.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::{MatterClass, PartyKind, PartySide},
    identifiers::DocumentKind,
    region::RegionCode,
    roles::permission::MatterRegister,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::MatterView;
use crate::{Intake, domain::registration::Desk, registering};

/// A matter to be registered. Lengths and lists are those of the policy pack.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterMatter {
    /// Where it happened: a region of this node, in the caller's area.
    pub region: RegionCode,
    /// Dispute, petition or complaint (IN-02).
    pub class: MatterClass,
    /// Where it came from: a source code (IN-04).
    #[schema(examples("public"))]
    pub source: String,
    /// How it reached the centre: a channel code (IN-08).
    #[schema(examples("hall"))]
    pub channel: String,
    /// The code of the place where the dispute code 解纷码 hung, on the channel that has one (IN-11).
    pub place_code: Option<String>,
    /// The dispute type the person or clerk named, if any.
    pub type_hint: Option<String>,
    /// What the person said.
    pub narrative: String,
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

/// A party.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewParty {
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
    /// Full name.
    pub name: String,
    /// Its document.
    pub identifier: Option<Identifier>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Whether it speaks for the other applicants of a collective matter 代表人, and is told what all of them are told; at most five may (信访工作条例 20).
    #[serde(default)]
    pub representative: bool,
    /// The account that speaks for it. A person who registers online speaks for the first applicant without naming it.
    pub account_subject: Option<String>,
}

/// A document that names a person or organisation.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// Its kind.
    pub kind: DocumentKind,
    /// Its number, checked by the rules of the kind.
    pub number: String,
}

/// Register a matter 登记 (transition 1; IN-01, IN-03). It opens a case and starts the clock for the window's decision.
#[utoipa::path(
    tag = "matters",
    request_body = RegisterMatter,
    responses((status = 201, description = "Registered", body = MatterView), ProblemResponses),
    security(("bearer" = ["matter.register"]))
)]
#[post("/matters")]
pub async fn register_matter(
    state: Data<Intake>,
    call: Call<MatterRegister, RegisterMatter>,
) -> Result<Reply, Problem> {
    let scope = call.scope();
    let work = state.db.command(&call, "register_matter", async |tx| {
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy: &state.policy,
            now: tx.now(),
        };
        let case_id = tx.new_id();
        let (matter, parties) = registering::register(tx, &desk, case_id, &call.body).await?;
        let (place, version) = (format!("/intake/v1/matters/{}", matter.id), matter.version);
        Ok(Reply::created(place, MatterView::of(matter, parties)).version(version))
    });
    work.await
}
