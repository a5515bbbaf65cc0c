//! Work, events and the answer to an idempotency key commit together or not at all.

use std::time::Duration;

use anyhow::Result;
use chassis::{
    db::{Cause, Tx, statement},
    http::Problem,
};
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use serde_json::json;
use testkit::TestService;
use uuid::Uuid;

use super::{Service, case, declined, note};

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
async fn a_version_that_nothing_is_compared_with_is_refused() -> Result<()> {
    let service: Service = TestService::start().await?;
    let token = service.role("evaluator");
    let body = json!({ "text": "new", "case_id": case(1) });
    let seen = ("If-Match", "\"1\"");
    for headers in [vec![seen], vec![seen, ("Idempotency-Key", "k-1")]] {
        service
            .post_with("/evaluation/v1/notes", &token, body.clone(), &headers)
            .await?
            .expect_problem(400, "invalid-header")?;
    }
    assert_eq!(service.count("notes").await?, 0);
    assert_eq!(service.count("outbox").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_the_broker_would_not_take_is_refused_at_once() -> Result<()> {
    let service: Service = TestService::start().await?;
    let db = service.db()?;
    let cause = Cause::new(db.time());
    let told = async |length: usize| {
        let fact = declined(1, &"字".repeat(length));
        db.tx("tell", &cause, async |tx: &mut Tx| {
            tx.publish(case(1), &fact)
        })
        .await
    };
    let refused = told(400_000).await.unwrap_err();
    assert_eq!(refused.code().code, "body-too-large");
    assert_eq!(service.count("outbox").await?, 0);
    told(100_000).await.unwrap();
    service.settle().await?;
    assert_eq!(service.stream_messages().await?.len(), 1);
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

/// Runs a statement in a transaction; gives the code of its problem.
async fn refused(service: &Service, sql: &'static str) -> Result<&'static str> {
    let db = service.db()?;
    let cause = Cause::new(db.time());
    let done = db.tx("slow", &cause, async |tx: &mut Tx| {
        diesel::sql_query(sql).execute(tx.conn()).await?;
        Ok::<(), Problem>(())
    });
    Ok(done.await.unwrap_err().code().code)
}

/// A counter of the transaction `name`.
fn counted(counter: &str, name: &str) -> Result<usize> {
    let text = chassis::telemetry::metrics().text()?;
    let (counter, name) = (format!("fengqiao_{counter}"), format!("name=\"{name}\""));
    let mut lines = text.lines();
    let line = lines.find(|line| line.starts_with(&counter) && line.contains(&name));
    let value = line.and_then(|line| line.rsplit(' ').next());
    Ok(value.unwrap_or("0").parse()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_took_too_long_may_succeed_later() -> Result<()> {
    let service: Service = TestService::start_with(|config| {
        config.database.statement_timeout = Duration::from_millis(600);
        config.database.lock_timeout = Duration::from_millis(50);
    })
    .await?;
    let admin = service.sql().await?;
    admin
        .batch_execute("BEGIN; LOCK TABLE evaluation.notes")
        .await?;
    let insert = "INSERT INTO notes SELECT gen_random_uuid(), gen_random_uuid(), 'x'";
    assert_eq!(refused(&service, insert).await?, "unavailable");
    assert_eq!(counted("db_tx_retries_total", "slow")?, 4, "five times");
    assert_eq!(
        refused(&service, "SELECT pg_sleep(5)").await?,
        "unavailable"
    );
    // It would take as long again.
    assert_eq!(counted("db_tx_retries_total", "slow")?, 4);
    assert_eq!(refused(&service, "SELECT 1 / 0").await?, "internal");
    assert_eq!(counted("db_tx_total", "slow")?, 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_wait_for_each_other_one_tries_again() -> Result<()> {
    let service: Service = TestService::start().await?;
    let rows = "INSERT INTO evaluation.notes VALUES ('00000000-0000-0000-0000-000000000001', gen_random_uuid(), 'one'),
        ('00000000-0000-0000-0000-000000000002', gen_random_uuid(), 'two')";
    service.sql().await?.batch_execute(rows).await?;
    let db = service.db()?;
    // Both have their first row before either asks for its second.
    let both = tokio::sync::Barrier::new(2);
    let cross = async |name: &'static str, order: [u128; 2]| {
        let mut attempts = 0;
        let cause = Cause::new(db.time());
        let work = async |tx: &mut Tx| {
            attempts += 1;
            for (nth, id) in order.into_iter().enumerate() {
                if nth == 1 && attempts == 1 {
                    both.wait().await;
                }
                diesel::sql_query("UPDATE notes SET text = text || $2 WHERE id = $1")
                    .bind::<SqlUuid, _>(Uuid::from_u128(id))
                    .bind::<Text, _>(name)
                    .execute(tx.conn())
                    .await?;
            }
            Ok::<(), Problem>(())
        };
        db.tx(name, &cause, work).await
    };
    let (there, back) = tokio::join!(cross("-there", [1, 2]), cross("-back", [2, 1]));
    assert!(there.is_ok() && back.is_ok(), "{there:?} {back:?}");
    let once = "notes WHERE text LIKE '%-there%' AND text LIKE '%-back%' AND length(text) = 14";
    assert_eq!(service.count(once).await?, 2, "each took effect once");
    let mut retries = 0;
    for name in ["-there", "-back"] {
        assert_eq!(counted("db_tx_total", name)?, 1);
        retries += counted("db_tx_retries_total", name)?;
    }
    assert_eq!(retries, 1);
    Ok(())
}
