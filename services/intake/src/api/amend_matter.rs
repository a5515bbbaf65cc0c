//! Putting right what is said of a matter.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{
    events::intake::{MatterClass, PartyKind, PartySide},
    ids::{MatterId, PartyId},
    problems::common,
    roles::permission::CorrectionSupply,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    register_matter::{Identifier, NewParty},
    views::MatterView,
};
use crate::{
    Intake, amending,
    domain::registration::{Desk, text},
    store::{matters, parties},
};

/// What is put right of a matter; what is not given stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Dispute, petition or complaint (IN-02). Only staff change it.
    pub class: Option<MatterClass>,
    /// The dispute type.
    pub type_hint: Option<String>,
    /// What the person said.
    pub narrative: Option<String>,
    /// Amount in dispute, fen.
    #[schema(minimum = 0)]
    pub amount_fen: Option<i64>,
    /// How many people are involved; never less than the parties.
    pub persons_involved: Option<u32>,
    /// Everybody who takes part, in their order. Who is not named here any more takes no part.
    pub parties: Option<Vec<ChangedParty>>,
}

/// A party as it is from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedParty {
    /// The party that is put right; without it, it is a new one.
    pub id: Option<PartyId>,
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
    /// Whether it speaks for the other applicants of a collective matter.
    #[serde(default)]
    pub representative: bool,
    /// The account that speaks for it, named by staff; the one it has stays when none is named.
    pub account_subject: Option<String>,
}

impl ChangedParty {
    /// The party as a registration has it.
    pub fn sent(&self) -> NewParty {
        NewParty {
            side: self.side,
            kind: self.kind,
            name: self.name.clone(),
            identifier: self.identifier.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            representative: self.representative,
            account_subject: self.account_subject.clone(),
        }
    }
}

/// What is put right, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendMatter {
    /// Why.
    pub reason: String,
    /// What.
    pub changes: Changes,
}

/// Put right what is said of a registered matter 更正 (个人信息保护法 46; IN-02): its fields and who takes part, by the rules of a
/// registration. Once it is decided upon it stays.
#[utoipa::path(
    tag = "matters",
    params(("id" = MatterId, Path, description = "The matter")),
    request_body = AmendMatter,
    responses((status = 200, description = "The matter", body = MatterView), ProblemResponses),
    security(("bearer" = ["correction.supply"]))
)]
#[post("/matters/{id}/amend")]
pub async fn amend_matter(
    state: Data<Intake>,
    call: Call<CorrectionSupply, AmendMatter>,
    id: Path<MatterId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "amend_matter", async |tx| {
        let mut matter = matters::load(tx.conn(), id, &scope).await?;
        call.check_version(matter.version)?;
        let AmendMatter { reason, changes } = &call.body;
        text("/reason", reason, state.policy.limits().note_max)?;
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy: &state.policy,
            now: tx.now(),
        };
        matter.amend(tx.now())?;
        let fields = amending::apply(tx, &desk, &mut matter, changes, reason).await?;
        if fields.is_empty() {
            return Err(Problem::new(&common::INVALID_BODY)
                .at("/changes")
                .detail("没有更正内容", "It changes nothing"));
        }
        matters::update(tx, &matter).await?;
        tx.publish(matter.case_id, &matter.corrected(fields, tx.now()))?;
        let parties = parties::refs_of(tx.conn(), id).await?;
        let version = matter.version;
        Ok(Reply::ok(MatterView::of(matter, parties)).version(version))
    });
    work.await
}
