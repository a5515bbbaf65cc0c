//! A judicial-confirmation service, and agreements and applications brought to a state.

use anyhow::{Context, Result};
use chassis::time::Time;
use chrono::{DateTime, Utc};
use contracts::{
    Service,
    events::mediation::{AgreementEffective, AgreementForm},
    ids::{OrganisationId, PartyId, TypedId},
    questions::{PartyOfSubject, PartyOfSubjectAnswer},
};
use judicial_confirmation::JudicialConfirmation;
use serde_json::{Value, json};
use testkit::TestService;

/// The service under test.
pub type Confirming = TestService<JudicialConfirmation>;

/// The county the agreements are of.
pub const COUNTY: &str = "620602";
/// Another county of the node.
pub const OTHER_COUNTY: &str = "620621";
/// The path of the applications.
pub const APPLICATIONS: &str = "/judicial-confirmation/v1/applications";
/// The first instant after the last day of an agreement made at a test's beginning: 2026-10-09 in China.
pub const CLOSED: &str = "2026-10-08T16:00:00Z";

/// The basic court of [`COUNTY`] in the policy pack.
pub const COURT: &str = "01900000-0000-7000-8000-000000000602";
/// The basic court of [`OTHER_COUNTY`] in the policy pack.
pub const OTHER_COURT: &str = "01900000-0000-7000-8000-000000000621";

/// Number of a ruling.
pub const NUMBER: &str = "(2026)甘0602诉前调确1号";

/// The court of [`COUNTY`].
pub fn court() -> OrganisationId {
    COURT.parse().unwrap()
}

/// A new id.
pub fn id<T: TypedId>() -> T {
    Time::system().id()
}

/// The fact that an agreement of two parties took effect.
pub fn effective(at: DateTime<Utc>) -> AgreementEffective {
    AgreementEffective {
        agreement_id: id(),
        proceeding_id: id(),
        case_id: id(),
        region: COUNTY.parse().unwrap(),
        organisation_id: id(),
        form: AgreementForm::Written,
        type_code: "contract.debt".to_owned(),
        content_codes: Vec::new(),
        party_ids: vec![id(), id()],
        amount_fen: 1_200_000,
        obligations: Vec::new(),
        effective_at: at,
    }
}

/// A service that knows one agreement.
pub async fn start() -> Result<(Confirming, AgreementEffective)> {
    start_with(|_| {}).await
}

/// A service that knows one agreement, somewhat different from [`effective`].
pub async fn start_with(
    change: impl FnOnce(&mut AgreementEffective),
) -> Result<(Confirming, AgreementEffective)> {
    let service = Confirming::start().await?;
    let mut agreement = effective(service.time.now());
    change(&mut agreement);
    publish(&service, &agreement).await?;
    Ok((service, agreement))
}

/// Lets an agreement take effect.
pub async fn publish(service: &Confirming, agreement: &AgreementEffective) -> Result<()> {
    service
        .publish(Service::Mediation, agreement.case_id, agreement)
        .await?;
    service.settle().await
}

/// A mediator of the agreement's organisation.
pub fn mediator(service: &Confirming, agreement: &AgreementEffective) -> String {
    service.role_in("mediator", agreement.organisation_id)
}

/// The account of a person; intake says which party it is with [`accounts`].
pub fn account(service: &Confirming, subject: &str) -> Result<String> {
    service.token().roles(["applicant"]).subject(subject).sign()
}

