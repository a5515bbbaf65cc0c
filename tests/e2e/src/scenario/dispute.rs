//! A dispute from the window to the organisation that handles it.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::{Act, Proceeding, Scene};
use crate::{
    cast::{COUNTY, Desk},
    client::{list, text},
    node::settle::eventually,
};

/// 某施工队: the legal person among the parties, who is the same one in every dispute, with its unified social credit code.
pub const BUILDER: &str = "某施工队";
const BUILDERS_CODE: &str = "91350100M000100Y43";

/// A party, with the token of its account.
#[derive(Debug, Clone)]
pub struct Party {
    /// The party.
    pub id: String,
    /// Its account.
    pub account: String,
}

/// A dispute that was accepted.
pub struct Dispute<'a> {
    pub(super) scene: &'a Scene,
    /// What was brought.
    pub matter_id: String,
    /// The case.
    pub case_id: String,
    /// 申请人.
    pub applicant: Party,
    /// 被申请人.
    pub respondent: Party,
    type_code: String,
}

/// A dispatch order 交办单.
pub struct Order<'a> {
    scene: &'a Scene,
    /// The order.
    pub id: String,
}

impl Scene {
    /// The window registers and accepts what two people bring 登记、受理; their accounts are named after them.
    ///
    /// # Errors
    /// It is refused.
    pub async fn accepted(
        &self,
        type_code: &str,
        [applicant, respondent]: [&str; 2],
    ) -> Result<Dispute<'_>> {
        let party = |side: &str, name: &str| match name {
            BUILDER => json!({
                "side": side, "kind": "legal_person", "name": name,
                "identifier": { "kind": "unified-social-credit-code", "number": BUILDERS_CODE },
            }),
            _ => {
                json!({ "side": side, "kind": "natural_person", "name": name, "account_subject": name })
            }
        };
        let matter = json!({
            "region": COUNTY, "class": "dispute", "source": "public", "channel": "window", "type_hint": type_code,
            "narrative": "双方发生争议,请求调解。", "amount_fen": 300_000, "notice_version": "2026-01",
            "parties": [party("applicant", applicant), party("respondent", respondent)],
        });
        let clerk = &self.cast.clerk;
        let registered = self
            .act(clerk, "/intake/v1/matters".to_owned(), matter)
            .done()
            .await?;
        let matter_id = text(&registered, "id")?;
        let accept = format!("/intake/v1/matters/{matter_id}/accept");
        self.act(clerk, accept, json!({})).done().await?;
        let of = |side: &str, name: &str| -> Result<Party> {
            let mut parties = list(&registered, "parties")?.iter();
            let found = parties.find(|party| party["side"] == side);
            Ok(Party {
                id: text(found.context("a side without a party")?, "party_id")?,
                account: self.account(name)?,
            })
        };
        Ok(Dispute {
            scene: self,
            case_id: text(&registered, "case_id")?,
            applicant: of("applicant", applicant)?,
            respondent: of("respondent", respondent)?,
            type_code: type_code.to_owned(),
            matter_id,
        })
    }
}

impl<'a> Dispute<'a> {
    /// Applicant and respondent.
    #[must_use]
    pub fn parties(&self) -> [&Party; 2] {
        [&self.applicant, &self.respondent]
    }

    /// The triage officer decides for people's mediation 分流.
    ///
    /// # Errors
    /// It is refused.
    pub async fn triaged(&self) -> Result<()> {
        self.triaged_for("peoples_mediation").await
    }

    /// The triage officer decides for a route 分流.
    ///
    /// # Errors
    /// It is refused.
    pub async fn triaged_for(&self, route: &str) -> Result<()> {
        let scene = self.scene;
        let path = format!("/triage/v1/cases/{}", self.case_id);
        let found = scene.api.read(&path, &scene.cast.triage).await?;
        let proposal = found.get("proposal").context("no proposal")?;
        let decision = json!({
            "type_code": self.type_code, "route": route,
            "track": proposal["track"], "colour": proposal["colour"], "reason": "经核实。",
        });
        let decide = scene.act(&scene.cast.triage, format!("{path}/decide"), decision);
        decide.done().await.map(drop)
    }

