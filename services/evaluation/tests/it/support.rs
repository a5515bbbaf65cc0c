//! An evaluation service, and cases brought to a state.

use anyhow::{Context, Result};
use chassis::time::Time;
use contracts::{
    Service,
    events::{
        intake::{MatterClass, MatterRegistered, PartyKind, PartyRef, PartySide},
        mediation::{MediationEnded, MediationOutcome, PerformanceFulfilled},
        triage::{RiskColour, Track, TriageDecided},
    },
    ids::{CaseId, PartyId, TypedId},
    questions::{IsMediatorOf, IsMediatorOfAnswer, PartyOfSubject, PartyOfSubjectAnswer},
};
use evaluation::Evaluation;
use serde_json::{Value, json};
use testkit::{TestService, http::TestResponse};

/// The service under test.
pub type Evaluating = TestService<Evaluation>;

/// The county the cases are of.
pub const COUNTY: &str = "620602";
/// Another county of the node.
pub const OTHER_COUNTY: &str = "620621";
/// The path of the follow-ups.
pub const FOLLOW_UPS: &str = "/evaluation/v1/follow-ups";
/// The account that mediates every case of these tests.
pub const MEDIATOR: &str = "the-mediator";

/// A new id.
pub fn id<T: TypedId>() -> T {
    Time::system().id()
}

/// A case that the service knows.
pub struct Known {
    /// The service.
    pub service: Evaluating,
    /// The case.
    pub case_id: CaseId,
    /// Its parties.
    pub parties: Vec<PartyId>,
}

/// A running service whose mediation answers that [`MEDIATOR`] mediates every case.
pub async fn start() -> Result<Evaluating> {
    let service = Evaluating::start().await?;
    service
        .answer::<IsMediatorOf>(|question| IsMediatorOfAnswer {
            is_mediator: question.subject == MEDIATOR,
        })
        .await?;
    Ok(service)
}

/// The fact that a matter of two parties was registered.
pub fn registered(service: &Evaluating, type_hint: Option<&str>) -> MatterRegistered {
    let party = |side| PartyRef {
        party_id: id(),
        side,
        kind: PartyKind::NaturalPerson,
    };
    MatterRegistered {
        matter_id: id(),
        case_id: id(),
        region: COUNTY.parse().unwrap(),
        class: MatterClass::Dispute,
        source: "public".to_owned(),
        channel: "window".to_owned(),
        type_hint: type_hint.map(str::to_owned),
        parties: vec![party(PartySide::Applicant), party(PartySide::Respondent)],
        persons_involved: 2,
        amount_fen: None,
        organisation_id: None,
        registered_at: service.time.now(),
    }
}

/// The fact that triage decided the type and colour of a case.
pub fn decided(
    service: &Evaluating,
    case_id: CaseId,
    type_code: &str,
    colour: RiskColour,
) -> TriageDecided {
    TriageDecided {
        case_id,
        region: COUNTY.parse().unwrap(),
        type_code: type_code.to_owned(),
        route: "peoples_mediation".to_owned(),
        track: Track::General,
        colour,
        as_proposed: true,
        decided_by: "officer".to_owned(),
        decided_at: service.time.now(),
    }
}

/// The fact that an obligation of a case was performed.
pub fn fulfilled(service: &Evaluating, case_id: CaseId, remaining: u32) -> PerformanceFulfilled {
    PerformanceFulfilled {
        obligation_id: id(),
        agreement_id: id(),
        case_id,
        region: COUNTY.parse().unwrap(),
        on_time: true,
        remaining,
        fulfilled_at: service.time.now(),
    }
}

/// The fact that a mediation ended.
pub fn ended(service: &Evaluating, case_id: CaseId, outcome: MediationOutcome) -> MediationEnded {
    MediationEnded {
        proceeding_id: id(),
        case_id,
        region: COUNTY.parse().unwrap(),
        end_code: "not_agreed".to_owned(),
        outcome,
        other_ways: Vec::new(),
        ended_at: service.time.now(),
    }
}

/// An open case, decided by triage.
pub async fn open(type_code: &str, colour: RiskColour) -> Result<Known> {
    let service = start().await?;
    let matter = registered(&service, None);
    let case_id = matter.case_id;
    service.publish(Service::Intake, case_id, &matter).await?;
    let decision = decided(&service, case_id, type_code, colour);
    service.publish(Service::Triage, case_id, &decision).await?;
    service.settle().await?;
    let parties = matter.parties.iter().map(|party| party.party_id).collect();
    Ok(Known {
        service,
        case_id,
        parties,
    })
}

/// A case whose agreement was performed: it waits for its follow-up.
pub async fn performed() -> Result<Known> {
    performed_of("contract.debt", RiskColour::Blue).await
}

/// A case of a type and colour whose agreement was performed.
pub async fn performed_of(type_code: &str, colour: RiskColour) -> Result<Known> {
    let known = open(type_code, colour).await?;
    let event = fulfilled(&known.service, known.case_id, 0);
    known
        .service
        .publish(Service::Mediation, known.case_id, &event)
        .await?;
    known.service.settle().await?;
    Ok(known)
}

/// What a visitor found who reached a satisfied person.
pub fn satisfied() -> Value {
    json!({ "reached": true, "satisfied": true, "performance_ok": true, "escalation_signs": false, "note": "已电话回访" })
}

/// How a case is closed.
pub fn closing() -> Value {
    json!({ "feedback": "协议已履行完毕,感谢配合。", "feedback_way": "telephone", "rating_asked": true })
}

impl Known {
    /// The path of the case.
    pub fn path(&self) -> String {
        format!("/evaluation/v1/cases/{}", self.case_id)
    }

    /// The case as a coordinator sees it.
    pub async fn view(&self) -> Result<Value> {
        let token = self.service.role("coordinator");
        self.service.get(&self.path(), &token).await?.expect(200)
    }

    /// The path of a visit, by its place in the plan.
    pub async fn visit(&self, visit: usize) -> Result<String> {
        let view = self.view().await?;
        let found = view["follow_ups"].get(visit - 1).context("no such visit")?;
        let id = found["id"].as_str().context("id")?.to_owned();
        Ok(format!("{FOLLOW_UPS}/{id}/complete"))
    }

    /// An evaluator records the first visit.
    pub async fn complete(&self, body: Value) -> Result<TestResponse> {
        let path = self.visit(1).await?;
        self.service
            .post(&path, &self.service.role("evaluator"), body)
            .await
    }

    /// A coordinator closes the case.
    pub async fn close(&self, body: Value) -> Result<TestResponse> {
        let path = format!("{}/close", self.path());
        self.service
            .post(&path, &self.service.role("coordinator"), body)
            .await
    }

    /// The first party's account is `party`; there are no others.
    pub async fn accounts(&self) -> Result<()> {
        let (case_id, party) = (self.case_id, self.parties[0]);
        self.service
            .answer::<PartyOfSubject>(move |question| PartyOfSubjectAnswer {
                party_id: (question.case_id == case_id && question.subject == "party")
                    .then_some(party),
            })
            .await
    }

    /// An applicant's account.
    pub fn account(&self, subject: &str) -> Result<String> {
        self.service
            .token()
            .roles(["applicant"])
            .subject(subject)
            .sign()
    }
}

/// The states of the clocks of a kind.
pub async fn clock_states(service: &Evaluating, kind: &str) -> Result<Vec<String>> {
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
