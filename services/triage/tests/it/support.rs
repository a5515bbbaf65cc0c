//! A triage service, and cases brought to a state.

use anyhow::{Context, Result};
use chassis::time::Time;
use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::{
        intake::{MatterAccepted, MatterClass, PartyKind, PartyRef, PartySide},
        mediation::OrganisationRegistered,
    },
    ids::{CaseId, MatterId, OrganisationId, PartyId, TypedId},
    questions::{MatterNarrative, Narrative},
    region::RegionCode,
};
use serde_json::{Value, json};
use testkit::TestService;
use triage::Triage;

/// The service under test.
pub type Triaging = TestService<Triage>;

/// What the people of these tests have to say.
pub const NARRATIVE: &str = "邻居装修漏水,泡坏了我家天花板,姓名王某某,要求赔偿。";
/// Part of [`NARRATIVE`] that is about a person: must be found nowhere.
pub const PERSONAL: &str = "王某某";
/// The county most cases are of.
pub const COUNTY: &str = "620602";
/// Another county of the node.
pub const OTHER_COUNTY: &str = "620621";

/// A running service whose intake answers with [`NARRATIVE`].
pub async fn start() -> Result<Triaging> {
    start_with(NARRATIVE).await
}

/// A running service whose intake answers with this text.
pub async fn start_with(text: &'static str) -> Result<Triaging> {
    let service = Triaging::start().await?;
    answer_narrative(&service, text).await?;
    Ok(service)
}

/// Lets the intake of a service answer with this text.
pub async fn answer_narrative(service: &Triaging, text: &'static str) -> Result<()> {
    let narrative = move |_| Narrative {
        text: text.to_owned(),
    };
    service.answer::<MatterNarrative>(narrative).await
}

/// A new id.
pub fn id<T: TypedId>() -> T {
    Time::system().id()
}

/// The fact that a matter of a region was accepted at `at`.
pub fn accepted(region: &str, at: DateTime<Utc>) -> MatterAccepted {
    let party = |side| PartyRef {
        party_id: id::<PartyId>(),
        side,
        kind: PartyKind::NaturalPerson,
    };
    MatterAccepted {
        matter_id: id::<MatterId>(),
        case_id: id::<CaseId>(),
        region: region.parse().unwrap(),
        acceptance_number: "武调受〔2026〕1号".to_owned(),
        class: MatterClass::Dispute,
        source: "public".to_owned(),
        channel: "window".to_owned(),
        type_hint: Some("neighbour".to_owned()),
        parties: vec![party(PartySide::Applicant), party(PartySide::Respondent)],
        persons_involved: 2,
        amount_fen: Some(500_000),
        organisation_id: None,
        registered_at: at,
        accepted_at: at,
    }
}

/// A case of [`COUNTY`] that waits for its decision.
pub async fn case(service: &Triaging) -> Result<CaseId> {
    case_in(service, COUNTY).await
}

/// A case of a region that waits for its decision.
pub async fn case_in(service: &Triaging, region: &str) -> Result<CaseId> {
    let event = accepted(region, service.time.now());
    service
        .publish(Service::Intake, event.case_id, &event)
        .await?;
    service.settle().await?;
    Ok(event.case_id)
}

/// The case as a triage officer of the whole node sees it.
pub async fn view(service: &Triaging, case_id: CaseId) -> Result<Value> {
    let officer = service.role("triage_officer");
    let path = format!("/triage/v1/cases/{case_id}");
    service.get(&path, &officer).await?.expect(200)
}

/// A decision that is equal to the proposal of a case, by the route of people's mediation.
pub async fn choice(service: &Triaging, case_id: CaseId) -> Result<Value> {
    let view = view(service, case_id).await?;
    let proposal = &view["proposal"];
    Ok(json!({
        "type_code": proposal["type_code"],
        "route": "peoples_mediation",
        "track": proposal["track"],
        "colour": proposal["colour"],
        "reason": "经询问双方当事人",
    }))
}

/// A case that was decided.
pub async fn decided_case(service: &Triaging) -> Result<CaseId> {
    decided_case_in(service, COUNTY).await
}

/// A case of a region that was decided.
pub async fn decided_case_in(service: &Triaging, region: &str) -> Result<CaseId> {
    let case_id = case_in(service, region).await?;
    let path = format!("/triage/v1/cases/{case_id}/decide");
    let body = choice(service, case_id).await?;
    let officer = service.role("triage_officer");
    service.post(&path, &officer, body).await?.expect(200)?;
    Ok(case_id)
}

/// A registered organisation of a region that handles people's mediation.
pub async fn organisation(service: &Triaging, region: &str) -> Result<OrganisationId> {
    organisation_for(service, region, "peoples_mediation").await
}

/// A registered organisation of a region that handles one route.
pub async fn organisation_for(
    service: &Triaging,
    region: &str,
    route: &str,
) -> Result<OrganisationId> {
    let event = OrganisationRegistered {
        organisation_id: id(),
        region: region.parse::<RegionCode>()?,
        kind: "township_pmc".to_owned(),
        name: "凉州区某人民调解委员会".to_owned(),
        routes: vec![route.to_owned()],
    };
    service
        .publish(Service::Mediation, event.organisation_id, &event)
        .await?;
    service.settle().await?;
    Ok(event.organisation_id)
}

/// A body that dispatches to an organisation.
pub fn dispatch_to(organisation: OrganisationId) -> Value {
    json!({ "to_organisation": organisation, "mode": "assign" })
}

/// A dispatched order: the case, the order's id, the organisation.
pub async fn order(service: &Triaging) -> Result<(CaseId, String, OrganisationId)> {
    let organisation = organisation(service, COUNTY).await?;
    let (case_id, order) = order_to(service, organisation).await?;
    Ok((case_id, order, organisation))
}

/// A dispatched order to an organisation: the case and the order's id.
pub async fn order_to(
    service: &Triaging,
    organisation: OrganisationId,
) -> Result<(CaseId, String)> {
    let case_id = decided_case(service).await?;
    let path = format!("/triage/v1/cases/{case_id}/dispatch");
    let officer = service.role("triage_officer");
    let body = dispatch_to(organisation);
    let order = service.post(&path, &officer, body).await?.expect(201)?;
    let order_id = order["id"].as_str().context("order_id")?.to_owned();
    Ok((case_id, order_id))
}

/// The states of the running clocks of a kind.
pub async fn clock_states(service: &Triaging, kind: &str) -> Result<Vec<String>> {
    use diesel::{QueryableByName, sql_query, sql_types::Text};
    use diesel_async::RunQueryDsl as _;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        state: String,
    }
    let db = service.db()?;
    let mut conn = db.read().await?;
    let rows: Vec<Row> =
        sql_query("SELECT state FROM clocks WHERE kind = $1 ORDER BY started_at, id")
            .bind::<Text, _>(kind)
            .load(&mut conn)
            .await?;
    Ok(rows.into_iter().map(|row| row.state).collect())
}
