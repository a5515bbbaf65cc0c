//! Work, events and the answer to an idempotency key commit together or not at all.

use anyhow::Result;
use chassis::{
    db::{Cause, Tx, statement},
    http::Problem,
};
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use serde_json::json;
use testkit::TestService;
use uuid::Uuid;

use super::{Service, case, note};

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_command_leaves_nothing() -> Result<()> {
    let service: Service = TestService::start().await?;
    note(&service, "refuse")
        .await?
        .expect_problem(409, "conflict")?;
    assert_eq!(service.count("notes").await?, 0);
    assert_eq!(service.count("outbox").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_key_gives_the_first_answer_and_does_nothing() -> Result<()> {
    let service: Service = TestService::start().await?;
    let token = service.role("evaluator");
    let body = json!({ "text": "once", "case_id": case(1) });
    let key = [("Idempotency-Key", "k-1")];
    let first = service
        .post_with("/evaluation/v1/notes", &token, body.clone(), &key)
        .await?;
    let second = service
        .post_with("/evaluation/v1/notes", &token, body, &key)
        .await?;
    assert_eq!((first.status, first.version()), (201, Some(1)));
    assert_eq!((second.status, second.version()), (201, Some(1)));
    assert_eq!(first.body, second.body);
    assert_eq!(second.headers.get("idempotency-replayed").unwrap(), "true");
    assert!(first.headers.get("idempotency-replayed").is_none());
    assert_eq!(service.count("notes").await?, 1);
    assert_eq!(service.count("outbox").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_another_body_is_refused() -> Result<()> {
    let service: Service = TestService::start().await?;
    let token = service.role("evaluator");
    let key = [("Idempotency-Key", "k-1")];
    let body = |text: &str| json!({ "text": text, "case_id": case(1) });
    service
        .post_with("/evaluation/v1/notes", &token, body("one"), &key)
        .await?
        .expect(201)?;
    let other = service
        .post_with("/evaluation/v1/notes", &token, body("two"), &key)
        .await?;
    other.expect_problem(422, "idempotency-key-reused")?;
    // Another caller's key is another key.
    let somebody = service
        .token()
        .roles(["evaluator"])
        .subject("somebody")
        .sign()?;
    service
        .post_with("/evaluation/v1/notes", &somebody, body("two"), &key)
        .await?
        .expect(201)?;
    assert_eq!(service.count("notes").await?, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_at_the_same_time_works_once() -> Result<()> {
    let service: Service = TestService::start().await?;
    let token = service.role("evaluator");
    let calls = (0..8).map(|_| {
        let body = json!({ "text": "once", "case_id": case(1) });
        service.post_with(
            "/evaluation/v1/notes",
            &token,
            body,
            &[("Idempotency-Key", "k")],
        )
    });
    for answer in futures_util::future::join_all(calls).await {
        let answer = answer?;
        // A loser of the race that was not yet able to see the winner's answer may be told to come back.
        assert!(matches!(answer.status, 201 | 409 | 503), "{}", answer.body);
    }
    assert_eq!(service.count("notes").await?, 1);
    assert_eq!(service.count("outbox").await?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sequences_are_gapless_however_many_write() -> Result<()> {
    let service: Service = TestService::start().await?;
    let token = service.role("evaluator");
    let calls = (0..60_u128).map(|n| {
        let text = if n.is_multiple_of(5) {
            "refuse".to_owned()
        } else {
            format!("note {n}")
        };
        service.post(
            "/evaluation/v1/notes",
            &token,
            json!({ "text": text, "case_id": case(n % 7) }),
        )
    });
    for answer in futures_util::future::join_all(calls).await {
        assert!(matches!(answer?.status, 201 | 409));
    }
    service.settle().await?;
    let admin = service.sql().await?;
    let rows = admin
        .query(
            "SELECT seq, epoch, stream_seq FROM evaluation.outbox ORDER BY seq",
            &[],
        )
        .await?;
    let seqs: Vec<i64> = rows.iter().map(|r| r.get(0)).collect();
    assert_eq!(seqs, (1..=48).collect::<Vec<i64>>());
    let cases = admin
        .query("SELECT subject, array_agg(case_seq ORDER BY seq) FROM evaluation.outbox GROUP BY subject", &[])
        .await?;
    for row in cases {
        let seqs: Vec<i64> = row.get(1);
        assert_eq!(
            seqs,
            (1..=i64::try_from(seqs.len())?).collect::<Vec<i64>>(),
            "order of publishing is order of commits"
        );
    }
    Ok(())
}

/// More than the runtime lets one task do at a time.
const MANY: i64 = 600;

/// Counts on when it comes right after the one before, and is spoilt when it does not.
fn next(tx: &mut Tx, subject: Uuid, n: i64) {
    tx.later(
        statement(
            "INSERT INTO case_sequence AS c (subject, last) VALUES ($1, $2)
             ON CONFLICT (subject) DO UPDATE SET last = CASE WHEN c.last = $2 - 1 THEN $2 ELSE -1000000 END",
        )
        .bind::<SqlUuid, _>(subject)
        .bind::<BigInt, _>(n),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writes_for_later_keep_their_order_and_the_commit_is_the_last() -> Result<()> {
    let service: Service = TestService::start().await?;
    let db = service.db()?;
    for round in 0..20_u128 {
        let subject = Uuid::from_u128(round);
        db.tx("many", &Cause::new(db.time()), async |tx: &mut Tx| {
            (0..MANY).for_each(|n| next(tx, subject, n));
            Ok::<(), Problem>(())
        })
        .await
        .unwrap();
        let failed = db
            .tx("many", &Cause::new(db.time()), async |tx: &mut Tx| {
                (0..MANY).for_each(|n| next(tx, Uuid::from_u128(1000 + round), n));
                tx.later(statement("SELECT 1 / 0"));
                Ok::<(), Problem>(())
            })
            .await;
        assert!(failed.is_err());
    }
    let (whole, all) = (
        "case_sequence WHERE last = 599",
        service.count("case_sequence").await?,
    );
    assert_eq!((service.count(whole).await?, all), (20, 20));
    Ok(())
}
