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
    let replayed = replay_since(&service.db()?, service.time.now())
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
