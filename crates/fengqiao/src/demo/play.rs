//! The main job, step by step, each step done by the role whose it is.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use chassis::time::Time;
use contracts::{ids::OrganisationId, roles::Role};
use serde_json::{Value, json};

use super::{
    Api,
    matters::{Course, Matter},
    persons::resident_id,
    stages::stage,
};
use crate::local::{Desk, LocalNode, local_court, register_organisations};

/// What was played.
#[derive(Debug, Clone, Default)]
pub struct Played {
    /// Matters in which the proposed type was the one a person decided on.
    pub types_as_proposed: usize,
    /// Obligations performed.
    pub obligations: usize,
    /// Notices of other ways.
    pub notices: usize,
}

/// A matter on its way.
#[derive(Debug, Clone)]
pub struct Case {
    /// What was brought.
    pub matter: Matter,
    desk: Arc<DeskTokens>,
    /// Its id.
    pub case_id: String,
    parties: Vec<String>,
    order_id: String,
    agreement_id: Option<String>,
    obligations: Vec<String>,
    noticed: bool,
    as_proposed: bool,
}

/// A desk with the tokens of its people.
#[derive(Debug)]
pub struct DeskTokens {
    desk: Desk,
    officer: String,
    mediator: String,
}

/// Everybody who takes part.
pub struct Cast {
    region: String,
    api: Api,
    clerk: String,
    triage: String,
    evaluator: String,
    coordinator: String,
    court: String,
    court_id: OrganisationId,
    desks: Vec<Arc<DeskTokens>>,
}

impl Cast {
    /// The people of a node, with their tokens; registers its organisations.
    pub async fn gather(node: &LocalNode) -> Result<Self> {
        let api = Api::new(node.address)?;
        let region = node.config.node.region.clone();
        let token = |role: Role, organisation: Option<OrganisationId>| {
            node.issuer
                .token(&format!("demo-{role}"), role, &region, organisation)
        };
        let administrator = token(Role::Administrator, None)?;
        let desks = register_organisations(&api, &administrator, &region).await?;
        let court_id = local_court();
        let desks = desks
            .into_iter()
            .map(|desk| {
                let of = Some(desk.organisation);
                let (officer, mediator) = (
                    token(Role::OrganisationOfficer, of)?,
                    token(Role::Mediator, of)?,
                );
                Ok(Arc::new(DeskTokens {
                    desk,
                    officer,
                    mediator,
                }))
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            api,
            clerk: token(Role::WindowClerk, None)?,
            triage: token(Role::TriageOfficer, None)?,
            evaluator: token(Role::Evaluator, None)?,
            coordinator: token(Role::Coordinator, None)?,
            court: token(Role::CourtUser, Some(court_id))?,
            court_id,
            desks,
            region,
        })
    }

    fn desk_of(&self, region: &str) -> Result<Arc<DeskTokens>> {
        self.desks
            .iter()
            .find(|d| d.desk.region == region)
            .cloned()
            .context("a county without a committee")
    }

    async fn register(&self, matter: Matter) -> Result<Case> {
        let body = json!({
            "region": matter.region, "class": "dispute", "source": "public", "channel": "window",
            "narrative": matter.text, "notice_version": "2026-01",
            "parties": [
                { "side": "applicant", "kind": "natural_person", "name": format!("申请人{}", matter.n),
                  "identifier": { "kind": "resident-id", "number": resident_id(2 * matter.n) } },
                { "side": "respondent", "kind": "natural_person", "name": format!("被申请人{}", matter.n),
                  "identifier": { "kind": "resident-id", "number": resident_id(2 * matter.n + 1) } },
            ],
        });
        let registered = self
            .api
            .post("/intake/v1/matters", &self.clerk, &body)
            .await?;
        let matter_id = text(&registered, "id")?;
        self.api
            .post(
                &format!("/intake/v1/matters/{matter_id}/accept"),
                &self.clerk,
                &json!({}),
            )
            .await?;
        let parties = registered
            .get("parties")
            .and_then(Value::as_array)
            .context("no parties")?;
        Ok(Case {
            desk: self.desk_of(matter.region)?,
            matter,
            case_id: text(&registered, "case_id")?,
            parties: parties
                .iter()
                .map(|p| text(p, "party_id"))
                .collect::<Result<_>>()?,
            order_id: String::new(),
            agreement_id: None,
            obligations: Vec::new(),
            noticed: false,
            as_proposed: false,
        })
    }

