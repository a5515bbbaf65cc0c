//! A connection that is lost while a transaction commits: its answer does not come, and it may have taken effect.

use anyhow::{Context as _, Result};
use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl as _;
use serde_json::json;
use testkit::{ChaosProxy, TestService, postgres::Connection, service::eventually};

use super::{Service, case};

/// A commit with a note in it waits until the test lets it go.
const HELD: &str = "
    CREATE FUNCTION evaluation.held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER held AFTER INSERT ON evaluation.notes DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION evaluation.held();
    SELECT pg_advisory_lock(7)";

/// A service that reaches its database by way of a network that can be broken, and whose commits wait.
async fn held() -> Result<(Service, ChaosProxy, Connection)> {
    let mut service: Service = TestService::start().await?;
    let url = service.database.admin_url();
    let port = url
        .rsplit(':')
        .next()
        .and_then(|rest| rest.split('/').next());
    let proxy = ChaosProxy::start(port.context("a port")?.parse()?).await?;
    // Clients on this machine use its socket otherwise.
    let address = format!("127.0.0.1:{}", proxy.port());
    let url = format!("postgres://{address}/{}", service.database.name());
    service
        .restart_with(|config| config.database.url = url)
        .await?;
    let admin = service.sql().await?;
    admin.batch_execute(HELD).await?;
    Ok((service, proxy, admin))
}

/// Waits for a commit that is on its way, breaks its connection, and lets it go.
async fn lose_the_answer(admin: &Connection, proxy: &ChaosProxy) -> Result<()> {
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 7
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    eventually("a commit is on its way", async || {
        Ok(admin.query_one(waiting, &[]).await?.get::<_, i64>(0) == 1)
    })
    .await?;
    proxy.cut().await;
    proxy.heal().await;
    admin.batch_execute("SELECT pg_advisory_unlock(7)").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_taken_effect_is_not_done_again() -> Result<()> {
    let (service, proxy, admin) = held().await?;
    let db = service.db()?;
    let cause = Cause::new(db.time());
    let work = db.tx("unkeyed", &cause, async |tx: &mut Tx| {
        let insert = "INSERT INTO notes SELECT $1, $1, 'note ' || gen_random_uuid()";
        let id = db.time().uuid();
        diesel::sql_query(insert)
            .bind::<SqlUuid, _>(id)
            .execute(tx.conn())
            .await?;
        Ok::<(), Problem>(())
    });
    let (done, lost) = tokio::join!(work, lose_the_answer(&admin, &proxy));
    lost?;
    assert_eq!(done.unwrap_err().code().code, "unavailable");
    eventually("it took effect", async || {
        Ok(service.count("notes").await? == 1)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_gets_the_answer_that_was_lost() -> Result<()> {
    let (service, proxy, admin) = held().await?;
    let (body, token) = (
        json!({ "text": "once", "case_id": case(1) }),
        service.role("evaluator"),
    );
    let key = [("Idempotency-Key", "k-1")];
    let call = service.post_with("/evaluation/v1/notes", &token, body, &key);
    let (answer, lost) = tokio::join!(call, lose_the_answer(&admin, &proxy));
    lost?;
    let answer = answer?;
    assert_eq!(
        (answer.status, answer.version()),
        (201, Some(1)),
        "{}",
        answer.body
    );
    let rows = [
        service.count("notes").await?,
        service.count("outbox").await?,
    ];
    assert_eq!(rows, [1, 1]);
    Ok(())
}
