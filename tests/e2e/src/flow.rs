//! The way of a case through a node, each step done by the person whose it is and repeated until it is answered.

mod course;

use anyhow::{Context as _, Result};
use chassis::time::Time;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

pub use course::{Course, expected_events};

use crate::{
    cast::{COUNTY, Cast},
    client::{Api, list, text},
};

/// A case on its way.
#[derive(Debug, Clone)]
pub struct Case {
    /// How it goes.
    pub course: Course,
    /// The matter.
    pub matter_id: String,
    /// The case.
    pub case_id: String,
    /// Applicant and respondent.
    pub parties: [String; 2],
    /// Its dispatch order, once dispatched.
    pub order_id: String,
    /// Its proceeding, once opened.
    pub proceeding_id: String,
    /// Its agreement, once drafted.
    pub agreement_id: String,
    /// What is to be performed.
    pub obligations: Vec<String>,
    /// Its application for confirmation, once made.
    pub application_id: String,
    /// Its first follow-up, once planned.
    pub follow_up_id: String,
}

/// Today in China.
#[must_use]
pub fn today() -> NaiveDate {
    (Time::system().now() + chrono::Duration::hours(8)).date_naive()
}

/// A matter between two people, ready to be registered; `applicant` is the account of the first.
#[must_use]
pub fn matter(applicant: &str) -> Value {
    json!({
        "region": COUNTY, "class": "dispute", "source": "public", "channel": "window", "type_hint": "contract",
        "narrative": "欠我三千元货款一直不还,要求支付。", "amount_fen": 300_000, "notice_version": "2026-01",
        "parties": [
            { "side": "applicant", "kind": "natural_person", "name": "申请人", "account_subject": applicant },
            { "side": "respondent", "kind": "natural_person", "name": "被申请人" },
        ],
    })
}