    async fn triage(&self, mut case: Case) -> Result<Case> {
        let path = format!("/triage/v1/cases/{}", case.case_id);
        let found = self.api.get(&path, &self.triage).await?;
        let proposal = found
            .get("proposal")
            .filter(|p| !p.is_null())
            .context("no proposal")?;
        case.as_proposed = text(proposal, "type_code")? == case.matter.type_code;
        let decision = json!({
            "type_code": case.matter.type_code, "route": "peoples_mediation",
            "track": proposal.get("track"), "colour": proposal.get("colour"),
            // Where the machine doubts that it may be mediated, a person says why it may.
            "reason": "经核实属平等主体之间的民事争议,双方愿意调解。",
        });
        self.api
            .post(&format!("{path}/decide"), &self.triage, &decision)
            .await?;
        let order = json!({ "to_organisation": case.desk.desk.organisation, "mode": "assign" });
        let order = self
            .api
            .post(&format!("{path}/dispatch"), &self.triage, &order)
            .await?;
        case.order_id = text(&order, "id")?;
        let sign = format!("/triage/v1/orders/{}/sign", case.order_id);
        self.api.post(&sign, &case.desk.officer, &json!({})).await?;
        Ok(case)
    }

    async fn mediate(&self, mut case: Case) -> Result<Case> {
        let (api, mediator) = (&self.api, &case.desk.mediator);
        let opened = api
            .post(
                "/mediation/v1/proceedings",
                &case.desk.officer,
                &json!({ "order_id": case.order_id }),
            )
            .await?;
        let proceeding = format!("/mediation/v1/proceedings/{}", text(&opened, "id")?);
        for (index, party) in case.parties.iter().enumerate() {
            let refuses = case.matter.course == Course::Refused && index == 1;
            let consent = json!({ "party_id": party, "consents": !refuses, "way": "in_person" });
            api.post(&format!("{proceeding}/consents"), mediator, &consent)
                .await?;
        }
        if case.matter.course == Course::Refused {
            return self.told_other_ways(case, &proceeding).await;
        }
        let presiding = case
            .desk
            .desk
            .mediators
            .get(case.matter.n % 3)
            .context("no mediator")?;
        api.post(
            &format!("{proceeding}/start"),
            mediator,
            &json!({ "mediator_ids": [presiding] }),
        )
        .await?;
        let session = json!({
            "held_at": Time::system().now(), "place": "centre", "attendance": case.parties,
            "record": "双方到场,调解员听取陈述,释明法律,提出方案。",
        });
        api.post(&format!("{proceeding}/sessions"), mediator, &session)
            .await?;
        if case.matter.course == Course::Failed {
            api.post(
                &format!("{proceeding}/end"),
                mediator,
                &json!({ "end_code": "large_gap" }),
            )
            .await?;
            return self.told_other_ways(case, &proceeding).await;
        }
        let agreement = api
            .post(&format!("{proceeding}/agreement"), mediator, &draft(&case))
            .await?;
        let agreement_id = text(&agreement, "id")?;
        let clauses = agreement
            .get("clauses")
            .and_then(Value::as_array)
            .context("no clauses")?;
        case.obligations = clauses
            .iter()
            .map(|c| text(c, "obligation_id"))
            .collect::<Result<_>>()?;
        if case.matter.course != Course::Oral {
            self.sign(&case, &agreement_id).await?;
        }
        case.agreement_id = Some(agreement_id);
        Ok(case)
    }