    /// The case is handed to an organisation 交办.
    pub fn dispatched_to(&self, desk: &Desk) -> Act<'a> {
        let body = json!({ "to_organisation": desk.organisation, "mode": "assign" });
        self.triage_act(&self.scene.cast.triage, "dispatch", body)
    }

    /// Somebody designates the organisation that handles it 指定办理 (信访工作条例 24).
    pub fn designated_to(&self, desk: &Desk, by: &str) -> Act<'a> {
        let body = json!({ "to_organisation": desk.organisation });
        self.triage_act(by, "designate", body)
    }

    fn triage_act(&self, token: &str, act: &str, body: Value) -> Act<'a> {
        let path = format!("/triage/v1/cases/{}/{act}", self.case_id);
        self.scene.act(token, path, body)
    }

    /// The order that was answered.
    ///
    /// # Errors
    /// It is none.
    pub fn order(&self, answer: &Value) -> Result<Order<'a>> {
        Ok(Order {
            scene: self.scene,
            id: text(answer, "id")?,
        })
    }

    /// The dispute goes on in another case 并案.
    pub fn merged_into(&self, leading: &Self) -> Act<'a> {
        let path = format!("/intake/v1/cases/{}/merge", self.case_id);
        let body = json!({ "into": leading.case_id, "reason": "同一被申请人、同一事实" });
        self.scene.act(&self.scene.cast.triage, path, body)
    }

    /// Decided, handed over and signed for: the organisation asks every party for consent and mediation begins
    /// 征询意愿、开始调解 (人民调解法 17).
    ///
    /// # Errors
    /// It is refused.
    pub async fn in_mediation(&self) -> Result<Proceeding<'a>> {
        let desk = &self.scene.cast.desk;
        self.triaged().await?;
        let order = self.order(&self.dispatched_to(desk).done().await?)?;
        order.signed_for_by(desk).done().await?;
        Proceeding::begun(self.scene, &order.id).await
    }

    /// The file is closed 办结: the party was visited, told the result and asked how satisfied it is.
    ///
    /// # Errors
    /// It is refused.
    pub async fn closed(&self) -> Result<()> {
        let (scene, cast) = (self.scene, &self.scene.cast);
        let path = format!("/evaluation/v1/cases/{}", self.case_id);
        let found = scene.read(&path, &cast.evaluator).await?;
        let planned = list(&found, "follow_ups")?.first();
        let visit = text(planned.context("no visit is planned")?, "id")?;
        let visited = json!({ "reached": true, "satisfied": true, "performance_ok": true, "note": "电话回访" });
        let complete = format!("/evaluation/v1/follow-ups/{visit}/complete");
        scene.act(&cast.evaluator, complete, visited).done().await?;
        let told = json!({ "feedback": "您反映的纠纷已办结。", "feedback_way": "telephone", "rating_asked": true });
        let close = scene.act(&cast.coordinator, format!("{path}/close"), told);
        close.done().await.map(drop)
    }

    /// Waits until the case stands so in public, as its applicant reads it.
    ///
    /// # Errors
    /// It does not, or its applicant may not read it.
    pub async fn stands(&self, status: &str) -> Result<()> {
        let path = format!("/intake/v1/cases/{}", self.case_id);
        let account = &self.applicant.account;
        eventually(status, async || {
            Ok(text(&self.scene.read(&path, account).await?, "status")? == status)
        })
        .await
    }

    /// What its applicant was told, step by step.
    ///
    /// # Errors
    /// Its applicant may not read it.
    pub async fn told(&self) -> Result<Vec<String>> {
        let path = format!("/intake/v1/cases/{}/timeline?limit=200", self.case_id);
        let found = self.scene.read(&path, &self.applicant.account).await?;
        list(&found, "items")?
            .iter()
            .map(|item| text(item, "code"))
            .collect()
    }
}

impl<'a> Order<'a> {
    fn act(&self, token: &str, act: &str, body: Value) -> Act<'a> {
        let path = format!("/triage/v1/orders/{}/{act}", self.id);
        self.scene.act(token, path, body)
    }

    /// 签收.
    pub fn signed_for_by(&self, desk: &Desk) -> Act<'a> {
        self.act(&desk.officer, "sign", json!({}))
    }

    /// 申请退回 (信访工作条例 23).
    pub fn return_asked_by(&self, desk: &Desk, reason: &str) -> Act<'a> {
        let body = json!({ "reason": reason, "explanation": "当事人和标的均不在本辖区" });
        self.act(&desk.officer, "return", body)
    }

    /// The organ tells what came of the case, on a route without mediation 反馈 (TR-04).
    pub fn fed_back_by(&self, desk: &Desk, outcome: &str, note: &str) -> Act<'a> {
        self.act(
            &desk.officer,
            "feedback",
            json!({ "outcome": outcome, "note": note }),
        )
    }

    /// The person in charge of the organ lengthened its time 延长.
    pub fn extended_by(&self, desk: &Desk, reason: &str) -> Act<'a> {
        self.act(&desk.officer, "extension", json!({ "reason": reason }))
    }

    /// The sender does not accept what the organ reported as finished 返工.
    pub fn sent_back(&self, reason: &str, due_on: &str) -> Act<'a> {
        let body = json!({ "reason": reason, "due_on": due_on });
        self.act(&self.scene.cast.triage, "rework", body)
    }

    /// The sender takes it back 同意退回.
    pub fn return_approved(&self) -> Act<'a> {
        self.act(&self.scene.cast.triage, "return/approve", json!({}))
    }
}