impl Case {
    /// The whole way, from the window to the closed file.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn play(api: &Api, cast: &Cast, course: Course, applicant: &str) -> Result<Self> {
        let mut case = Self::register(api, cast, course, &matter(applicant)).await?;
        case.triage(api, cast).await?;
        case.mediate(api, cast).await?;
        case.confirm(api, cast).await?;
        case.perform(api, cast).await?;
        case.close(api, cast).await?;
        Ok(case)
    }

    /// Transitions 1 and 5.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn register(api: &Api, cast: &Cast, course: Course, matter: &Value) -> Result<Self> {
        let registered = api
            .command("/intake/v1/matters", &cast.clerk, matter)
            .await?;
        let matter_id = text(&registered, "id")?;
        api.command(
            &format!("/intake/v1/matters/{matter_id}/accept"),
            &cast.clerk,
            &json!({}),
        )
        .await?;
        let party = |side: &str| {
            let found = list(&registered, "parties")?
                .iter()
                .find(|party| party["side"] == side);
            text(found.context("a side without a party")?, "party_id")
        };
        Ok(Self {
            course,
            case_id: text(&registered, "case_id")?,
            parties: [party("applicant")?, party("respondent")?],
            matter_id,
            order_id: String::new(),
            proceeding_id: String::new(),
            agreement_id: String::new(),
            obligations: Vec::new(),
            application_id: String::new(),
            follow_up_id: String::new(),
        })
    }

    /// Transitions 6, 7 and 8.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn triage(&mut self, api: &Api, cast: &Cast) -> Result<()> {
        let path = format!("/triage/v1/cases/{}", self.case_id);
        let found = api.read(&path, &cast.triage).await?;
        let proposal = found.get("proposal").context("no proposal")?;
        let decision = json!({
            "type_code": "contract", "route": "peoples_mediation",
            "track": proposal["track"], "colour": proposal["colour"],
        });
        api.command(&format!("{path}/decide"), &cast.triage, &decision)
            .await?;
        let order = json!({ "to_organisation": cast.desk.organisation, "mode": "assign" });
        let order = api
            .command(&format!("{path}/dispatch"), &cast.triage, &order)
            .await?;
        self.order_id = text(&order, "id")?;
        let sign = format!("/triage/v1/orders/{}/sign", self.order_id);
        api.command(&sign, &cast.desk.officer, &json!({})).await?;
        Ok(())
    }

    /// Transitions 10, 11, 12, 18 and 19.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn mediate(&mut self, api: &Api, cast: &Cast) -> Result<()> {
        let (officer, mediator) = (&cast.desk.officer, &cast.desk.mediator);
        let order = json!({ "order_id": self.order_id });
        let opened = api
            .command("/mediation/v1/proceedings", officer, &order)
            .await?;
        self.proceeding_id = text(&opened, "id")?;
        let path = format!("/mediation/v1/proceedings/{}", self.proceeding_id);
        for (party, consents) in self
            .parties
            .iter()
            .zip([true, self.course != Course::Refused])
        {
            let consent = json!({ "party_id": party, "consents": consents, "way": "in_person" });
            api.command(&format!("{path}/consents"), mediator, &consent)
                .await?;
        }
        if self.course == Course::Refused {
            return Ok(());
        }
        let start = json!({ "mediator_ids": cast.desk.mediators });
        api.command(&format!("{path}/start"), mediator, &start)
            .await?;
        let session = json!({
            "held_at": Time::system().now(), "place": "centre", "attendance": self.parties,
            "record": "双方到场,调解员听取陈述,释明法律,提出方案。",
        });
        api.command(&format!("{path}/sessions"), mediator, &session)
            .await?;
        if self.course == Course::Failed {
            api.command(
                &format!("{path}/end"),
                mediator,
                &json!({ "end_code": "large_gap" }),
            )
            .await?;
            return Ok(());
        }
        let agreement = api
            .command(&format!("{path}/agreement"), mediator, &self.draft())
            .await?;
        self.agreement_id = text(&agreement, "id")?;
        let clauses = list(&agreement, "clauses")?;
        self.obligations = clauses
            .iter()
            .map(|clause| text(clause, "obligation_id"))
            .collect::<Result<_>>()?;
        if self.course == Course::Oral {
            return Ok(());
        }
        let path = format!("/mediation/v1/agreements/{}/signatures", self.agreement_id);
        for party in &self.parties {
            let act = json!({ "signer": "party", "party_id": party, "form": "handwritten" });
            api.command(&path, mediator, &act).await?;
        }
        api.command(
            &path,
            mediator,
            &json!({ "signer": "mediator", "form": "handwritten" }),
        )
        .await?;
        api.command(
            &path,
            officer,
            &json!({ "signer": "organisation", "form": "seal" }),
        )
        .await?;
        Ok(())
    }

    fn draft(&self) -> Value {
        let [_, debtor] = &self.parties;
        let form = if self.course == Course::Oral {
            "oral"
        } else {
            "written"
        };
        let parts: u64 = if self.course == Course::Instalments {
            3
        } else {
            1
        };
        let clauses = (0..parts).map(|month| {
            let way = if parts == 1 { "payment" } else { "instalment" };
            json!({ "way": way, "debtor": debtor, "amount_fen": 300_000 / parts,
                    "due_on": today() + Days::new(30 * month) })
        });
        json!({
            "form": form, "facts": "双方对主要事实无争议。", "content": "被申请人向申请人支付货款,双方就此了结。",
            "amount_fen": 300_000, "obligations": clauses.collect::<Vec<_>>(),
        })
    }

    /// Transitions 21 and 22, when its course leads to the court.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn confirm(&mut self, api: &Api, cast: &Cast) -> Result<()> {
        if self.course != Course::Confirmed {
            return Ok(());
        }
        let ([one, other], officer) = (&self.parties, &cast.desk.officer);
        let apply = json!({
            "agreement_id": self.agreement_id, "party_id": one, "court": cast.court_id, "court_basis": "domicile",
            "place": COUNTY,
            "materials": ["agreement", "organisation_proof", "identity", "contact"],
        });
        let applied = api
            .command("/judicial-confirmation/v1/applications", officer, &apply)
            .await?;
        self.application_id = text(&applied, "id")?;
        let path = format!(
            "/judicial-confirmation/v1/applications/{}",
            self.application_id
        );
        api.command(
            &format!("{path}/join"),
            officer,
            &json!({ "party_id": other }),
        )
        .await?;
        for step in ["receive", "accept"] {
            api.command(&format!("{path}/{step}"), &cast.court, &json!({}))
                .await?;
        }
        let heard = json!({ "held_on": today(), "way": "online", "present": self.parties });
        api.command(&format!("{path}/question"), &cast.court, &heard)
            .await?;
        let ruling = json!({ "outcome": "valid", "ruling_number": "(2026)甘0602诉前调确1号", "ruled_on": today() });
        api.command(&format!("{path}/rule"), &cast.court, &ruling)
            .await?;
        Ok(())
    }

    /// Transition 25, for every obligation.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn perform(&self, api: &Api, cast: &Cast) -> Result<()> {
        for obligation in &self.obligations {
            let proof = json!({ "fulfilled_on": today(), "proof": "收条" });
            let path = format!("/mediation/v1/obligations/{obligation}/fulfil");
            api.command(&path, &cast.desk.mediator, &proof).await?;
        }
        Ok(())
    }

    /// Transitions 27 and 28, with a rating.
    ///
    /// # Errors
    /// A step is refused or not answered.
    pub async fn close(&mut self, api: &Api, cast: &Cast) -> Result<()> {
        let path = format!("/evaluation/v1/cases/{}", self.case_id);
        let ([applicant, _], evaluator) = (&self.parties, &cast.evaluator);
        self.follow_up_id = self.planned_follow_up(api, cast).await?;
        let visit = json!({ "reached": true, "satisfied": true, "performance_ok": true, "note": "电话回访" });
        api.command(
            &format!("/evaluation/v1/follow-ups/{}/complete", self.follow_up_id),
            evaluator,
            &visit,
        )
        .await?;
        let rating = json!({ "score": 5, "party_id": applicant });
        api.command(&format!("{path}/rating"), evaluator, &rating)
            .await?;
        let closing = json!({ "feedback": "您反映的纠纷已办结。", "feedback_way": "telephone", "rating_asked": true });
        api.command(&format!("{path}/close"), &cast.coordinator, &closing)
            .await?;
        Ok(())
    }

    /// Waits until the first follow-up is planned.
    async fn planned_follow_up(&self, api: &Api, cast: &Cast) -> Result<String> {
        let path = format!("/evaluation/v1/cases/{}", self.case_id);
        let started = std::time::Instant::now();
        loop {
            let found = api.read(&path, &cast.evaluator).await?;
            if let Some(follow_up) = list(&found, "follow_ups")?.first() {
                return text(follow_up, "id");
            }
            anyhow::ensure!(
                started.elapsed().as_secs() < 60,
                "no follow-up is planned: {found}"
            );
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}