    async fn told_other_ways(&self, mut case: Case, proceeding: &str) -> Result<Case> {
        let path = format!("{proceeding}/notice");
        let notice = self.api.get(&path, &case.desk.mediator).await?;
        let ways = notice.get("ways").and_then(Value::as_array);
        case.noticed = ways.is_some_and(|ways| !ways.is_empty());
        Ok(case)
    }

    async fn sign(&self, case: &Case, agreement_id: &str) -> Result<()> {
        let path = format!("/mediation/v1/agreements/{agreement_id}/signatures");
        for party in &case.parties {
            let act = json!({ "signer": "party", "party_id": party, "form": "handwritten", "scan_reference": "扫描件" });
            self.api.post(&path, &case.desk.mediator, &act).await?;
        }
        let act =
            json!({ "signer": "mediator", "form": "handwritten", "scan_reference": "扫描件" });
        self.api.post(&path, &case.desk.mediator, &act).await?;
        let act = json!({ "signer": "organisation", "form": "seal", "scan_reference": "扫描件" });
        self.api.post(&path, &case.desk.officer, &act).await?;
        Ok(())
    }

    async fn confirm(&self, case: Case) -> Result<()> {
        let officer = &case.desk.officer;
        let [one, other] = case.parties.as_slice() else {
            anyhow::bail!("two parties")
        };
        let apply = json!({
            "agreement_id": case.agreement_id, "party_id": one, "court": self.court_id, "court_basis": "domicile",
            "place": "620602",
            "materials": ["agreement", "organisation_proof", "identity", "contact", "property_proof", "paper_original"],
        });
        let applied = self
            .api
            .post("/judicial-confirmation/v1/applications", officer, &apply)
            .await?;
        let path = format!(
            "/judicial-confirmation/v1/applications/{}",
            text(&applied, "id")?
        );
        self.api
            .post(
                &format!("{path}/join"),
                officer,
                &json!({ "party_id": other }),
            )
            .await?;
        for step in ["receive", "accept"] {
            self.api
                .post(&format!("{path}/{step}"), &self.court, &json!({}))
                .await?;
        }
        let heard = json!({ "held_on": china_today(), "way": "on_site", "present": case.parties });
        self.api
            .post(&format!("{path}/question"), &self.court, &heard)
            .await?;
        let ruling = json!({
            "outcome": "valid", "ruling_number": format!("(2026)甘0602诉前调确{}号", case.matter.n + 1),
            "ruled_on": china_today(),
        });
        self.api
            .post(&format!("{path}/rule"), &self.court, &ruling)
            .await?;
        Ok(())
    }

    async fn perform(&self, case: Case) -> Result<Case> {
        let at_once = case.matter.course.performed_at_once();
        for obligation in case.obligations.iter().filter(|_| !at_once) {
            let proof = json!({ "fulfilled_on": china_today(), "proof": "收条" });
            self.api
                .post(
                    &format!("/mediation/v1/obligations/{obligation}/fulfil"),
                    &case.desk.mediator,
                    &proof,
                )
                .await?;
        }
        Ok(case)
    }

    async fn close(&self, case: Case) -> Result<()> {
        let path = format!("/evaluation/v1/cases/{}", case.case_id);
        let planned = |c: &Value| c.pointer("/follow_ups/0").is_some();
        let evaluated = self.api.get_when(&path, &self.evaluator, planned).await?;
        let first = evaluated.pointer("/follow_ups/0").context("no follow-up")?;
        let follow_up = text(first, "id")?;
        let visit = json!({ "reached": true, "satisfied": true, "performance_ok": true, "note": "电话回访" });
        self.api
            .post(
                &format!("/evaluation/v1/follow-ups/{follow_up}/complete"),
                &self.evaluator,
                &visit,
            )
            .await?;
        if case.matter.n.is_multiple_of(3) {
            let applicant = case.parties.first();
            let rating = json!({ "score": 5 - i32::from(case.matter.n.is_multiple_of(9)), "party_id": applicant });
            self.api
                .post(&format!("{path}/rating"), &self.evaluator, &rating)
                .await?;
        }
        let closing = json!({ "feedback": "您反映的纠纷已办结,感谢您的信任。", "feedback_way": "telephone", "rating_asked": true });
        self.api
            .post(&format!("{path}/close"), &self.coordinator, &closing)
            .await?;
        Ok(())
    }
}

