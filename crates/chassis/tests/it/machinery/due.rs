//! What is due: the list of every service, the plans of its statements, and a year that is announced.

use std::{collections::BTreeMap, time::Duration};

use anyhow::Result;
use chassis::clocks::{
    Holder,
    sql::{CLAIM, Reach, open_clocks},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    Service as From,
    events::{clock::ClockWarned, federation::PolicyAdopted},
    ids::{DispatchOrderId, OrganisationId},
};
use policy::{HandedDown, PolicyPack};
use serde_json::Value;
use testkit::{TestService, service::eventually};
use uuid::Uuid;

use super::{
    Service, case,
    clocks::{china, pack, tx},
};

const LIST: &str = "/evaluation/v1/clocks";

fn object(n: u128) -> DispatchOrderId {
    Uuid::from_u128(n).into()
}

fn organisation(n: u128) -> OrganisationId {
    Uuid::from_u128(n).into()
}

async fn start(
    service: &Service,
    pack: &PolicyPack,
    kind: &str,
    n: u128,
    holder: Holder,
    ago: TimeDelta,
) -> Result<DateTime<Utc>> {
    let due = tx(service, async |tx| {
        let begun = tx.now() - ago;
        tx.start_policy_clock(pack, kind, None, object(n), holder.clone(), begun)
    });
    Ok(due.await?.unwrap().at)
}

