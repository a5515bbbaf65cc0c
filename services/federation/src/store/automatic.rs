//! What the desk has to send of its own accord.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::ids::{CaseId, RequestId, TypedId as _};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Notes it; once for a case and a rule, however often the case is decided.
pub fn note(tx: &mut Tx, case_id: CaseId, place: i32, kind: &str) {
    let now = tx.now();
    tx.later(
        statement(
            "INSERT INTO automatic_requests (case_id, place, kind, noted_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(case_id.uuid())
        .bind::<Integer, _>(place)
        .bind::<Text, _>(kind.to_owned())
        .bind::<Timestamptz, _>(now),
    );
}

/// A request that is to be sent.
#[derive(Debug, QueryableByName)]
pub struct Automatic {
    #[diesel(sql_type = SqlUuid)]
    case_id: Uuid,
    /// Place of its rule in the policy pack.
    #[diesel(sql_type = Integer)]
    pub place: i32,
    /// Kind code.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// When it was noted.
    #[diesel(sql_type = Timestamptz)]
    pub noted_at: DateTime<Utc>,
}

impl Automatic {
    /// The case.
    #[must_use]
    pub fn case_id(&self) -> CaseId {
        CaseId::from_uuid(self.case_id)
    }
}

/// Those whose turn it is, the oldest first.
///
/// # Errors
/// `unavailable`.
pub async fn waiting(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Automatic>, Problem> {
    let rows = statement(
        "SELECT case_id, place, kind, noted_at FROM automatic_requests
         WHERE request_id IS NULL AND refused IS NULL AND COALESCE(again_at, noted_at) <= $1
         ORDER BY COALESCE(again_at, noted_at), case_id, place LIMIT $2",
    );
    let rows = rows.bind::<Timestamptz, _>(now).bind::<BigInt, _>(limit);
    Ok(rows.get_results(conn).await?)
}

/// Takes one; false when another process has it, or has sent it meanwhile.
///
/// # Errors
/// `unavailable`.
pub async fn lock(tx: &mut Tx, automatic: &Automatic) -> Result<bool, Problem> {
    let row: Option<Automatic> = statement(
        "SELECT case_id, place, kind, noted_at FROM automatic_requests
         WHERE case_id = $1 AND place = $2 AND request_id IS NULL AND refused IS NULL FOR UPDATE SKIP LOCKED",
    )
    .bind::<SqlUuid, _>(automatic.case_id)
    .bind::<Integer, _>(automatic.place)
    .get_result(tx.conn())
    .await
    .optional()?;
    Ok(row.is_some())
}

/// Notes that it was sent, or why it never will be.
pub fn done(tx: &mut Tx, automatic: &Automatic, sent: Result<RequestId, &str>) {
    tx.later(
        statement("UPDATE automatic_requests SET request_id = $3, refused = $4 WHERE case_id = $1 AND place = $2")
            .bind::<SqlUuid, _>(automatic.case_id)
            .bind::<Integer, _>(automatic.place)
            .bind::<Nullable<SqlUuid>, _>(sent.ok().map(RequestId::uuid))
            .bind::<Nullable<Text>, _>(sent.err().map(str::to_owned)),
    );
}

/// One that the desk did not send, because the rules of requests forbid it.
#[derive(Debug, Clone, QueryableByName, Serialize, ToSchema)]
pub struct Unsent {
    /// The case.
    #[diesel(sql_type = SqlUuid)]
    pub case_id: Uuid,
    /// Kind code.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Stable code of the reason.
    #[diesel(sql_type = Text)]
    pub refused: String,
    /// When it was noted.
    #[diesel(sql_type = Timestamptz)]
    pub noted_at: DateTime<Utc>,
}

/// Those that were not sent, and that nobody has sent by hand since.
///
/// # Errors
/// `unavailable`.
pub async fn unsent(conn: &mut AsyncPgConnection) -> Result<Vec<Unsent>, Problem> {
    let rows = statement(
        "SELECT a.case_id, a.kind, a.refused, a.noted_at FROM automatic_requests a WHERE a.refused IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM requests r WHERE r.case_id = a.case_id AND r.kind = a.kind AND r.outgoing
                             AND r.sent_at >= a.noted_at)
         ORDER BY a.noted_at, a.case_id LIMIT 100",
    );
    Ok(rows.get_results(conn).await?)
}

/// Notes when it is tried again.
pub fn postpone(tx: &mut Tx, automatic: &Automatic, again_at: DateTime<Utc>) {
    tx.later(
        statement("UPDATE automatic_requests SET again_at = $3 WHERE case_id = $1 AND place = $2")
            .bind::<SqlUuid, _>(automatic.case_id)
            .bind::<Integer, _>(automatic.place)
            .bind::<Timestamptz, _>(again_at),
    );
}
