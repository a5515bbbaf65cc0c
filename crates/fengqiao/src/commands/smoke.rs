//! `fengqiao smoke`: a test matter goes through a running node.

mod client;

use anyhow::{Result, bail};
use contracts::Service;
use serde_json::{Value, json};

use crate::cli::Smoke;
use client::{Client, text};

/// What the matter says of itself, to whoever comes across it.
const MARK: &str = "[fengqiao smoke] 运行检查产生的测试事项,无当事人,请忽略。Test matter of an operator's check, nobody is behind it.";

/// Registers it, declines it, and reads both back from reporting; with `through_triage` accepts it and sees it in triage.
pub async fn run(wanted: &Smoke) -> Result<()> {
    let client = Client::new(wanted)?;
    let matter = json!({
        "region": wanted.region, "class": "dispute", "source": "other", "channel": "import", "narrative": MARK,
        "notice_version": "smoke", "parties": [
            {"side": "applicant", "kind": "legal_person", "name": "fengqiao smoke"}],
    });
    let registered = client
        .post("registered", Service::Intake, "/intake/v1/matters", &matter)
        .await?;
    let (matter, case) = (text(&registered, "id"), text(&registered, "case_id"));
    let mut remains = "a registered matter: decline it at the window, reason other";
    let outcome = go_on(&client, wanted.through_triage, &matter, &case, &mut remains).await;
    eprintln!("remains: {remains}; matter {matter}, case {case}");
    outcome
}

async fn go_on(
    client: &Client,
    through_triage: bool,
    matter: &str,
    case: &str,
    remains: &mut &'static str,
) -> Result<()> {
    let matter = format!("/intake/v1/matters/{matter}");
    let fact = if through_triage {
        client
            .post(
                "accepted",
                Service::Intake,
                &format!("{matter}/accept"),
                &json!({}),
            )
            .await?;
        *remains = "an accepted case, counted as received, with its clock running until somebody decides on it";
        let path = format!("/triage/v1/cases/{case}");
        client
            .get_when("proposed by triage", Service::Triage, &path, |_| true)
            .await?;
        "accepted_at"
    } else {
        let reason = json!({"reason": "other", "explanation": MARK});
        let path = format!("{matter}/decline");
        client
            .post("declined", Service::Intake, &path, &reason)
            .await?;
        *remains =
            "a matter that was not accepted, in no figure of cases received, no clock running";
        let path = "/triage/v1/cases?limit=1";
        client
            .get_when("triage answers", Service::Triage, path, |_| true)
            .await?;
        "declined_at"
    };
    let path = format!("/reporting/v1/ledger/{case}");
    client
        .get_when("in the ledger", Service::Reporting, &path, |entry| {
            entry.get(fact).is_some_and(|at| !at.is_null())
        })
        .await?;
    let statistics = client
        .get_when(
            "statistics add up",
            Service::Reporting,
            "/reporting/v1/statistics?dimension=source",
            |_| true,
        )
        .await?;
    if statistics.pointer("/total_check/balanced") != Some(&Value::Bool(true)) {
        bail!("statistics: the table does not add up");
    }
    Ok(())
}
