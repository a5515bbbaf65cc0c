//! Screening: recording, the ledger, becoming a matter, writing off.

use anyhow::Result;
use serde_json::{Value, json};

use crate::support::*;

const PATH: &str = "/intake/v1/screenings";

fn risk() -> Value {
    json!({
        "region": "620602", "place": "东大街工地", "kind": "targeted", "category": "wage_arrears", "severity": "serious",
        "description": "工地三个月未发工资，二十余人情绪激动",
    })
}

async fn recorded(service: &Service) -> Result<String> {
    let grid = service.role("grid_worker");
    let view = service.post(PATH, &grid, risk()).await?.expect(201)?;
    Ok(text(&view, "/id")?.to_owned())
}

fn registration() -> Value {
    json!({
        "class": "dispute", "type_hint": "labour.wage_arrears", "notice_version": "2026-01", "persons_involved": 20,
        "parties": [{ "side": "applicant", "kind": "natural_person", "name": "李四" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_risk_is_in_the_ledger_until_it_is_a_matter_or_written_off() -> Result<()> {
    let service = Service::start().await?;
    let grid = service.role("grid_worker");
    let (first, second) = (recorded(&service).await?, recorded(&service).await?);
    let ledger = async |query: &str| {
        service
            .get(&format!("{PATH}?{query}"), &grid)
            .await?
            .expect(200)
    };
    let open = ledger("state=open&severity=serious").await?;
    assert_eq!(
        (&open["total"], &open["total_capped"]),
        (&json!(2), &json!(false))
    );

    let path = format!("{PATH}/{first}/register");
    let matter = service
        .post(&path, &grid, registration())
        .await?
        .expect(201)?;
    assert_eq!(
        (
            &matter["source"],
            &matter["channel"],
            &matter["region"],
            &matter["persons_involved"]
        ),
        (
            &json!("screening"),
            &json!("grid"),
            &json!("620602"),
            &json!(20)
        )
    );
    service
        .post(&path, &grid, registration())
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    let view = service
        .get(&format!("{PATH}/{first}"), &grid)
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["state"], &view["matter_id"]),
        (&json!("registered"), &matter["id"])
    );

    let path = format!("{PATH}/{second}/write-off");
    let done = json!({ "reason": "settled", "evidence": "9月1日回访，工资已发" });
    let view = service
        .post(&path, &grid, done.clone())
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["state"], &view["reason"]),
        (&json!("written_off"), &json!("settled"))
    );
    service
        .post(&path, &grid, done)
        .await?
        .expect_problem(409, "transition-not-allowed")?;
    assert_eq!(ledger("state=open").await?["total"], 0);
    assert_eq!(
        ledger("kind=targeted&category=wage_arrears").await?["total"],
        2
    );
    assert_eq!(ledger("region=620621").await?["total"], 0);

    let kinds: Vec<String> = service
        .events()
        .await?
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    for (kind, times) in [
        ("screening.recorded", 2),
        ("screening.written_off", 1),
        ("matter.registered", 1),
    ] {
        assert_eq!(
            kinds.iter().filter(|k| k.contains(kind)).count(),
            times,
            "{kind} in {kinds:?}"
        );
    }
    let clocks = service
        .sql()
        .await?
        .query(
            "SELECT state FROM intake.clocks WHERE kind = 'screening.write_off'",
            &[],
        )
        .await?;
    let states: Vec<String> = clocks.iter().map(|row| row.get(0)).collect();
    assert_eq!(states, ["stopped", "stopped"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_breaks_a_rule_and_changes_nothing() -> Result<()> {
    let service = Service::start().await?;
    let grid = service.role("grid_worker");
    for (field, value, code) in [
        ("region", json!("620702"), "region-out-of-scope"),
        ("place", json!(" "), "text-required"),
        ("kind", json!("chance"), "invalid-body"),
        ("category", json!("weather"), "unknown-screening-category"),
        ("severity", json!("mild"), "unknown-severity"),
        ("description", json!(""), "text-required"),
    ] {
        let mut body = risk();
        body[field] = value;
        let problem = service
            .post(PATH, &grid, body)
            .await?
            .expect_problem(422, code)?;
        assert_eq!(problem["pointer"], format!("/{field}"));
    }
    nothing_stored(&service).await?;
    assert_eq!(service.count("screenings").await?, 0);

    let id = recorded(&service).await?;
    let (register, write_off) = (
        format!("{PATH}/{id}/register"),
        format!("{PATH}/{id}/write-off"),
    );
    let mut nobody = registration();
    nobody["parties"] = json!([]);
    service
        .post(&register, &grid, nobody)
        .await?
        .expect_problem(422, "party-required")?;
    for (body, code) in [
        (
            json!({ "reason": "bored", "evidence": "x" }),
            "unknown-write-off-reason",
        ),
        (
            json!({ "reason": "settled", "evidence": " " }),
            "text-required",
        ),
    ] {
        service
            .post(&write_off, &grid, body)
            .await?
            .expect_problem(422, code)?;
    }
    let stale = [("if-match", "\"7\"")];
    let done = json!({ "reason": "settled", "evidence": "x" });
    service
        .post_with(&write_off, &grid, done.clone(), &stale)
        .await?
        .expect_problem(412, "stale-version")?;
    let elsewhere = service
        .token()
        .roles(["grid_worker"])
        .region("620621")
        .sign()?;
    service
        .post(&write_off, &elsewhere, done)
        .await?
        .expect_problem(404, "not-found")?;
    let applicant = service.role("applicant");
    service
        .post(PATH, &applicant, risk())
        .await?
        .expect_problem(403, "forbidden")?;
    assert_eq!(
        (
            service.count("matters").await?,
            service.count("cases").await?
        ),
        (0, 0)
    );
    let view = service
        .get(&format!("{PATH}/{id}"), &grid)
        .await?
        .expect(200)?;
    assert_eq!(
        (&view["state"], &view["version"]),
        (&json!("open"), &json!(1))
    );
    Ok(())
}
