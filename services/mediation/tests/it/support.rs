//! A mediation service with an organisation, and cases brought to a state.

use anyhow::{Context as _, Result};
use chassis::time::Time;
use contracts::{
    Service,
    events::{
        intake::{MatterAccepted, MatterClass, PartyKind, PartyRef, PartySide},
        triage::{DispatchSigned, Track},
    },
    ids::{
        AgreementId, CaseId, DispatchOrderId, MatterId, MediatorId, OrganisationId, PartyId,
        ProceedingId, TypedId,
    },
    questions::{PartyOfSubject, PartyOfSubjectAnswer},
};
use mediation::Mediation;
use serde_json::{Value, json};
use testkit::{TestService, http::TestResponse};

/// The county most cases are of.
pub const COUNTY: &str = "620602";
/// Another county of the node.
pub const OTHER_COUNTY: &str = "620621";
/// The day of these tests in China.
pub const TODAY: &str = "2026-09-01";

/// A service with one organisation that has one mediator.
pub struct Desk {
    /// The service.
    pub service: TestService<Mediation>,
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its mediator, whose account is `test-mediator`.
    pub mediator: MediatorId,
}

/// A case with its order.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The case.
    pub id: CaseId,
    /// Its order, signed for by the desk's organisation.
    pub order: DispatchOrderId,
    /// 申请人.
    pub applicant: PartyId,
    /// 被申请人.
    pub respondent: PartyId,
}

/// A new id.
pub fn id<T: TypedId>() -> T {
    Time::system().id()
}

/// A people's mediation committee of a county.
pub fn committee(name: &str, region: &str) -> Value {
    json!({
        "region": region, "kind": "township_pmc", "name": name, "routes": ["peoples_mediation"], "director": "赵主任",
        "members": [
            { "name": "赵主任", "sex": "male" }, { "name": "钱委员", "sex": "female" }, { "name": "孙委员", "sex": "male" }
        ],
    })
}

/// The facts with which a case of a type reaches an organisation.
pub fn facts(
    region: &str,
    type_code: &str,
    organisation: OrganisationId,
) -> (MatterAccepted, DispatchSigned) {
    let now = testkit::service::BEGINNING.parse().unwrap();
    let party = |side| PartyRef {
        party_id: id(),
        side,
        kind: PartyKind::NaturalPerson,
    };
    let accepted = MatterAccepted {
        matter_id: id::<MatterId>(),
        case_id: id::<CaseId>(),
        region: region.parse().unwrap(),
        acceptance_number: "武调受〔2026〕1号".to_owned(),
        class: MatterClass::Dispute,
        source: "public".to_owned(),
        channel: "window".to_owned(),
        type_hint: None,
        parties: vec![party(PartySide::Applicant), party(PartySide::Respondent)],
        persons_involved: 2,
        amount_fen: None,
        organisation_id: None,
        registered_at: now,
        accepted_at: now,
    };
    let signed = DispatchSigned {
        order_id: id(),
        case_id: accepted.case_id,
        region: accepted.region,
        organisation_id: organisation,
        route: "peoples_mediation".to_owned(),
        type_code: type_code.to_owned(),
        track: Track::General,
        due_at: now,
        signed_at: now,
    };
    (accepted, signed)
}

/// Starts the service with an organisation and a mediator. Intake knows the account `party-<id>` as that party.
pub async fn start() -> Result<Desk> {
    let service = TestService::<Mediation>::start().await?;
    service
        .answer::<PartyOfSubject>(|question| PartyOfSubjectAnswer {
            party_id: question
                .subject
                .strip_prefix("party-")
                .and_then(|id| id.parse().ok()),
        })
        .await?;
    let administrator = service.role("administrator");
    let body = committee("城关镇人民调解委员会", COUNTY);
    let made = service
        .post("/mediation/v1/organisations", &administrator, body)
        .await?
        .expect(201)?;
    let organisation: OrganisationId = text(&made, "id").parse()?;
    let body = json!({ "name": "李调解", "class": "full_time", "account_subject": "test-mediator", "qualifications": ["三级调解员"] });
    let path = format!("/mediation/v1/organisations/{organisation}/mediators");
    let made = service
        .post(&path, &administrator, body)
        .await?
        .expect(201)?;
    let mediator = text(&made, "id").parse()?;
    Ok(Desk {
        service,
        organisation,
        mediator,
    })
}

