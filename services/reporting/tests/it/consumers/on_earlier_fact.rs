//! A node on another release tells facts in the form they have there: as each kind was first published, or with the fields it
//! gained since (`contracts/samples`).

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use contracts::{Service, border, events::catalogue};
use reporting::Reporting;
use serde_json::Value;
use testkit::TestService;

use crate::feed::{Case, Fed, as_fact, feed};

/// Every fact that goes up, in every form it was ever published in, as told by a county.
fn facts_of_every_release() -> Result<Vec<Fed>> {
    let county = Case {
        node: "620602",
        ..Case::new(1)
    };
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/samples");
    let mut facts = Vec::new();
    for file in fs::read_dir(samples)? {
        let path = file?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some((kind, _)) = name
            .and_then(|name| name.strip_suffix(".json"))
            .and_then(|name| name.split_once(".v1"))
        else {
            continue;
        };
        let entries = catalogue();
        let entry = entries
            .iter()
            .find(|entry| format!("{}.{}", entry.object, entry.fact) == kind)
            .context("no such kind")?;
        let service = entry.service.unwrap_or(Service::Triage);
        let event_type = format!("fengqiao.{service}.{kind}.v1");
        if !border::goes_up(&event_type) {
            continue;
        }
        let body: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let number = u128::try_from(facts.len())?;
        let mut fed = Case {
            number,
            ..county.clone()
        }
        .registered();
        fed.envelope.event_type = event_type;
        fed.envelope.service = service;
        if let Some(case_id) = body.get("case_id").and_then(Value::as_str) {
            fed.envelope.subject = case_id.parse()?;
        }
        fed.body = body;
        facts.push(as_fact(&fed));
    }
    Ok(facts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_on_another_release_is_counted() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let facts = facts_of_every_release()?;
    feed(&service, &facts).await?;
    assert_eq!(
        service.count("event_log").await?,
        i64::try_from(facts.len())?
    );

    let accepted = facts
        .iter()
        .find(|fact| fact.body["event_type"] == "fengqiao.intake.matter.accepted.v1")
        .context("no acceptance")?;
    let row = service
        .get(
            &format!("/reporting/v1/ledger/{}", accepted.envelope.subject),
            &service.role("leader"),
        )
        .await?
        .expect(200)?;
    // Of the county, with what its events said in their first form.
    assert_eq!(row["origin"], "620602");
    assert_eq!(row["region"], accepted.body["body"]["region"]);
    assert_eq!(
        row["acceptance_number"],
        accepted.body["body"]["acceptance_number"]
    );
    assert_eq!(row["type_code"], "labour");
    assert_eq!(row["route"], "peoples_mediation");
    Ok(())
}
