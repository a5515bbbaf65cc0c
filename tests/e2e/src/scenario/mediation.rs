//! Mediation and the agreement it leads to.

use anyhow::Result;
use chrono::Days;
use serde_json::{Value, json};

use super::{Act, Party, Scene};
use crate::client::{list, text};

/// A proceeding in mediation.
pub struct Proceeding<'a> {
    scene: &'a Scene,
    /// The proceeding.
    pub id: String,
    /// Everybody whose dispute it is.
    pub parties: Vec<String>,
}

/// A written agreement 调解协议.
pub struct Agreement<'a> {
    pub(super) scene: &'a Scene,
    /// The agreement.
    pub id: String,
    /// The parties bound.
    pub parties: Vec<String>,
}

impl<'a> Proceeding<'a> {
    /// Opens it for an order; every party consents (人民调解法 17) and mediation begins.
    pub(super) async fn begun(scene: &'a Scene, order: &str) -> Result<Self> {
        let desk = &scene.cast.desk;
        let open = json!({ "order_id": order });
        let opened = scene
            .act(&desk.officer, "/mediation/v1/proceedings".to_owned(), open)
            .done()
            .await?;
        let parties = list(&opened, "parties")?;
        let parties: Result<Vec<String>> = parties.iter().map(|p| text(p, "party_id")).collect();
        let proceeding = Self {
            scene,
            id: text(&opened, "id")?,
            parties: parties?,
        };
        for party in &proceeding.parties {
            let consent = json!({ "party_id": party, "consents": true, "way": "in_person" });
            proceeding.act("consents", consent).done().await?;
        }
        let start = json!({ "mediator_ids": desk.mediators });
        proceeding.act("start", start).done().await?;
        Ok(proceeding)
    }

    /// An act of the mediator.
    fn act(&self, act: &str, body: Value) -> Act<'a> {
        self.act_of(&self.scene.cast.desk.mediator, act, body)
    }

    fn act_of(&self, token: &str, act: &str, body: Value) -> Act<'a> {
        let path = format!("/mediation/v1/proceedings/{}/{act}", self.id);
        self.scene.act(token, path, body)
    }

    /// 中止 for a listed reason (人民法院在线调解规则 26).
    pub fn suspended_for(&self, reason: &str) -> Act<'a> {
        self.act(
            "pause",
            json!({ "reason": reason, "note": "委托鉴定机构核定损失" }),
        )
    }

    /// 恢复.
    pub fn resumed(&self) -> Act<'a> {
        self.act("resume", json!({}))
    }

    /// 延长期限, agreed to by these parties (人民法院在线调解规则 24).
    pub fn extended_by<P: AsRef<str>>(&self, parties: &[P]) -> Act<'a> {
        let parties: Vec<&str> = parties.iter().map(AsRef::as_ref).collect();
        self.act("extend", json!({ "agreed_by": parties }))
    }

    /// An offer made for the sake of settlement 让步.
    pub fn offered_by(&self, party: &Party, offer: &str) -> Act<'a> {
        self.act(
            "concessions",
            json!({ "party_id": party.id, "content": offer }),
        )
    }

    /// 无争议事实, signed by these parties themselves (人民法院在线调解规则 17).
    ///
    /// # Errors
    /// It is refused.
    pub async fn undisputed(&self, facts: &str, parties: [&Party; 2]) -> Result<()> {
        self.act("undisputed-facts", json!({ "content": facts }))
            .done()
            .await?;
        for party in parties {
            let sign = json!({ "form": "electronic" });
            self.act_of(&party.account, "fact-signatures", sign)
                .done()
                .await?;
        }
        Ok(())
    }

    /// Mediation ends without an agreement 调解不成.
    pub fn failed(&self) -> Act<'a> {
        self.act("end", json!({ "end_code": "large_gap" }))
    }

    /// A party goes to court 网上转立.
    pub fn taken_to_court_by(&self, party: &Party) -> Act<'a> {
        let evidence = json!([{ "party_id": party.id, "name": "现场照片", "reference": "卷12-3" }]);
        let way = json!({ "way": "litigation", "evidence": evidence });
        self.act_of(&party.account, "other-way", way)
    }

    /// What somebody reads of it: `""`, `/filing-file`, `/concessions`.
    ///
    /// # Errors
    /// It is refused.
    pub async fn read(&self, part: &str, token: &str) -> Result<Value> {
        self.scene.read(&self.path(part), token).await
    }

    /// The path of a part of it.
    #[must_use]
    pub fn path(&self, part: &str) -> String {
        format!("/mediation/v1/proceedings/{}{part}", self.id)
    }

    /// A session is held and a written agreement drafted 拟定协议: one payment in a month. `content_codes` are the contents that
    /// the law excludes from confirmation; `at_once`: it is performed on the spot.
    ///
    /// # Errors
    /// It is refused.
    pub async fn drafted(&self, content_codes: &[&str], at_once: bool) -> Result<Agreement<'a>> {
        let scene = self.scene;
        let session = json!({
            "held_at": scene.time().now(), "place": "centre", "attendance": self.parties,
            "record": "双方到场,调解员听取陈述,释明法律,提出方案。",
        });
        self.act("sessions", session).done().await?;
        let due_on = scene.today() + Days::new(if at_once { 0 } else { 30 });
        let draft = json!({
            "form": "written", "immediate": at_once, "facts": "双方对主要事实无争议。", "content": "一方向另一方付款,双方就此了结。",
            "content_codes": content_codes, "amount_fen": 300_000,
            "obligations": [{ "way": "payment", "debtor": self.parties.last(), "amount_fen": 300_000, "due_on": due_on }],
        });
        let drafted = self.act("agreement", draft).done().await?;
        Ok(Agreement {
            scene,
            id: text(&drafted, "id")?,
            parties: self.parties.clone(),
        })
    }
}

impl<'a> Agreement<'a> {
    fn signatures(&self, token: &str, signature: Value) -> Act<'a> {
        let path = format!("/mediation/v1/agreements/{}/signatures", self.id);
        self.scene.act(token, path, signature)
    }

    /// A party signs at its own screen 电子签名.
    pub fn signed_electronically_by(&self, party: &Party) -> Act<'a> {
        let signature = json!({ "signer": "party", "form": "electronic" });
        self.signatures(&party.account, signature)
    }

    /// A party signs the paper by hand; the mediator notes it, with the scan where there is one.
    pub fn signed_by_hand(&self, party: &str, scan: Option<&str>) -> Act<'a> {
        let signature = json!({ "signer": "party", "party_id": party, "form": "handwritten", "scan_reference": scan });
        self.signatures(&self.scene.cast.desk.mediator, signature)
    }

    /// Parties, mediator and organisation sign and seal the paper 签名、捺印、盖章: the agreement takes effect with the last of them
    /// (人民调解法 29).
    ///
    /// # Errors
    /// It is refused.
    pub async fn signed_and_sealed(&self) -> Result<()> {
        for party in &self.parties {
            self.signed_by_hand(party, Some("扫描件")).done().await?;
        }
        let desk = &self.scene.cast.desk;
        for (token, signer, form) in [
            (&desk.mediator, "mediator", "handwritten"),
            (&desk.officer, "organisation", "seal"),
        ] {
            let act = json!({ "signer": signer, "form": form, "scan_reference": "扫描件" });
            self.signatures(token, act).done().await?;
        }
        Ok(())
    }
}