/// A text field.
pub fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

impl Desk {
    /// Officer of the organisation.
    pub fn officer(&self) -> String {
        self.service
            .role_in("organisation_officer", self.organisation)
    }

    /// The account of a party.
    pub fn account(&self, party: PartyId) -> String {
        self.service
            .token()
            .roles(["applicant"])
            .subject(&format!("party-{party}"))
            .sign()
            .unwrap()
    }

    /// Those for whom the organisation's cases do not exist: an officer of another organisation, one of this organisation
    /// who works for another county, a coordinator of another county, and an applicant who is no party.
    pub fn strangers(&self) -> Vec<String> {
        let token = || self.service.token();
        let officer = |region: &str, organisation: OrganisationId| {
            token()
                .roles(["organisation_officer"])
                .region(region)
                .organisation(organisation.uuid())
                .sign()
                .unwrap()
        };
        vec![
            officer("6206", id()),
            officer(OTHER_COUNTY, self.organisation),
            token()
                .roles(["applicant"])
                .subject("nobody")
                .sign()
                .unwrap(),
        ]
    }

    /// A case of a neighbours' dispute.
    pub async fn case(&self) -> Result<Case> {
        self.case_of("neighbour").await
    }

    /// A case of a type.
    pub async fn case_of(&self, type_code: &str) -> Result<Case> {
        self.told(facts(COUNTY, type_code, self.organisation)).await
    }

    /// A case of a neighbours' dispute on a route.
    pub async fn case_on(&self, route: &str) -> Result<Case> {
        let (accepted, signed) = facts(COUNTY, "neighbour", self.organisation);
        let route = route.to_owned();
        self.told((accepted, DispatchSigned { route, ..signed }))
            .await
    }

    async fn told(&self, (accepted, signed): (MatterAccepted, DispatchSigned)) -> Result<Case> {
        self.service
            .publish(Service::Intake, accepted.case_id, &accepted)
            .await?;
        self.service
            .publish(Service::Triage, signed.case_id, &signed)
            .await?;
        self.service.settle().await?;
        let [applicant, respondent] = accepted.parties.as_slice() else {
            anyhow::bail!("two parties")
        };
        Ok(Case {
            id: accepted.case_id,
            order: signed.order_id,
            applicant: applicant.party_id,
            respondent: respondent.party_id,
        })
    }

    /// POST under `/mediation/v1` as the officer.
    pub async fn post(&self, path: &str, body: Value) -> Result<TestResponse> {
        self.service
            .post(&format!("/mediation/v1{path}"), &self.officer(), body)
            .await
    }

