//! Counts and digests of a node's facts.

use anyhow::Result;
use reporting::Reporting;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{TestService, service::eventually};

use crate::feed::{Case, Fed, as_fact, at, feed};

const PATH: &str = "/reporting/v1/facts";

async fn all(service: &TestService<Reporting>, query: &str) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{PATH}{query}&limit=3{cursor}");
        let token = service.role("leader");
        let page = service.get(&path, &token).await?.expect(200)?;
        items.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(items),
        }
    }
}

fn stories(node: &'static str) -> Vec<Fed> {
    let case = |number| Case {
        node,
        ..Case::new(number)
    };
    // The second begins a minute before midnight.
    let night = Case {
        accepted_at: at("2022-03-02T15:59:00Z"),
        ..case(2)
    };
    [case(1).story(), night.story(), case(3).story()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_and_its_parent_have_the_same_counts_and_digests() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let events = stories("620602");
    feed(
        &service,
        &events.iter().rev().map(as_fact).collect::<Vec<_>>(),
    )
    .await?;
    feed(&service, &Case::new(7).story()).await?;
    let days = all(&service, "?node=620602&from=2022-01-01&to=2022-12-31").await?;
    let count: i64 = days.iter().map(|day| day["count"].as_i64().unwrap()).sum();
    // A warning of a clock does not go up.
    let up = |fed: &&Fed| !fed.envelope.event_type.ends_with(".clock.warned.v1");
    assert_eq!(count, i64::try_from(events.iter().filter(up).count())?);
    let order: Vec<(&str, &str)> = days
        .iter()
        .map(|day| (day["day"].as_str().unwrap(), day["kind"].as_str().unwrap()))
        .collect();
    assert!(order.is_sorted() && order.len() > 3, "{order:?}");

    // The digest can be made by anyone who has the ids.
    let accepted = |day: &&Value| day["kind"] == "matter.accepted";
    let accepted: Vec<&Value> = days.iter().filter(accepted).collect();
    assert_eq!(accepted.len(), 2);
    assert_eq!(
        (&accepted[0]["day"], &accepted[0]["count"]),
        (&json!("2022-03-01"), &json!(2))
    );
    assert_eq!(
        (&accepted[1]["day"], &accepted[1]["count"]),
        (&json!("2022-03-02"), &json!(1))
    );
    let path = format!("{PATH}/events?node=620602&day=2022-03-01&kind=matter.accepted");
    let mut ids = Vec::new();
    let mut cursor = String::new();
    for _ in 0..2 {
        let page = service
            .get(&format!("{path}&limit=1{cursor}"), &service.role("leader"))
            .await?
            .expect(200)?;
        ids.push(page["items"][0]["event_id"].as_str().unwrap().to_owned());
        cursor = format!(
            "&cursor={}",
            page["next_cursor"].as_str().unwrap_or_default()
        );
    }
    let mut digest = [0_u8; 32];
    for id in &ids {
        for (sum, byte) in digest.iter_mut().zip(Sha256::digest(id)) {
            *sum ^= byte;
        }
    }
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(accepted[0]["digest"], digest);

    // One fact less is seen.
    let admin = service.sql().await?;
    admin
        .batch_execute(&format!(
            "DELETE FROM reporting.event_log WHERE event_id = '{}'",
            ids[0]
        ))
        .await?;
    let days_then = all(&service, "?node=620602&from=2022-03-01&to=2022-03-01").await?;
    let then = days_then.iter().find(accepted_kind).unwrap();
    assert_eq!(then["count"], 1);
    assert_ne!(then["digest"], digest);
    Ok(())
}

fn accepted_kind(day: &&Value) -> bool {
    day["kind"] == "matter.accepted"
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_nodes_that_were_not_asked_for_are_left_out() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    feed(&service, &[stories("620602"), stories("6206")].concat()).await?;
    let days = all(&service, "?from=2022-03-02&to=2022-03-02").await?;
    assert!(
        days.iter()
            .all(|day| day["node"] == "6206" && day["day"] == "2022-03-02")
    );
    assert!(!days.is_empty());
    let none = all(&service, "?node=620621&from=2022-01-01&to=2022-12-31").await?;
    assert!(none.is_empty(), "{none:?}");
    for (query, status, code, pointer) in [
        (
            "?node=6207&from=2022-01-01&to=2022-12-31",
            422,
            "region-out-of-scope",
            "/node",
        ),
        (
            "?from=2022-01-02&to=2022-01-01",
            422,
            "period-invalid",
            "/to",
        ),
        ("?from=2022-01-02", 400, "invalid-query", "/to"),
        ("/events?day=2022-01-02", 400, "invalid-query", "/kind"),
    ] {
        let answer = service
            .get(&format!("{PATH}{query}"), &service.role("leader"))
            .await?;
        let problem = answer.expect_problem(status, code)?;
        assert_eq!(problem["pointer"], pointer, "{query}");
    }
    Ok(())
}

/// A day costs what its facts cost, however long the log is.
#[tokio::test(flavor = "multi_thread")]
async fn days_are_read_from_their_index() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let admin = service.sql().await?;
    admin
        .batch_execute(
            "INSERT INTO reporting.event_log (event_id, subject, event_type, source, epoch, seq, occurred_at, payload)
             SELECT gen_random_uuid(), gen_random_uuid(),
                    'fengqiao.intake.matter.' || (ARRAY['registered', 'accepted'])[1 + n % 2] || '.v1',
                    '6206' || lpad((n % 20 + 1)::text, 2, '0'), 1, n, '2022-01-01'::timestamptz + n * interval '10 minutes', '{}'
             FROM generate_series(1, 40000) AS n",
        )
        .await?;
    admin
        .batch_execute("VACUUM ANALYZE reporting.event_log")
        .await?;
    let scans = async || -> Result<(i64, i64, i64)> {
        let sql = "SELECT seq_scan, (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'event_log_facts'),
                          (SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'event_log_facts')
                   FROM pg_stat_user_tables WHERE schemaname = 'reporting' AND relname = 'event_log'";
        let row = admin.query_one(sql, &[]).await?;
        Ok((row.get(0), row.get(1), row.get(2)))
    };
    let before = scans().await?;
    let days = all(&service, "?node=620602&from=2022-03-01&to=2022-03-03").await?;
    assert_eq!(days.len(), 3);
    eventually("the scans are counted", async || {
        Ok(scans().await?.1 > before.1)
    })
    .await?;
    let after = scans().await?;
    assert_eq!(after.0, before.0, "the log was read through");
    let read = after.2 - before.2;
    assert!(
        read < 100,
        "{read} entries of the index were read for 21 facts"
    );
    Ok(())
}
