//! What makes the relay look, and what it does when an acknowledgement was not noted.

use std::time::Duration;

use anyhow::Result;
use testkit::{TestService, service::eventually};

use super::{Service, note};

/// Events on the stream, in order.
async fn ids(service: &Service) -> Result<Vec<String>> {
    let messages = service.stream_messages().await?;
    Ok(messages
        .into_iter()
        .map(|(_, headers)| headers["ce-id"].clone())
        .collect())
}

/// Puts events into the outbox as nobody does who tells the relay.
async fn put(service: &Service, count: i32) -> Result<()> {
    let sql = "INSERT INTO evaluation.outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at)
        SELECT gen_random_uuid(), 'evt.evaluation.rating.given', 'fengqiao.evaluation.rating.given.v1', gen_random_uuid(), 1,
               gen_random_uuid(), '{}', '2026-09-01' FROM generate_series(1, $1)";
    service.sql().await?.execute(sql, &[&count]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_wakes_the_relay() -> Result<()> {
    // Longer than the test has patience.
    let minute = Duration::from_secs(60);
    let service: Service =
        TestService::start_with(|config| config.outbox.poll_interval = minute).await?;
    for (n, text) in ["one", "two"].into_iter().enumerate() {
        note(&service, text).await?.expect(201)?;
        eventually("it is published", async || {
            Ok(ids(&service).await?.len() == n + 1)
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_told_the_relay_of_is_found() -> Result<()> {
    let service: Service = TestService::start().await?;
    put(&service, 1).await?;
    eventually("it is published", async || {
        Ok(ids(&service).await?.len() == 1)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_and_not_noted_is_not_published_twice() -> Result<()> {
    let service: Service = TestService::start().await?;
    put(&service, 4).await?;
    service.settle().await?;
    let before = ids(&service).await?;
    let places = async || {
        let sql = "SELECT stream_seq FROM evaluation.outbox ORDER BY seq";
        let rows = service.sql().await?.query(sql, &[]).await?;
        Ok::<_, anyhow::Error>(
            rows.iter()
                .map(|row| row.get(0))
                .collect::<Vec<Option<i64>>>(),
        )
    };
    // As after a crash between the two; what was written since shares their batch.
    let crash = "BEGIN; UPDATE evaluation.outbox SET stream_seq = NULL, published_at = NULL WHERE stream_seq > 1;
        INSERT INTO evaluation.outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at)
        SELECT gen_random_uuid(), nats_subject, event_type, subject, 2, correlation, payload, occurred_at
        FROM evaluation.outbox WHERE stream_seq = 1; COMMIT";
    service.sql().await?.batch_execute(crash).await?;
    eventually("they are noted again", async || {
        Ok(places().await? == [1, 2, 3, 4, 5].map(Some))
    })
    .await?;
    let after = ids(&service).await?;
    assert_eq!((after.len(), &after[..4]), (5, &before[..]));
    Ok(())
}