/// Intake knows these accounts of an agreement's case, and no others.
pub async fn accounts(
    service: &Confirming,
    agreement: &AgreementEffective,
    accounts: &[(&'static str, PartyId)],
) -> Result<()> {
    let (case_id, accounts) = (agreement.case_id, accounts.to_vec());
    service
        .answer::<PartyOfSubject>(move |question| {
            let known = accounts
                .iter()
                .find(|(subject, _)| question.subject == *subject);
            let known = known.filter(|_| question.case_id == case_id);
            PartyOfSubjectAnswer {
                party_id: known.map(|(_, party)| *party),
            }
        })
        .await
}

/// An application by the agreement's first party to the court of [`COUNTY`].
pub fn body(agreement: &AgreementEffective) -> Value {
    json!({
        "agreement_id": agreement.agreement_id,
        "party_id": agreement.party_ids[0],
        "court": COURT,
        "court_basis": "organisation_place",
        "materials": ["agreement", "organisation_proof", "identity", "contact"],
    })
}

/// An application under test.
pub struct Applied {
    /// The service.
    pub service: Confirming,
    /// The agreement.
    pub agreement: AgreementEffective,
    /// The court asked.
    pub court: OrganisationId,
    /// The path of the application.
    pub path: String,
}

impl Applied {
    /// Does something with the application as the mediator who helps the parties.
    pub async fn as_mediator(
        &self,
        command: &str,
        body: Value,
    ) -> Result<testkit::http::TestResponse> {
        let token = mediator(&self.service, &self.agreement);
        self.service
            .post(&format!("{}/{command}", self.path), &token, body)
            .await
    }

    /// Does something with the application as the court asked.
    pub async fn as_court(
        &self,
        command: &str,
        body: Value,
    ) -> Result<testkit::http::TestResponse> {
        let token = self.service.role_in("court_user", self.court);
        self.service
            .post(&format!("{}/{command}", self.path), &token, body)
            .await
    }

    /// The application as its court sees it.
    pub async fn view(&self) -> Result<Value> {
        let token = self.service.role_in("court_user", self.court);
        self.service.get(&self.path, &token).await?.expect(200)
    }

    /// The second party joins.
    pub async fn join(&self) -> Result<Value> {
        let body = json!({ "party_id": self.agreement.party_ids[1] });
        self.as_mediator("join", body).await?.expect(200)
    }
}

/// An application that waits for the other party.
pub async fn applied() -> Result<Applied> {
    let (service, agreement) = start().await?;
    apply(service, agreement).await
}

/// The application to an agreement that the service knows.
pub async fn apply(service: Confirming, agreement: AgreementEffective) -> Result<Applied> {
    let court = court();
    let token = mediator(&service, &agreement);
    let answer = service.post(APPLICATIONS, &token, body(&agreement)).await?;
    let path = answer
        .headers
        .get("location")
        .context("location")?
        .to_str()?
        .to_owned();
    answer.expect(201)?;
    Ok(Applied {
        service,
        agreement,
        court,
        path,
    })
}

/// An application that every party joined.
pub async fn joint() -> Result<Applied> {
    let applied = applied().await?;
    applied.join().await?;
    Ok(applied)
}

/// An application the court accepted.
pub async fn accepted() -> Result<Applied> {
    let applied = joint().await?;
    applied.as_court("receive", json!({})).await?.expect(200)?;
    applied.as_court("accept", json!({})).await?.expect(200)?;
    Ok(applied)
}

/// An application whose parties the court heard.
pub async fn heard() -> Result<Applied> {
    let applied = accepted().await?;
    let heard =
        json!({ "held_on": "2026-09-01", "way": "online", "present": applied.agreement.party_ids });
    applied.as_court("question", heard).await?.expect(200)?;
    Ok(applied)
}

/// A ruling of the day on which a test begins.
pub fn ruling(outcome: &str, reason: Option<&str>) -> Value {
    json!({ "outcome": outcome, "ruling_number": NUMBER, "ruled_on": "2026-09-01", "reason": reason })
}

/// An agreement the court confirmed.
pub async fn confirmed() -> Result<Applied> {
    let applied = heard().await?;
    let valid = ruling("valid", None);
    applied.as_court("rule", valid).await?.expect(200)?;
    Ok(applied)
}

/// The states of the clocks of a kind.
pub async fn clock_states(service: &Confirming, kind: &str) -> Result<Vec<String>> {
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
