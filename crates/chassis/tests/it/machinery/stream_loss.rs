//! A stream that was deleted, emptied or rolled back is noticed and refilled from the outbox.

use anyhow::Result;
use chassis::bus::replay::replay_since;
use testkit::{TestService, service::eventually};

use super::{Service, note};

async fn notes_in_stream(service: &Service) -> Result<usize> {
    Ok(service
        .stream_messages()
        .await
        .map(|m| m.len())
        .unwrap_or(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_stream_is_made_anew_and_refilled() -> Result<()> {
    let service: Service = TestService::start().await?;
    for n in 0..5 {
        note(&service, &format!("note {n}")).await?.expect(201)?;
    }
    service.settle().await?;
    service.delete_stream().await?;
    // Noticed by the next publication at the latest.
    note(&service, "after").await?.expect(201)?;
    eventually("all six are in the stream", async || {
        Ok(notes_in_stream(&service).await? == 6)
    })
    .await?;
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_store_is_refilled() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    for n in 0..5 {
        note(&service, &format!("note {n}")).await?.expect(201)?;
    }
    service.settle().await?;
    service.nats.kill9().await;
    service.nats.lose_store()?;
    service.nats.restart().await?;
    eventually("all five are in the stream again", async || {
        Ok(notes_in_stream(&service).await? == 5)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_lost_its_tail_is_refilled() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    note(&service, "first").await?.expect(201)?;
    service.settle().await?;
    service.nats.stop().await?;
    let backup = service.nats.copy_store()?;
    service.nats.restart().await?;
    for n in 0..4 {
        note(&service, &format!("note {n}")).await?.expect(201)?;
    }
    eventually("all five are in the stream", async || {
        Ok(notes_in_stream(&service).await? == 5)
    })
    .await?;
    service.settle().await?;
    service.nats.stop().await?;
    service.nats.put_store(&backup)?;
    service.nats.restart().await?;
    eventually("all five are in the stream again", async || {
        Ok(notes_in_stream(&service).await? == 5)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn replay_publishes_again_under_new_message_ids() -> Result<()> {
    let service: Service = TestService::start().await?;
    note(&service, "early").await?.expect(201)?;
    service.time.advance(chrono::Duration::hours(1));
    note(&service, "late").await?.expect(201)?;
    service.settle().await?;
    let replayed = replay_since(&service.db()?, service.time.now(), 400)
        .await
        .unwrap();
    assert_eq!(replayed, 1);
    eventually("the late one is there twice", async || {
        Ok(notes_in_stream(&service).await? == 3)
    })
    .await?;
    let messages = service.stream_messages().await?;
    let ids: Vec<&str> = messages
        .iter()
        .filter_map(|(_, h)| h.get("ce-id").map(|v| v.as_str()))
        .collect();
    assert_eq!(ids[1], ids[2], "the event keeps its id");
    // What is older than consumers remember is not published again.
    service.time.advance(chrono::Duration::minutes(30));
    let too_old = replay_since(&service.db()?, chrono::DateTime::UNIX_EPOCH, 0).await;
    assert_eq!(too_old.unwrap(), 0);
    Ok(())
}

/// Rows as a larger node has them, published to a stream that is gone, and a limit to what one statement may take. One statement
/// fails on the way.
const LARGE: &str = "
    SET search_path = evaluation;
    INSERT INTO outbox (event_id, nats_subject, event_type, subject, case_seq, correlation, payload, occurred_at, epoch, seq,
                        stream_seq, published_at)
    SELECT gen_random_uuid(), 'evt.evaluation.rating.given', 'fengqiao.evaluation.rating.given.v1', gen_random_uuid(), n,
           gen_random_uuid(), '{}', CASE WHEN n > 50 THEN timestamptz '2026-09-01' ELSE '2020-01-01' END, 1, n, n, '2026-09-01'
    FROM generate_series(1, 11050) AS n;
    UPDATE outbox_state SET next_seq = 11051;
    CREATE SEQUENCE marking;
    CREATE FUNCTION limited() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) FROM changed) > 5000 THEN RAISE 'too much for one statement'; END IF;
        IF (SELECT count(*) FROM changed) > 200 AND nextval('evaluation.marking') = 2 THEN RAISE 'interrupted'; END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER limited AFTER UPDATE ON outbox REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION limited()";

#[tokio::test(flavor = "multi_thread")]
async fn a_large_outbox_is_marked_in_parts_and_goes_on_after_an_interruption() -> Result<()> {
    let mut service: Service = TestService::start_with(|config| config.outbox.batch = 1000).await?;
    service.sql().await?.batch_execute(LARGE).await?;
    service.restart_with(|_| {}).await?;
    // Each was marked once, and what is too old not at all.
    let again = "outbox WHERE replays = 1 AND stream_seq > 0 AND occurred_at > '2026-01-01'";
    eventually("all that is young enough is published again", async || {
        Ok(service.count(again).await? == 11_000)
    })
    .await?;
    assert_eq!(service.count("outbox WHERE replays > 0").await?, 11_000);
    // All at once by hand as well.
    let again = replay_since(&service.db()?, chrono::DateTime::UNIX_EPOCH, 400).await;
    assert_eq!(again.unwrap(), 11_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_servers_lose_nothing() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    note(&service, "before").await?.expect(201)?;
    service.nats.kill9().await;
    // Work goes on without the bus.
    for n in 0..5 {
        note(&service, &format!("without {n}")).await?.expect(201)?;
    }
    service.nats.restart().await?;
    eventually("all six are in the stream", async || {
        Ok(notes_in_stream(&service).await? == 6)
    })
    .await?;
    service.settle().await
}
