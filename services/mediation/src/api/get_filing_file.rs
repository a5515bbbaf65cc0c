//! What is handed over to a court.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{PartyKind, PartySide},
    ids::{CaseId, OrganisationId, PartyId, ProceedingId},
    problems::common,
    region::RegionCode,
    roles::permission::ProceedingRead,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::FactsView;
use crate::{
    Mediation,
    domain::other_way::EvidenceRef,
    store::{agreements, proceedings, records},
};

/// A party of the file: who it is stands in intake's register of the case.
#[derive(Serialize, ToSchema)]
pub struct FilingParty {
    /// The party.
    pub party_id: PartyId,
    /// Its side.
    pub side: PartySide,
    /// Natural or legal person.
    pub kind: PartyKind,
}

/// What is handed over 网上转立: who, what is undisputed, what proves the rest. Nothing of what was said or offered in
/// mediation (人民法院在线调解规则 18).
#[derive(Serialize, ToSchema)]
pub struct FilingFile {
    /// The proceeding.
    pub proceeding_id: ProceedingId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// The mediation organisation.
    pub organisation_id: OrganisationId,
    /// Dispute type code.
    pub type_code: String,
    /// The parties.
    pub parties: Vec<FilingParty>,
    /// What a partial agreement 部分协议 left open; null when nothing was settled.
    pub open_issues: Option<String>,
    /// The facts nobody disputes; null unless every party signed them.
    pub undisputed_facts: Option<FactsView>,
    /// The evidence, by reference.
    pub evidence: Vec<EvidenceRef>,
    /// End code of the mediation.
    pub end_code: String,
    /// When mediation ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The warning of the time that runs, in Chinese.
    pub warning_zh: Option<String>,
    /// The warning of the time that runs, in English.
    pub warning_en: Option<String>,
}

/// The file for a suit after mediation settled nothing, or after the rest of a partial agreement went another way 网上转立
/// (transition 20); `not-found` while mediation goes on.
#[utoipa::path(
    tag = "proceedings",
    params(("id" = ProceedingId, Path, description = "The proceeding")),
    responses((status = 200, description = "The file", body = FilingFile), ProblemResponses),
    security(("bearer" = ["proceeding.read"]))
)]
#[get("/proceedings/{id}/filing-file")]
pub async fn get_filing_file(
    state: Data<Mediation>,
    permit: Permit<ProceedingRead>,
    id: Path<ProceedingId>,
) -> Result<Reply, Problem> {
    let scope = permit.scope();
    let proceeding = proceedings::read(&mut *state.db.read().await?, *id, &scope).await?;
    state.bus.own_party(&scope, proceeding.case_id).await?;
    let facts = records::facts(&mut *state.db.read().await?, *id).await?;
    let ending = proceeding.ending.as_ref().map(|ending| &ending.0);
    let ending = ending
        .filter(|_| proceeding.settled_nothing() || proceeding.course.transfer.is_some())
        .ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
    let transfer = proceeding.course.transfer.as_ref();
    let agreement = match proceeding.agreement_id {
        Some(id) if !proceeding.settled_nothing() => {
            Some(agreements::read(&mut *state.db.read().await?, id, &scope).await?)
        }
        _ => None,
    };
    let parties = proceeding.parties.iter();
    let file = FilingFile {
        proceeding_id: proceeding.id,
        case_id: proceeding.case_id,
        region: proceeding.region,
        organisation_id: proceeding.organisation_id,
        type_code: proceeding.type_code.clone(),
        parties: parties
            .map(|party| FilingParty {
                party_id: party.party_id,
                side: party.side,
                kind: party.kind,
            })
            .collect(),
        open_issues: agreement.and_then(|agreement| agreement.open_issues),
        undisputed_facts: facts
            .filter(|facts| facts.agreed_at.is_some())
            .map(FactsView::from),
        evidence: transfer.map_or_else(Vec::new, |transfer| transfer.evidence.clone()),
        end_code: ending.end_code.clone(),
        ended_at: proceeding.ended_at,
        warning_zh: transfer.and_then(|transfer| transfer.warning_zh.clone()),
        warning_en: transfer.and_then(|transfer| transfer.warning_en.clone()),
    };
    Ok(Reply::ok(file).version(proceeding.version))
}
