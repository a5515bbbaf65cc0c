//! Events that cannot be applied: kept with the reason, listed, replayed or dropped by a person.

use chrono::{DateTime, Utc};
use contracts::events::{Envelope, EnvelopeError};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{
        BigInt, Bool, Bytea, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{
    db::{Cause, Db, Tx, statement},
    http::Problem,
    telemetry::metrics,
};

/// A dead letter to be kept.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) event_id: Uuid,
    pub(super) nats_subject: String,
    pub(super) headers: serde_json::Value,
    pub(super) payload: Vec<u8>,
    pub(super) problem: String,
    pub(super) detail: String,
    pub(super) attempts: i32,
    pub(super) in_inbox: bool,
}

/// A dead letter that is kept.
#[derive(Debug, QueryableByName)]
pub struct DeadLetter {
    /// The event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: Uuid,
    /// The subject it came on.
    #[diesel(sql_type = Text)]
    pub nats_subject: String,
    /// Its headers.
    #[diesel(sql_type = Jsonb)]
    pub headers: serde_json::Value,
    /// Its body as it came.
    #[diesel(sql_type = Bytea)]
    pub payload: Vec<u8>,
    /// Code of the problem.
    #[diesel(sql_type = Text)]
    pub problem: String,
    /// What went wrong, for those who run the node.
    #[diesel(sql_type = Text)]
    pub detail: String,
    /// How often it was tried.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// When it was tried last.
    #[diesel(sql_type = Timestamptz)]
    pub failed_at: DateTime<Utc>,
    /// Whether it waits to be tried again.
    #[diesel(sql_type = Bool)]
    pub replay: bool,
    /// Whether the inbox has it.
    #[diesel(sql_type = Bool)]
    pub in_inbox: bool,
}

impl DeadLetter {
    /// Its attributes.
    ///
    /// # Errors
    /// When the headers are not an event's.
    pub fn envelope(&self) -> Result<Envelope, EnvelopeError> {
        Envelope::parse(|name| self.headers.get(name).and_then(serde_json::Value::as_str))
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The dead letters of a service, oldest first.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn list(db: &Db) -> Result<Vec<DeadLetter>, Problem> {
    let rows = statement("SELECT * FROM dead_letters ORDER BY failed_at, event_id");
    Ok(rows.get_results(&mut db.read().await?).await?)
}

/// One dead letter.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn show(db: &Db, event_id: Uuid) -> Result<Option<DeadLetter>, Problem> {
    let row =
        statement("SELECT * FROM dead_letters WHERE event_id = $1").bind::<SqlUuid, _>(event_id);
    Ok(row.get_result(&mut db.read().await?).await.optional()?)
}

/// Marks one (or all, with `None`) to be tried again; the running consumer takes them up. Gives how many.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn replay(db: &Db, event_id: Option<Uuid>) -> Result<usize, Problem> {
    let cause = Cause::new(db.time());
    db.tx_absorbed("dead_letters.replay", &cause, async |tx: &mut Tx| {
        let query =
            statement("UPDATE dead_letters SET replay = true WHERE $1 IS NULL OR event_id = $1")
                .bind::<Nullable<SqlUuid>, _>(event_id);
        Ok(query.execute(tx.conn()).await?)
    })
    .await
}

/// Drops one for good. Gives whether there was one.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn drop(db: &Db, event_id: Uuid) -> Result<bool, Problem> {
    let cause = Cause::new(db.time());
    db.tx("dead_letters.drop", &cause, async |tx: &mut Tx| {
        let query =
            statement("DELETE FROM dead_letters WHERE event_id = $1").bind::<SqlUuid, _>(event_id);
        Ok(query.execute(tx.conn()).await? == 1)
    })
    .await
}

/// How many there are; also sets the metric.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn count(db: &Db) -> Result<i64, Problem> {
    let row: Count = statement("SELECT count(*) AS count FROM dead_letters")
        .get_result(&mut db.read().await?)
        .await?;
    metrics().dead_letters(db.service().as_str(), u64::try_from(row.count).unwrap_or(0));
    Ok(row.count)
}

/// Keeps it; gives whether it was not there before.
pub(super) async fn insert(tx: &mut Tx, letter: &Letter) -> Result<bool, Problem> {
    let now = tx.now();
    let count = statement(
        "INSERT INTO dead_letters (event_id, nats_subject, headers, payload, problem, detail, attempts, failed_at, in_inbox)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (event_id) DO NOTHING",
    )
    .bind::<SqlUuid, _>(letter.event_id)
    .bind::<Text, _>(&letter.nats_subject)
    .bind::<Jsonb, _>(&letter.headers)
    .bind::<Bytea, _>(&letter.payload)
    .bind::<Text, _>(&letter.problem)
    .bind::<Text, _>(&letter.detail)
    .bind::<Integer, _>(letter.attempts)
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(letter.in_inbox)
    .execute(tx.conn())
    .await?;
    Ok(count == 1)
}

#[derive(QueryableByName)]
struct Marked {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// Those marked for replay that came on subjects beginning with `prefix`, oldest first.
pub(super) async fn to_replay(db: &Db, prefix: &str) -> Result<Vec<Uuid>, Problem> {
    let rows: Vec<Marked> = statement(
        "SELECT event_id FROM dead_letters WHERE replay AND starts_with(nats_subject, $1) ORDER BY failed_at, event_id",
    )
    .bind::<Text, _>(prefix)
    .get_results(&mut db.read().await?)
    .await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

/// Locks one that is marked for replay; none when another process has it, or it is gone.
pub(super) async fn claim(tx: &mut Tx, event_id: Uuid) -> Result<Option<DeadLetter>, Problem> {
    let row = statement(
        "SELECT * FROM dead_letters WHERE event_id = $1 AND replay FOR UPDATE SKIP LOCKED",
    )
    .bind::<SqlUuid, _>(event_id);
    Ok(row.get_result(tx.conn()).await.optional()?)
}

pub(super) async fn delete(tx: &mut Tx, event_id: Uuid) -> Result<(), Problem> {
    statement("DELETE FROM dead_letters WHERE event_id = $1")
        .bind::<SqlUuid, _>(event_id)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn failed_again(
    db: &Db,
    event_id: Uuid,
    problem: &Problem,
) -> Result<(), Problem> {
    let detail = problem.internal_message().unwrap_or_default().to_owned();
    db.tx("replay.failed", &Cause::new(db.time()), async |tx: &mut Tx| {
        let now = tx.now();
        statement(
            "UPDATE dead_letters SET replay = false, attempts = attempts + 1, problem = $2, detail = $3, failed_at = $4
             WHERE event_id = $1",
        )
        .bind::<SqlUuid, _>(event_id)
        .bind::<Text, _>(problem.code().code)
        .bind::<Text, _>(&detail)
        .bind::<Timestamptz, _>(now)
        .execute(tx.conn())
        .await?;
        Ok(())
    })
    .await
}