async fn listed(service: &Service, query: &str, token: &str) -> Result<Vec<(String, String)>> {
    let page = service
        .get(&format!("{LIST}{query}"), token)
        .await?
        .expect(200)?;
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    let items = page["items"].as_array().unwrap().iter();
    Ok(items
        .map(|item| (text(item, "kind"), text(item, "state")))
        .collect())
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(kind, state): &(&str, &str)| ((*kind).to_owned(), (*state).to_owned());
    expected.iter().map(owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_listed_for_those_who_have_to_keep_it() -> Result<()> {
    let (service, pack): (Service, _) = (TestService::start().await?, pack());
    let county = Holder::new(case(1), "620602".parse()?);
    let township = Holder::new(case(2), "620602103".parse()?);
    let none = TimeDelta::zero();
    let mine = township
        .clone()
        .organisation(organisation(3))
        .assignee("test-mediator".to_owned());
    start(&service, &pack, "mediation.statutory", 1, mine, none).await?;
    start(&service, &pack, "triage.decide", 2, county.clone(), none).await?;
    let late = TimeDelta::days(5);
    let theirs = county.clone().organisation(organisation(4));
    start(&service, &pack, "dispatch.sign", 3, theirs.clone(), late).await?;
    start(&service, &pack, "mediation.track.complex", 4, theirs, none).await?;
    tx(&service, async |tx| {
        tx.pause_clock(&pack, "mediation.track.complex", object(4), "appraisal")
            .await
    })
    .await?
    .unwrap();
    // One that is done, and one whose end settles the matter, are no longer to be kept.
    start(&service, &pack, "case.close", 5, county.clone(), none).await?;
    start(
        &service,
        &pack,
        "dispatch.return",
        6,
        county,
        TimeDelta::days(20),
    )
    .await?;
    tx(&service, async |tx| {
        tx.stop_clock("case.close", object(5));
        Ok(())
    })
    .await?
    .unwrap();
    let sql = "SELECT count(*) FROM evaluation.clocks WHERE state = 'breached'";
    eventually("two ran out", async || {
        let row = service.sql().await?.query_one(sql, &[]).await?;
        Ok(row.get::<_, i64>(0) == 2)
    })
    .await?;

    let node = service.role("coordinator");
    let all = [
        ("dispatch.sign", "overdue"),
        ("triage.decide", "due_soon"),
        ("mediation.track.complex", "paused"),
        ("mediation.statutory", "running"),
    ];
    assert_eq!(listed(&service, "", &node).await?, pairs(&all));
    for one in all {
        let query = format!("?state={}", one.1);
        assert_eq!(listed(&service, &query, &node).await?, pairs(&[one]));
    }
    let query = "?kind=triage.decide";
    assert_eq!(listed(&service, query, &node).await?, pairs(&all[1..2]));

    // By pages.
    let first = service.get(&format!("{LIST}?limit=3"), &node).await?;
    let first = first.expect(200)?;
    let rest = format!("?limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(listed(&service, &rest, &node).await?, pairs(&all[3..]));
    let overdue = &first["items"][0];
    assert_eq!(overdue["name"]["zh"], "签收");
    assert_eq!(overdue["region"], "620602");
    assert!(overdue["seconds_left"].as_i64().unwrap() < 0);
    assert_eq!(first["items"][2]["pause_reason"], "appraisal");
    assert_eq!(first["items"][2]["seconds_left"], 20 * 86_400 + 14 * 3600);

    // Whose they are.
    let token = |region: &str, role: &str| service.token().region(region).roles([role]).sign();
    let clerk = token("620602103", "window_clerk")?;
    assert_eq!(listed(&service, "", &clerk).await?, pairs(&all[3..]));
    let elsewhere = token("620621", "window_clerk")?;
    assert_eq!(listed(&service, "", &elsewhere).await?, []);
    let mediator = service.role_in("mediator", organisation(3));
    assert_eq!(listed(&service, "", &mediator).await?, pairs(&all[3..]));
    assert_eq!(
        listed(&service, "?mine=true", &mediator).await?,
        pairs(&all[3..])
    );
    let officer = service.role_in("organisation_officer", organisation(4));
    assert_eq!(listed(&service, "?mine=true", &officer).await?, []);
    assert_eq!(listed(&service, "", &officer).await?.len(), 2);
    let applicant = service.role("applicant");
    service
        .get(LIST, &applicant)
        .await?
        .expect_problem(403, "forbidden")?;
    for (query, code) in [
        ("?state=late", "invalid-query"),
        ("?colour=red", "invalid-query"),
        ("?cursor=abc", "invalid-cursor"),
    ] {
        service
            .get(&format!("{LIST}{query}"), &node)
            .await?
            .expect_problem(400, code)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn claiming_and_listing_use_their_indexes() -> Result<()> {
    let service: Service = TestService::start().await?;
    let sql = service.sql().await?;
    sql.batch_execute(
        "SET search_path = evaluation;
         INSERT INTO clocks (id, kind, object_id, case_id, region, organisation_id, started_at, due_at, provisional, warn_at, state,
             wake_at)
         SELECT gen_random_uuid(), 'triage.decide', gen_random_uuid(), gen_random_uuid(), '6206' || lpad((n % 90)::text, 2, '0'),
             ('00000000-0000-7000-8000-' || lpad((n % 90)::text, 12, '0'))::uuid, '2030-01-01',
             timestamptz '2030-01-01' + n * interval '1 minute', false, '{}', 'running',
             timestamptz '2030-01-01' + n * interval '1 minute' FROM generate_series(1, 20000) AS n;
         ANALYZE clocks",
    )
    .await?;
    let claim = CLAIM
        .replace("$1", "'2030-01-01 01:00Z'")
        .replace("$2", "50");
    let list = |reach| {
        open_clocks(reach)
            .replace("$11", "ARRAY['62']")
            .replace("$10", "'00000000-0000-7000-8000-000000000007'")
            .replace("$1", "'epoch'")
            .replace("$2", "'ffffffff-ffff-ffff-ffff-ffffffffffff'")
            .replace("$3", "'2031-01-01'")
            .replace("$4", "ARRAY['running']")
            .replace("$5", "NULL::text")
            .replace("$6", "NULL::text")
            .replace("$7", "51")
            .replace("$8", "'620607'")
            .replace("$9", "'620607:'")
    };
    for (query, index) in [
        (claim, "clocks_wake_at "),
        (list(Reach::Node), "clocks_open "),
        (list(Reach::Organisation), "clocks_open_organisation "),
    ] {
        let rows = sql.query(&format!("EXPLAIN {query}"), &[]).await?;
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{plan}");
    }
    Ok(())
}

/// 2027 as the State Council might announce it: people work on the weekend after New Year's Day.
fn announced() -> PolicyAdopted {
    let year = r#"{"year": 2027, "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": false},
        {"name": "元旦", "date": "2027-01-03", "isOffDay": false}]}"#;
    let file = "reference/calendar/2027.json".to_owned();
    let handed_down = HandedDown::new(BTreeMap::from([(file, year.to_owned())]));
    PolicyAdopted {
        by: "62".parse().unwrap(),
        version: handed_down.version,
        files: handed_down.files,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_that_is_announced_moves_what_rested_on_it() -> Result<()> {
    let service: Service = TestService::start_with(|config| {
        config.policy.poll_interval = Duration::from_millis(100);
    })
    .await?;
    let pack = pack();
    // Wednesday 2026-12-30, 10:00.
    service.time.advance(TimeDelta::days(120));
    let holder = Holder::new(case(1), "620602".parse()?);
    let none = TimeDelta::zero();
    let due = start(
        &service,
        &pack,
        "mediation.consent",
        1,
        holder.clone(),
        none,
    )
    .await?;
    assert_eq!(due, china("2027-01-06T00:00"));
    start(
        &service,
        &pack,
        "mediation.statutory",
        2,
        holder.clone(),
        none,
    )
    .await?;
    tx(&service, async |tx| {
        tx.pause_clock(&pack, "mediation.statutory", object(2), "appraisal")
            .await
    })
    .await?
    .unwrap();
    let list = async || {
        let page = service.get(LIST, &service.role("coordinator")).await?;
        Ok::<_, anyhow::Error>(page.expect(200)?["items"].clone())
    };
    let before = list().await?;
    assert_eq!(before[0]["provisional"], true);
    // Sunday noon: four fifths of the time are not over yet, by what is known.
    service.time.advance(TimeDelta::hours(98));
    assert_eq!(service.published::<ClockWarned>().await?.len(), 0);
    service
        .publish(From::Federation, case(1), &announced())
        .await?;
    eventually("it is due earlier", async || {
        let items = list().await?;
        let due: DateTime<Utc> = items[0]["due_at"].as_str().unwrap().parse()?;
        Ok(items[0]["provisional"] == false && due == china("2027-01-04T00:00"))
    })
    .await?;
    // Its warning would have been on Sunday night.
    eventually("the warning is given at once", async || {
        let warned = service.published::<ClockWarned>().await?;
        Ok(warned.len() == 1 && warned[0].due_at == china("2027-01-04T00:00"))
    })
    .await?;
    assert_eq!(service.count("notes").await?, 2, "its service was told");
    let paused = &list().await?[1];
    assert_eq!(
        (&paused["state"], &paused["kind"]),
        (&"paused".into(), &"mediation.statutory".into())
    );
    Ok(())
}
