//! Several processes of one service, a restored database, what is removed in time, who may speak.

use anyhow::Result;
use contracts::{
    Service as From,
    ids::CaseId,
    questions::{CaseParties, PartyOfSubject, PartyOfSubjectAnswer, Question},
};
use testkit::{TestService, service::eventually};
use uuid::Uuid;

use super::{Service, case, declined, note};

/// The sessions that lead: what they lead (a hash of the role), and the process of PostgreSQL that serves them.
async fn leaders(service: &Service) -> Result<Vec<(u32, i32)>> {
    let held = "SELECT objid, pid FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::int8 = hashtext('evaluation') & 4294967295
        AND objid::int8 IN (hashtext('relay outbox') & 4294967295, hashtext('consumer EVENTS') & 4294967295)
        ORDER BY objid";
    let rows = service.sql().await?.query(held, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_publish_and_apply_once_and_the_second_takes_over() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    let _second = service.second_process().await?;
    for n in 0..20 {
        note(&service, &format!("note {n}")).await?.expect(201)?;
        service
            .publish(From::Intake, case(n), &declined(n, &format!("why {n}")))
            .await?;
    }
    service.settle().await?;
    assert_eq!(service.count("notes").await?, 40);
    assert_eq!(service.stream_messages().await?.len(), 40);
    let first = leaders(&service).await?;
    assert_eq!(first.len(), 2, "one relay, one consumer: {first:?}");

    service.stop().await?;
    eventually("the other one leads", async || {
        let now = leaders(&service).await?;
        Ok(now.len() == 2 && now.iter().all(|leader| !first.contains(leader)))
    })
    .await?;
    let second = leaders(&service).await?;
    // Commands go to the first process, which is a follower from now on.
    service.restart_with(|_| {}).await?;
    service
        .publish(From::Intake, case(1), &declined(1, "later"))
        .await?;
    note(&service, "later").await?.expect(201)?;
    eventually("the rest is done", async || {
        Ok(service.count("notes").await? == 42)
    })
    .await?;
    eventually("and published", async || {
        Ok(service.stream_messages().await?.len() == 42)
    })
    .await?;
    assert_eq!(leaders(&service).await?, second);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_epoch_starts_the_sequence_anew() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    note(&service, "before").await?.expect(201)?;
    service.settle().await?;
    service.restart_with(|config| config.node.epoch = 2).await?;
    note(&service, "after").await?.expect(201)?;
    eventually("both are in the stream", async || {
        Ok(service.stream_messages().await?.len() == 2)
    })
    .await?;
    let sequences: Vec<(String, String)> = service
        .stream_messages()
        .await?
        .into_iter()
        .map(|(_, h)| (h["fq-epoch"].clone(), h["fq-seq"].clone()))
        .collect();
    let of = |epoch: &str, seq: &str| (epoch.to_owned(), seq.to_owned());
    assert_eq!(sequences, [of("1", "1"), of("2", "1")]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_long_enough_is_removed() -> Result<()> {
    let mut service: Service = TestService::start().await?;
    let body = serde_json::json!({ "text": "old", "case_id": case(1) });
    let token = service.role("evaluator");
    service
        .post_with(
            "/evaluation/v1/notes",
            &token,
            body,
            &[("Idempotency-Key", "k")],
        )
        .await?
        .expect(201)?;
    service
        .publish(From::Intake, case(1), &declined(1, "why"))
        .await?;
    service.settle().await?;
    service.time.advance(chrono::Duration::days(30));
    note(&service, "new").await?.expect(201)?;
    service.settle().await?;
    // More than one statement takes.
    let many = "SET search_path = evaluation;
        INSERT INTO inbox SELECT gen_random_uuid(), 'x', 'y', 1, n, '2020-01-01' FROM generate_series(1, 6000) AS n";
    service.sql().await?.batch_execute(many).await?;
    let keep_ten_days = |config: &mut chassis::config::Config| config.outbox.keep_days = 10;
    service.restart_with(keep_ten_days).await?;
    let rows = async || {
        let (outbox, inbox) = (
            service.count("outbox").await?,
            service.count("inbox").await?,
        );
        Ok::<_, anyhow::Error>([outbox, inbox, service.count("idempotency").await?])
    };
    eventually(
        "the old rows are gone, but for what was applied",
        async || Ok(rows().await? == [1, 1, 0]),
    )
    .await?;
    service.time.advance(chrono::Duration::days(11));
    service.restart_with(|_| {}).await?;
    eventually("that it was applied is forgotten later", async || {
        Ok(service.count("inbox").await? == 0)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_lets_a_service_ask_only_what_it_may() -> Result<()> {
    let service: Service = TestService::start().await?;
    service
        .answer::<PartyOfSubject>(|_| PartyOfSubjectAnswer { party_id: None })
        .await?;
    service.answer::<CaseParties>(|_| Vec::new()).await?;
    let evaluation = service.login(From::Evaluation).await?;
    let ask = async |subject: String| {
        let request = async_nats::Request::new()
            .payload(
                format!(
                    "{{\"case_id\":\"{}\",\"subject\":\"x\"}}",
                    CaseId::from(Uuid::nil())
                )
                .into(),
            )
            .timeout(Some(std::time::Duration::from_millis(500)));
        evaluation.send_request(subject, request).await
    };
    assert!(ask(PartyOfSubject::subject()).await.is_ok());
    assert!(
        ask(CaseParties::subject()).await.is_err(),
        "evaluation may not ask for identities"
    );
    assert!(
        ask("evt.intake.matter.accepted".to_owned()).await.is_err(),
        "nor speak as intake"
    );
    Ok(())
}