    /// GET under `/mediation/v1` as the officer.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.service
            .get(&format!("/mediation/v1{path}"), &self.officer())
            .await?
            .expect(200)
    }

    /// A proceeding that waits for the parties' answers.
    pub async fn opened(&self) -> Result<(Case, ProceedingId)> {
        self.opened_of("neighbour").await
    }

    /// A proceeding of a type that waits for the parties' answers.
    pub async fn opened_of(&self, type_code: &str) -> Result<(Case, ProceedingId)> {
        let case = self.case_of(type_code).await?;
        let made = self
            .post("/proceedings", json!({ "order_id": case.order }))
            .await?
            .expect(201)?;
        Ok((case, text(&made, "id").parse()?))
    }

    /// Records that a party consents.
    pub async fn consent(&self, proceeding: ProceedingId, party: PartyId) -> Result<Value> {
        let body = json!({ "party_id": party, "consents": true, "way": "in_person" });
        self.post(&format!("/proceedings/{proceeding}/consents"), body)
            .await?
            .expect(200)
    }

    /// A proceeding in mediation.
    pub async fn started(&self) -> Result<(Case, ProceedingId)> {
        self.started_of("neighbour").await
    }

    /// A proceeding of a type in mediation.
    pub async fn started_of(&self, type_code: &str) -> Result<(Case, ProceedingId)> {
        let (case, proceeding) = self.opened_of(type_code).await?;
        self.consent(proceeding, case.applicant).await?;
        self.consent(proceeding, case.respondent).await?;
        let body = json!({ "mediator_ids": [self.mediator] });
        self.post(&format!("/proceedings/{proceeding}/start"), body)
            .await?
            .expect(200)?;
        Ok((case, proceeding))
    }

    /// A proceeding in mediation with a session held.
    pub async fn in_session(&self) -> Result<(Case, ProceedingId)> {
        self.in_session_of("neighbour").await
    }

    /// A proceeding of a type in mediation with a session held.
    pub async fn in_session_of(&self, type_code: &str) -> Result<(Case, ProceedingId)> {
        let (case, proceeding) = self.started_of(type_code).await?;
        self.post(
            &format!("/proceedings/{proceeding}/sessions"),
            session(case),
        )
        .await?
        .expect(201)?;
        Ok((case, proceeding))
    }

    /// A written draft in two instalments.
    pub async fn drafted(&self) -> Result<(Case, AgreementId)> {
        let (case, proceeding) = self.in_session().await?;
        let made = self
            .post(&format!("/proceedings/{proceeding}/agreement"), draft(case))
            .await?
            .expect(201)?;
        Ok((case, text(&made, "id").parse()?))
    }

    /// Signs for everyone needed.
    pub async fn sign_all(&self, case: Case, agreement: AgreementId) -> Result<Value> {
        let mut last = Value::Null;
        for body in signatures(case) {
            last = self
                .post(&format!("/agreements/{agreement}/signatures"), body)
                .await?
                .expect(200)?;
        }
        Ok(last)
    }

    /// An agreement in effect; its obligations, the earliest due first.
    pub async fn effective(&self) -> Result<(Case, AgreementId, Vec<Value>)> {
        let (case, agreement) = self.drafted().await?;
        self.sign_all(case, agreement).await?;
        let view = self.get(&format!("/agreements/{agreement}")).await?;
        let obligations = view["obligations"]
            .as_array()
            .context("obligations")?
            .clone();
        Ok((case, agreement, obligations))
    }

    /// How much is stored: a refused command leaves it as it was. Every change leaves an event.
    pub async fn stored(&self) -> Result<Vec<i64>> {
        let tables = [
            "outbox",
            "organisations",
            "mediators",
            "proceedings",
            "sessions",
            "agreements",
            "obligations",
            "clocks",
        ];
        let mut counts = Vec::new();
        for table in tables {
            counts.push(self.service.count(table).await?);
        }
        Ok(counts)
    }

    /// Posts each body as the officer: all are refused with their code and pointer, and nothing is stored.
    pub async fn all_refused(
        &self,
        path: &str,
        cases: Vec<(Value, u16, &str, Value)>,
    ) -> Result<()> {
        let before = self.stored().await?;
        for (body, status, code, pointer) in cases {
            let problem = self
                .post(path, body.clone())
                .await?
                .expect_problem(status, code)
                .context(body.to_string())?;
            assert_eq!(problem["pointer"], pointer, "{body}");
        }
        assert_eq!(self.stored().await?, before);
        Ok(())
    }
}

/// A session both parties attended.
pub fn session(case: Case) -> Value {
    json!({ "held_at": "2026-09-01T01:30:00Z", "place": "centre", "attendance": [case.applicant, case.respondent],
        "record": "双方陈述了经过。" })
}

/// A written draft: 3,000 yuan in two instalments.
pub fn draft(case: Case) -> Value {
    let pay = |due_on: &str, fen: i64| json!({ "debtor": case.respondent, "way": "instalment", "due_on": due_on, "amount_fen": fen });
    json!({ "form": "written", "facts": "被申请人漏水致损。", "content": "被申请人赔偿三千元。", "amount_fen": 300_000,
        "obligations": [pay("2026-09-10", 100_000), pay("2026-10-10", 200_000)] })
}

/// Everyone's signature, in the usual order.
pub fn signatures(case: Case) -> Vec<Value> {
    vec![
        json!({ "signer": "party", "party_id": case.applicant, "form": "handwritten" }),
        json!({ "signer": "party", "party_id": case.respondent, "form": "fingerprint" }),
        json!({ "signer": "mediator", "form": "handwritten" }),
        json!({ "signer": "organisation", "form": "seal" }),
    ]
}

impl Desk {
    /// Signs for those who have not signed yet.
    pub async fn sign_all_left(&self, case: Case, agreement: AgreementId) -> Result<()> {
        for body in signatures(case) {
            let answer = self
                .post(&format!("/agreements/{agreement}/signatures"), body)
                .await?;
            anyhow::ensure!(
                answer.status == 200 || answer.body["code"] == "signature-already-given",
                "{}",
                answer.body
            );
        }
        Ok(())
    }
}
