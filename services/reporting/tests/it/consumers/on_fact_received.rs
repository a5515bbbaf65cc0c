//! Facts of lower nodes count as if they had come directly, and once.

use anyhow::{Result, anyhow};
use contracts::{Service, events::federation::FactReceived};
use reporting::{Reporting, rebuild};
use serde_json::json;
use testkit::TestService;

use crate::feed::{Case, Fed, as_fact, everything, feed};

/// Stories at three nodes; two of the cases are accepted at two nodes, in different years.
fn stories() -> Vec<Fed> {
    let at = |number, node, region| Case {
        node,
        region,
        ..Case::new(number)
    };
    let twice = |number, first, second| {
        let earlier = at(number, first, "620602");
        let later = Case {
            accepted_at: earlier.accepted_at + chrono::TimeDelta::days(20),
            amount_fen: Some(77),
            source: "court",
            ..at(number, second, "620621")
        };
        [earlier.story(), vec![later.registered(), later.accepted()]].concat()
    };
    [
        at(1, "620602", "620602").story(),
        at(2, "620621", "620621001").story(),
        at(3, "6206", "6206").story(),
        twice(4, "620602", "6206"),
        twice(5, "6206", "620621"),
    ]
    .concat()
}

async fn log(service: &TestService<Reporting>) -> Result<Vec<String>> {
    let sql = "SELECT row(event_id, subject, event_type, source, epoch, seq, occurred_at, payload, day, kind)::text
               FROM reporting.event_log ORDER BY event_id";
    let rows = service.sql().await?.query(sql, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_counts_as_if_it_had_come_directly() -> Result<()> {
    let direct = TestService::<Reporting>::start().await?;
    feed(&direct, &stories()).await?;
    let expected = (everything(&direct).await?, log(&direct).await?);

    // Wrapped, backwards, twice, and mixed with the events themselves.
    let service = TestService::<Reporting>::start().await?;
    let facts: Vec<Fed> = stories().iter().rev().map(as_fact).collect();
    feed(&service, &facts).await?;
    assert_eq!(
        (everything(&service).await?, log(&service).await?),
        expected
    );
    feed(&service, &facts).await?;
    feed(&service, &stories()).await?;
    assert_eq!(
        (everything(&service).await?, log(&service).await?),
        expected
    );

    let applied = rebuild(&service.db()?)
        .await
        .map_err(|problem| anyhow!("{problem:?}"))?;
    assert_eq!(applied, u64::try_from(stories().len())?);
    assert_eq!(everything(&service).await?, expected.0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_known_at_two_nodes_is_one_and_of_the_node_that_accepted_it_first() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    feed(&service, &stories()).await?;
    let token = service.role("leader");
    let table = service
        .get("/reporting/v1/statistics?dimension=node", &token)
        .await?
        .expect(200)?;
    assert_eq!(table["received"], 5);
    let row = |number: u128| {
        let (service, token) = (&service, &token);
        async move {
            let path = format!("/reporting/v1/ledger/{}", Case::new(number).id());
            service.get(&path, token).await?.expect(200)
        }
    };
    let first = row(4).await?;
    assert_eq!(first["origin"], "620602");
    // Everything said with the acceptance is the first one's word.
    assert_eq!(
        [&first["region"], &first["source"], &first["amount_fen"]],
        [&json!("620602"), &json!("public"), &json!(null)]
    );
    assert_eq!(row(5).await?["origin"], "6206");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_come_over_the_bus_and_one_that_cannot_be_read_does_not_count() -> Result<()> {
    let service = TestService::<Reporting>::start().await?;
    let case = Case {
        node: "620602",
        ..Case::new(1)
    };
    let direct = case.accepted();
    let fact: FactReceived = serde_json::from_value(as_fact(&direct).body)?;
    for _ in 0..2 {
        service
            .publish(Service::Federation, case.id(), &fact)
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("event_log").await?, 1);
    let path = format!("/reporting/v1/cases/{}/timeline", case.id());
    let timeline = service
        .get(&path, &service.role("leader"))
        .await?
        .expect(200)?;
    assert_eq!(
        timeline["items"][0]["event_id"],
        json!(direct.envelope.id.to_string())
    );
    assert_eq!(timeline["items"].as_array().map(Vec::len), Some(1));

    let mut broken = as_fact(&Case::new(2).accepted());
    broken.body["body"]["accepted_at"] = json!("yesterday");
    let error = feed(&service, &[broken]).await.unwrap_err().to_string();
    assert!(error.contains("invalid-body"), "{error}");
    Ok(())
}
