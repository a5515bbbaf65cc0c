//! Registering a matter.

use actix_web::post;
use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use contracts::{
    events::intake::{MatterClass, PartyKind, PartyRef, PartySide},
    identifiers::DocumentKind,
    region::RegionCode,
    roles::permission::MatterRegister,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::MatterView;
use crate::{
    ACCEPT_CLOCK, Intake, PETITION_ACCEPT_CLOCK,
    domain::{matter::Matter, registration::Desk},
    store::{cases, matters, matters::Origin, parties},
};

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
#[derive(Deserialize, ToSchema)]
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
    /// Whether it speaks for the other applicants of a collective matter 代表人; at most five may (信访工作条例 20).
    #[serde(default)]
    pub representative: bool,
    /// The account that speaks for it. A person who registers online speaks for the first applicant without naming it.
    pub account_subject: Option<String>,
}

/// A document that names a person or organisation.
#[derive(Deserialize, ToSchema)]
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
    let (scope, policy) = (call.scope(), &*state.policy);
    let work = state.db.command(&call, "register_matter", async |tx| {
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy,
            now: tx.now(),
        };
        let (matter, parties) = register(tx, &desk, &call.body).await?;
        let (place, version) = (format!("/intake/v1/matters/{}", matter.id), matter.version);
        Ok(Reply::created(place, MatterView::of(matter, parties)).version(version))
    });
    work.await
}

/// Registers a matter in a case of its own.
///
/// # Errors
/// The first rule that is broken; then nothing is stored.
pub async fn register(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sent: &RegisterMatter,
) -> Result<(Matter, Vec<PartyRef>), Problem> {
    let (matter, checked) = desk.register(tx.new_id(), tx.new_id(), sent)?;
    let (case, at) = (matter.case_id, matter.created_at);
    let holder = Holder::new(case, matter.region);
    let clock = NewClock::of(
        desk.policy,
        ACCEPT_CLOCK,
        None,
        matter.id,
        holder.clone(),
        at,
    )?;
    cases::open(tx, &matter).await?;
    let origin = Origin {
        narrative: &sent.narrative,
        notice_version: sent.notice_version.trim(),
        policy_version: desk.policy.version(),
        registered_by: &desk.principal.subject,
    };
    matters::insert(tx, &matter, &origin).await?;
    let parties = parties::insert(tx, &matter, &checked).await?;
    tx.start_clock(&clock);
    if matter.class == MatterClass::Petition {
        let clock = NewClock::of(
            desk.policy,
            PETITION_ACCEPT_CLOCK,
            None,
            matter.id,
            holder,
            at,
        )?;
        tx.start_clock(&clock);
    }
    tx.publish(case, &matter.registered(parties.clone()))?;
    Ok((matter, parties))
}
