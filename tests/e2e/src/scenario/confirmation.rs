//! Judicial confirmation of an agreement.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Act, Agreement, Party, Scene};
use crate::{client::text, node::settle::eventually};

/// The papers every application needs (民诉法解释 354).
pub const PAPERS: &[&str] = &["agreement", "organisation_proof", "identity", "contact"];
/// The same with the paper that was signed by hand.
pub const AT_THE_WINDOW: &[&str] = &[
    "agreement",
    "organisation_proof",
    "identity",
    "contact",
    "paper_original",
];

/// An application for confirmation.
pub struct Application<'a> {
    scene: &'a Scene,
    /// The application.
    pub id: String,
}

impl<'a> Agreement<'a> {
    /// A party applies at its own screen 在线申请司法确认 (民事诉讼法 205).
    pub fn confirmation_asked_online_by(&self, party: &Party, papers: &[&str]) -> Act<'a> {
        self.confirmation(&party.account, party, papers)
    }

    /// A party applies at the window of the organisation, with its papers.
    pub fn confirmation_asked_at_the_window_by(&self, party: &Party, papers: &[&str]) -> Act<'a> {
        self.confirmation(&self.scene.cast.desk.officer, party, papers)
    }

    fn confirmation(&self, token: &str, party: &Party, papers: &[&str]) -> Act<'a> {
        let apply = json!({
            "agreement_id": self.id, "party_id": party.id, "court": self.scene.cast.court_id,
            "court_basis": "organisation_place", "materials": papers,
        });
        let path = "/judicial-confirmation/v1/applications".to_owned();
        self.scene.act(token, path, apply)
    }

    /// The application that was answered.
    ///
    /// # Errors
    /// It is none.
    pub fn application(&self, answer: &Value) -> Result<Application<'a>> {
        Ok(Application {
            scene: self.scene,
            id: text(answer, "id")?,
        })
    }

    /// What a party reads of its window for the application.
    ///
    /// # Errors
    /// It is refused.
    pub async fn window(&self, party: &Party) -> Result<Value> {
        let path = format!("/judicial-confirmation/v1/agreements/{}", self.id);
        self.scene.read(&path, &party.account).await
    }
}

impl<'a> Application<'a> {
    /// The other party joins at its own screen 共同申请.
    pub fn joined_online_by(&self, party: &Party) -> Act<'a> {
        self.act(&party.account, "join", json!({}))
    }

    /// The other party joins at the window.
    pub fn joined_at_the_window_by(&self, party: &Party) -> Act<'a> {
        let body = json!({ "party_id": party.id });
        self.act(&self.scene.cast.desk.officer, "join", body)
    }

    fn act(&self, token: &str, act: &str, body: Value) -> Act<'a> {
        self.scene.act(token, self.path(act), body)
    }

    fn path(&self, act: &str) -> String {
        format!("/judicial-confirmation/v1/applications/{}/{act}", self.id)
    }

    /// The court takes it in, hears both parties and dismisses it 驳回申请 (民事诉讼法 206), because what was agreed is not clear.
    ///
    /// # Errors
    /// It is refused.
    pub async fn dismissed(&self, parties: [&Party; 2]) -> Result<()> {
        let (court, today) = (&self.scene.cast.court, self.scene.today());
        let heard =
            json!({ "held_on": today, "way": "online", "present": parties.map(|party| &party.id) });
        let ruling = json!({
            "outcome": "dismissed", "reason": "unclear_content", "ruling_number": "（2026）甘0602诉前调确1号", "ruled_on": today,
        });
        for (act, body) in [
            ("receive", json!({})),
            ("accept", json!({})),
            ("question", heard),
            ("rule", ruling),
        ] {
            self.act(court, act, body).done().await?;
        }
        Ok(())
    }

    /// Waits until it has lapsed, because nobody joined in time 逾期未共同申请.
    ///
    /// # Errors
    /// It does not.
    pub async fn expired(&self) -> Result<()> {
        eventually("the application has lapsed", async || {
            Ok(self.state().await? == "expired")
        })
        .await
    }

    /// Where it stands, as the organisation sees it.
    ///
    /// # Errors
    /// It is refused.
    pub async fn state(&self) -> Result<String> {
        let path = self.path("");
        let officer = &self.scene.cast.desk.officer;
        let found = self.scene.read(path.trim_end_matches('/'), officer).await?;
        text(&found, "state")
    }
}
