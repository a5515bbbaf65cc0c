//! What happens: a building site, cracked houses, threats; departments, an appraisal, two agreements, two rulings, no payment.

use anyhow::{Context as _, Result};
use chassis::time::Time;
use chrono::Days;
use serde_json::{Value, json};

use super::{
    super::play::{china_today, text},
    people::{Office, People},
};

/// What the first agreement settles, in fen.
const DAMAGE: i64 = 4_200_000;
/// What the changed agreement settles, in fen.
const ALL: i64 = 5_000_000;

/// The case on its way.
pub struct Story<'a> {
    people: &'a People,
    /// The case.
    pub case_id: String,
    parties: Vec<String>,
}

impl<'a> Story<'a> {
    /// The window registers and accepts it 登记、受理.
    pub async fn begin(people: &'a People) -> Result<Self> {
        let matter = json!({
            "region": super::COUNTY, "class": "dispute", "source": "public", "channel": "window", "notice_version": "2026-01",
            "narrative": "工地打桩把我们两家房子震裂,多次协商无果,有人扬言要堵路,请求鉴定并赔偿。",
            "amount_fen": ALL, "persons_involved": 12,
            "parties": [
                { "side": "applicant", "kind": "natural_person", "name": "住户甲" },
                { "side": "applicant", "kind": "natural_person", "name": "住户乙" },
                { "side": "respondent", "kind": "natural_person", "name": "施工队负责人" },
            ],
        });
        let registered = people
            .api
            .post("/intake/v1/matters", &people.clerk, &matter)
            .await?;
        let accept = format!("/intake/v1/matters/{}/accept", text(&registered, "id")?);
        people.api.post(&accept, &people.clerk, &json!({})).await?;
        let parties = registered.get("parties").and_then(Value::as_array);
        let parties = parties.context("no parties")?.iter();
        Ok(Self {
            people,
            case_id: text(&registered, "case_id")?,
            parties: parties
                .map(|p| text(p, "party_id"))
                .collect::<Result<_>>()?,
        })
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Result<Value> {
        self.people.api.post(path, token, &body).await
    }

    /// The centre decides and blows the whistle 吹哨; both departments report in 报到; the conclusion gives the case to the
    /// committee, with a day.
    pub async fn called_together(&self) -> Result<()> {
        let people = self.people;
        let path = format!("/triage/v1/cases/{}", self.case_id);
        let proposed = |case: &Value| case.get("proposal").is_some_and(|p| !p.is_null());
        people.api.get_when(&path, &people.triage, proposed).await?;
        let decision = json!({
            "type_code": "damages", "route": "peoples_mediation", "track": "complex", "colour": "orange",
            "reason": "涉众且有激化苗头,需多部门会商;属民事赔偿争议,可以调解。",
        });
        self.post(&format!("{path}/decide"), &people.triage, decision)
            .await?;
        let duty = |office: &Office| json!({ "organisation": office.id, "duty": "派员到场,说明监管和检测情况" });
        let whistle = json!({
            "purpose": "核实震裂原因,稳控现场,明确责任单位", "urgent": true,
            "departments": people.departments.iter().map(duty).collect::<Vec<_>>(),
        });
        let called = self
            .post(&format!("{path}/consultations"), &people.triage, whistle)
            .await?;
        let consultation = format!("/triage/v1/consultations/{}", text(&called, "id")?);
        for office in &people.departments {
            let report_in = format!("{consultation}/report-in");
            self.post(&report_in, &office.officer, json!({})).await?;
        }
        let conclusion = json!({
            "conclusion": "responsible", "minutes": "由区调委会限期化解,两部门配合鉴定。",
            "responsible_organisation": people.committee.id, "due_on": china_today() + Days::new(20),
        });
        let conclude = format!("{consultation}/conclude");
        let concluded = self.post(&conclude, &people.triage, conclusion).await?;
        let sign = format!("/triage/v1/orders/{}/sign", text(&concluded, "order_id")?);
        self.post(&sign, &people.committee.officer, json!({}))
            .await?;
        Ok(())
    }

    /// Three levels study the case 三级研判 and a task force is formed 一案一专班, which plans; gives its path.
    pub async fn task_force(&self) -> Result<String> {
        let people = self.people;
        let studies = format!("/triage/v1/cases/{}/studies", self.case_id);
        for level in ["post", "centre", "joint_meeting"] {
            let study = json!({ "level": level, "opinion": "涉众、疑难,建议成立专班", "advises_task_force": true });
            self.post(&studies, &people.director, study).await?;
        }
        let offices = people.departments.iter().chain([&people.committee]);
        let team = json!({
            "case_id": self.case_id, "basis": "hard", "lead": "demo-lead", "assignment": "各负其责,限期化解",
            "organisations": offices.map(|office| office.id.as_str()).collect::<Vec<_>>(),
        });
        let formed = self
            .post("/triage/v1/task-forces", &people.director, team)
            .await?;
        let force = format!("/triage/v1/task-forces/{}", text(&formed, "id")?);
        let plan = json!({ "plan": "先鉴定、再协商、后确认,逐户稳控。" });
        self.post(&format!("{force}/plan"), &people.director, plan)
            .await?;
        Ok(force)
    }

    /// Everyone consents and mediation begins; it stands still while the damage is appraised 鉴定; gives the proceeding's path.
    pub async fn appraised(&self) -> Result<String> {
        let (people, mediator) = (self.people, &self.people.mediator);
        let order = json!({ "order_id": self.order().await? });
        let officer = &people.committee.officer;
        let opened = self
            .post("/mediation/v1/proceedings", officer, order)
            .await?;
        let proceeding = format!("/mediation/v1/proceedings/{}", text(&opened, "id")?);
        let act = async |act: &str, body: Value| {
            self.post(&format!("{proceeding}/{act}"), mediator, body)
                .await
        };
        for party in &self.parties {
            let consent = json!({ "party_id": party, "consents": true, "way": "in_person" });
            act("consents", consent).await?;
        }
        act("start", json!({ "mediator_ids": [people.presiding] })).await?;
        let session = json!({
            "held_at": Time::system().now(), "place": "on_site", "attendance": self.parties,
            "record": "现场查看裂缝,各方同意委托鉴定。",
        });
        act("sessions", session).await?;
        let pause = json!({ "reason": "appraisal", "note": "委托鉴定机构核定房屋损失" });
        act("pause", pause).await?;
        act("resume", json!({})).await?;
        Ok(proceeding)
    }

    /// The order the committee signed for.
    async fn order(&self) -> Result<String> {
        let path = format!("/triage/v1/cases/{}", self.case_id);
        let case = self.people.api.get(&path, &self.people.triage).await?;
        let mut orders = case
            .get("orders")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let signed = |order: &&Value| order.get("state").and_then(Value::as_str) == Some("signed");
        text(orders.find(signed).context("no order is signed")?, "id")
    }

    fn terms(&self, amount: i64, open_issues: Option<&str>) -> Value {
        json!({
            "form": "written", "facts": "经鉴定,裂缝与打桩有因果关系。", "content": "施工队按鉴定结论赔偿。",
            "amount_fen": amount, "open_issues": open_issues,
            "obligations": [{ "way": "payment", "debtor": self.parties.last(), "amount_fen": amount, "due_on": china_today() }],
        })
    }

    /// They settle a part of it 部分协议 and leave the rest open; gives the agreement.
    pub async fn settled_in_part(&self, proceeding: &str) -> Result<String> {
        let terms = self.terms(DAMAGE, Some("误工损失和安置费另行协商"));
        let draft = format!("{proceeding}/agreement");
        let drafted = self.post(&draft, &self.people.mediator, terms).await?;
        let agreement = text(&drafted, "id")?;
        self.sign(&agreement, "signatures").await?;
        Ok(agreement)
    }

    /// They change it, so that it settles everything and says who pays what by when 变更协议 (人民调解法 33; 民事诉讼法 206).
    pub async fn agreed_anew(&self, proceeding: &str, agreement: &str) -> Result<()> {
        let (api, mediator) = (&self.people.api, &self.people.mediator);
        let heard =
            |of: &Value| of.get("state").and_then(Value::as_str) == Some("agreement_dismissed");
        api.get_when(proceeding, mediator, heard).await?;
        let amend = format!("/mediation/v1/agreements/{agreement}/amend");
        self.post(&amend, mediator, self.terms(ALL, None)).await?;
        self.sign(agreement, "amendment-signatures").await?;
        // Until the service of the confirmation has heard of it, the agreement is the one that was dismissed.
        let window = format!("/judicial-confirmation/v1/agreements/{agreement}");
        let changed = |of: &Value| of.get("amount_fen").and_then(Value::as_i64) == Some(ALL);
        api.get_when(&window, mediator, changed).await?;
        Ok(())
    }

    async fn sign(&self, agreement: &str, what: &str) -> Result<()> {
        let (people, path) = (
            self.people,
            format!("/mediation/v1/agreements/{agreement}/{what}"),
        );
        for party in &self.parties {
            let act = json!({ "signer": "party", "party_id": party, "form": "handwritten", "scan_reference": "扫描件" });
            self.post(&path, &people.mediator, act).await?;
        }
        let act =
            json!({ "signer": "mediator", "form": "handwritten", "scan_reference": "扫描件" });
        self.post(&path, &people.mediator, act).await?;
        let act = json!({ "signer": "organisation", "form": "seal", "scan_reference": "扫描件" });
        self.post(&path, &people.committee.officer, act).await?;
        Ok(())
    }

    /// They apply for confirmation together 共同申请, the court hears them and rules; gives the application's path.
    pub async fn ruled(&self, agreement: &str, ruling: Value) -> Result<String> {
        let (people, officer) = (self.people, &self.people.committee.officer);
        let mut parties = self.parties.iter();
        let apply = json!({
            "agreement_id": agreement, "party_id": parties.next(), "court": people.court, "court_basis": "organisation_place",
            "materials": ["agreement", "organisation_proof", "identity", "contact", "property_proof"],
        });
        let applications = "/judicial-confirmation/v1/applications";
        let applied = self.post(applications, officer, apply).await?;
        let application = format!("{applications}/{}", text(&applied, "id")?);
        for party in parties {
            let join = json!({ "party_id": party });
            self.post(&format!("{application}/join"), officer, join)
                .await?;
        }
        let heard = json!({ "held_on": china_today(), "way": "on_site", "present": self.parties });
        for (act, body) in [
            ("receive", json!({})),
            ("accept", json!({})),
            ("question", heard),
            ("rule", ruling),
        ] {
            self.post(&format!("{application}/{act}"), &people.judge, body)
                .await?;
        }
        Ok(application)
    }

    /// The court tells why it did not confirm, the committee what remains 通报、告知.
    pub async fn dismissed(&self, application: &str) -> Result<()> {
        let circular = json!({ "text": "给付期限和金额不明确,请规范文书。", "recipients": ["organisation", "justice_bureau"] });
        let (judge, officer) = (&self.people.judge, &self.people.committee.officer);
        self.post(&format!("{application}/circulate"), judge, circular)
            .await?;
        self.post(&format!("{application}/tell-options"), officer, json!({}))
            .await?;
        Ok(())
    }

    /// The debtor does not pay 未履行 and the others apply for enforcement 申请执行.
    pub async fn enforced(&self, agreement: &str, application: &str) -> Result<()> {
        let people = self.people;
        let path = format!("/mediation/v1/agreements/{agreement}");
        let confirmed = |of: &Value| of.get("confirmed") == Some(&json!(true));
        let found = people.api.get_when(&path, &people.mediator, confirmed);
        let found = found.await?;
        let owed = found.pointer("/clauses/0").context("nothing is owed")?;
        let owed = text(owed, "obligation_id")?;
        let default = format!("/mediation/v1/obligations/{owed}/default");
        let reason = json!({ "reason": "到期后经催告仍拒绝支付" });
        self.post(&default, &people.mediator, reason).await?;
        let enforce = json!({ "party_id": self.parties.first(), "obligation_ids": [owed] });
        let path = format!("{application}/enforcement");
        self.post(&path, &people.committee.officer, enforce).await?;
        Ok(())
    }

    /// The task force reports and has done its work 解散专班.
    pub async fn dissolved(&self, force: &str) -> Result<()> {
        let director = &self.people.director;
        let report = json!({ "report": "协议已获司法确认,执行申请已移送。" });
        self.post(&format!("{force}/reports"), director, report)
            .await?;
        let result = json!({ "result": "争议已定,转入执行,现场平稳。", "settled": true });
        self.post(&format!("{force}/dissolve"), director, result)
            .await?;
        Ok(())
    }
}
