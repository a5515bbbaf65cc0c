//! Events arrive, once in effect, in order; what can never be applied goes to the dead letters.

use anyhow::Result;
use chassis::bus::dead_letters;
use chrono::Duration;
use contracts::{
    Service as From,
    events::{
        clock::{ClockBreached, ClockWarned},
        triage::{RiskColour, Track, TriageProposed},
    },
    ids::{EventId, PartyId, ProposalId},
    questions::{PartyOfSubject, PartyOfSubjectAnswer},
};
use testkit::{TestService, service::eventually};
use uuid::Uuid;

use super::{Service, case, declined, note};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_delivered_twice_is_applied_once() -> Result<()> {
    let service: Service = TestService::start().await?;
    let id = EventId::from(Uuid::from_u128(7));
    for _ in 0..2 {
        service
            .publish_as(id, From::Intake, case(1), &declined(1, "why"))
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("notes").await?, 1);
    assert_eq!(service.count("inbox").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_event_is_buried_and_the_others_flow() -> Result<()> {
    let service: Service = TestService::start().await?;
    for (n, reason) in ["a", "poison", "b", "c"].into_iter().enumerate() {
        service
            .publish(From::Intake, case(1), &declined(u128::try_from(n)?, reason))
            .await?;
    }
    let db = service.db()?;
    eventually("the poison is buried", async || {
        Ok(dead_letters::count(&db).await.unwrap() == 1)
    })
    .await?;
    eventually("the others are applied", async || {
        Ok(service.count("notes").await? == 3)
    })
    .await?;
    let letters = dead_letters::list(&db).await.unwrap();
    assert_eq!(
        (letters[0].problem.as_str(), letters[0].detail.as_str()),
        ("conflict", "poison")
    );
    assert_eq!(letters[0].nats_subject, "evt.intake.matter.declined");

    // Replayed, it fails again and stays; dropped, it is gone.
    let id = letters[0].event_id;
    assert_eq!(dead_letters::replay(&db, Some(id)).await.unwrap(), 1);
    eventually("it was tried again", async || {
        let letter = dead_letters::show(&db, id).await.unwrap().unwrap();
        Ok(!letter.replay && letter.attempts > letters[0].attempts)
    })
    .await?;
    assert!(dead_letters::drop(&db, id).await.unwrap());
    assert!(!dead_letters::drop(&db, id).await.unwrap());
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_applied_once_its_cause_is_gone() -> Result<()> {
    let service: Service = TestService::start().await?;
    // The unique text is taken: the event can not be applied until the note is gone.
    let id = EventId::from(Uuid::from_u128(9));
    let admin = service.sql().await?;
    let taken = format!(
        "INSERT INTO evaluation.notes VALUES ('{}', '{}', 'why {id}')",
        Uuid::nil(),
        Uuid::nil()
    );
    admin.batch_execute(&taken).await?;
    service
        .publish_as(id, From::Intake, case(1), &declined(1, "why"))
        .await?;
    let db = service.db()?;
    eventually("it is buried", async || {
        Ok(dead_letters::count(&db).await.unwrap() == 1)
    })
    .await?;
    admin.batch_execute("DELETE FROM evaluation.notes").await?;
    dead_letters::replay(&db, None).await.unwrap();
    eventually("it is applied", async || {
        Ok(service.count("notes").await? == 1)
    })
    .await?;
    service.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transient_fault_is_waited_out() -> Result<()> {
    let service: Service = TestService::start_with(|config| {
        config.consumers.backoff = vec![std::time::Duration::from_millis(50)];
        config.nats.request_timeout = std::time::Duration::from_millis(300);
    })
    .await?;
    let proposed = TriageProposed {
        proposal_id: ProposalId::from(Uuid::from_u128(1)),
        case_id: case(1),
        region: "620602".parse()?,
        type_code: "other".to_owned(),
        route: "litigation".to_owned(),
        track: Track::Simple,
        colour: RiskColour::Blue,
        rule_ids: vec![],
        proposed_at: service.time.now(),
    };
    // Nobody answers the question yet.
    service.publish(From::Triage, case(1), &proposed).await?;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    assert_eq!(
        service.count("notes").await? + service.count("dead_letters").await?,
        0
    );
    service
        .answer::<PartyOfSubject>(|_| PartyOfSubjectAnswer {
            party_id: Some(PartyId::from(Uuid::nil())),
        })
        .await?;
    service.settle().await?;
    assert_eq!(service.count("notes").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_no_event_is_buried() -> Result<()> {
    let service: Service = TestService::start().await?;
    service
        .publish_raw("evt.intake.matter.declined", b"{}")
        .await?;
    let db = service.db()?;
    eventually("it is buried", async || {
        Ok(dead_letters::count(&db).await.unwrap() == 1)
    })
    .await?;
    assert_eq!(
        dead_letters::list(&db).await.unwrap()[0].problem,
        "invalid-header"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_warns_and_runs_out() -> Result<()> {
    let service: Service = TestService::start().await?;
    note(&service, "due").await?.expect(201)?;
    service.time.advance(Duration::minutes(3));
    eventually("it warned", async || {
        Ok(service.published::<ClockWarned>().await?.len() == 1)
    })
    .await?;
    assert_eq!(service.published::<ClockBreached>().await?.len(), 0);
    service.time.advance(Duration::minutes(2));
    eventually("it ran out", async || {
        Ok(service.published::<ClockBreached>().await?.len() == 1)
    })
    .await?;
    assert_eq!(
        service.count("notes").await?,
        2,
        "its hook ran in the same transaction"
    );
    service.time.advance(Duration::days(1));
    eventually("it reminds of what is overdue", async || {
        Ok(service.published::<ClockWarned>().await?.len() == 2)
    })
    .await?;
    assert_eq!(service.published::<ClockBreached>().await?.len(), 1);
    let sql = "SELECT wake_at IS NULL, ended_at IS NULL FROM evaluation.clocks";
    let row = service.sql().await?.query_one(sql, &[]).await?;
    assert!(row.get::<_, bool>(0), "nothing more will happen");
    assert!(row.get::<_, bool>(1), "what was to be done is overdue");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_personal_text_in_headers_or_subjects() -> Result<()> {
    let service: Service = TestService::start().await?;
    note(&service, "张三的电话是13900000000")
        .await?
        .expect(201)?;
    service.settle().await?;
    let messages = service.stream_messages().await?;
    assert_eq!(messages.len(), 1);
    let (subject, headers) = &messages[0];
    assert!(
        !format!("{subject} {headers:?}").contains("139"),
        "{subject} {headers:?}"
    );
    assert!(headers.contains_key("fq-seq") && headers.contains_key("Nats-Msg-Id"));
    Ok(())
}