/// The people of all counties.
pub struct Casts(Vec<Cast>);

impl Casts {
    /// Those of these nodes.
    pub async fn gather(nodes: impl IntoIterator<Item = &LocalNode>) -> Result<Self> {
        let mut casts = Vec::new();
        for node in nodes {
            casts.push(Cast::gather(node).await?);
        }
        Ok(Self(casts))
    }

    fn of(&self, matter: &Matter) -> Result<&Cast> {
        let found = self.0.iter().find(|cast| cast.region == matter.region);
        found.with_context(|| format!("nobody in {}", matter.region))
    }
}

/// Brings all matters to the windows and decides what is to be done with them.
pub async fn receive(casts: &Casts, matters: &[Matter]) -> Result<Vec<Case>> {
    let cases = stage(
        "登记受理 intake",
        matters.to_vec(),
        async |m: Matter| casts.of(&m)?.register(m).await,
    )
    .await?;
    stage("分流交办 triage", cases, async |c: Case| {
        casts.of(&c.matter)?.triage(c).await
    })
    .await
}

/// Mediates all cases.
pub async fn mediate(casts: &Casts, cases: Vec<Case>) -> Result<Vec<Case>> {
    stage("调解 mediation", cases, async |c: Case| {
        casts.of(&c.matter)?.mediate(c).await
    })
    .await
}

/// What follows: the court's confirmation, performance, the follow-up visit, the closing.
pub async fn finish(casts: &Casts, cases: Vec<Case>) -> Result<Played> {
    let confirming: Vec<Case> = cases
        .iter()
        .filter(|c| c.matter.course == Course::Confirmed)
        .cloned()
        .collect();
    stage("司法确认 confirmation", confirming, async |c: Case| {
        casts.of(&c.matter)?.confirm(c).await
    })
    .await?;
    let cases = stage("履行 performance", cases, async |c: Case| {
        casts.of(&c.matter)?.perform(c).await
    })
    .await?;
    let played = Played {
        types_as_proposed: cases.iter().filter(|c| c.as_proposed).count(),
        obligations: cases.iter().map(|c| c.obligations.len()).sum(),
        notices: cases.iter().filter(|c| c.noticed).count(),
    };
    stage("回访办结 evaluation", cases, async |c: Case| {
        casts.of(&c.matter)?.close(c).await
    })
    .await?;
    Ok(played)
}

fn draft(case: &Case) -> Value {
    let debtor = case.parties.get(1);
    let form = if case.matter.course == Course::Oral {
        "oral"
    } else {
        "written"
    };
    let amount: i64 = 300_000;
    let clauses: Vec<Value> = match case.matter.course {
        Course::Instalments => (1..=3)
            .map(|month| json!({ "act": format!("第{month}期付款"), "way": "instalment", "debtor": debtor,
                                 "due_on": china_today() + chrono::Days::new(30 * month), "amount_fen": amount / 3 }))
            .collect(),
        _ => vec![json!({ "act": "一次付清", "way": "immediate_payment", "debtor": debtor, "due_on": china_today(), "amount_fen": amount })],
    };
    json!({
        "form": form, "immediate": case.matter.course.performed_at_once(), "facts": "双方对主要事实无争议。", "content": "被申请人向申请人支付款项,双方就此了结。",
        "content_codes": [], "amount_fen": amount, "obligations": clauses,
    })
}

pub(super) fn china_today() -> chrono::NaiveDate {
    (Time::system().now() + chrono::Duration::hours(8)).date_naive()
}

pub(super) fn text(object: &Value, field: &str) -> Result<String> {
    Ok(object
        .get(field)
        .and_then(Value::as_str)
        .with_context(|| format!("no {field} in {object}"))?
        .to_owned())
}
