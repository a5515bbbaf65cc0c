//! Closed periods, their versions and their lines.

use chassis::{
    db::{Tx, statement},
    http::{Problem, Scope},
};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    ids::PeriodId,
    problems::{common, federation::PERIOD_CLOSED},
    region::RegionCode,
};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Array, BigInt, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde_json::Value;

use super::subtree;
use crate::domain::{snapshot::Line, span::Span};

/// A closed period.
#[derive(Debug, Clone, QueryableByName)]
pub struct ClosedPeriod {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: PeriodId,
    /// Its code.
    #[diesel(sql_type = Text)]
    pub code: String,
    /// The node.
    #[diesel(sql_type = Text)]
    pub region: RegionCode,
    /// First day.
    #[diesel(sql_type = Date)]
    pub begins: NaiveDate,
    /// Last day.
    #[diesel(sql_type = Date)]
    pub ends: NaiveDate,
    /// Its newest version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// When it was closed.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When it was last corrected.
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
}

impl ClosedPeriod {
    /// Its days.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            begins: self.begins,
            ends: self.ends,
        }
    }
}

/// A version of its numbers.
#[derive(Debug, Clone, QueryableByName)]
pub struct StoredVersion {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// The last day whose events are counted.
    #[diesel(sql_type = Date)]
    pub counted_to: NaiveDate,
    /// Why it was made.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
    /// Digest of its lines.
    #[diesel(sql_type = Text)]
    pub digest: String,
    /// Cases received.
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    /// Of these, settled.
    #[diesel(sql_type = BigInt)]
    pub settled: i64,
    /// `Numbers`.
    #[diesel(sql_type = Jsonb)]
    pub numbers: Value,
    /// `LineChange`s.
    #[diesel(sql_type = Jsonb)]
    pub changes: Value,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub closed_at: DateTime<Utc>,
}

/// Inserts a period.
///
/// # Errors
/// `period-closed` when it is there already.
pub async fn insert(tx: &mut Tx, period: &ClosedPeriod) -> Result<(), Problem> {
    let inserted = statement(
        "INSERT INTO periods (id, code, region, begins, ends, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (begins, ends) DO NOTHING",
    )
    .bind::<SqlUuid, _>(period.id)
    .bind::<Text, _>(&period.code)
    .bind::<Text, _>(period.region)
    .bind::<Date, _>(period.begins)
    .bind::<Date, _>(period.ends)
    .bind::<BigInt, _>(period.version)
    .bind::<Timestamptz, _>(period.created_at)
    .bind::<Timestamptz, _>(period.updated_at)
    .execute(tx.conn())
    .await?;
    if inserted == 1 {
        Ok(())
    } else {
        Err(Problem::new(&PERIOD_CLOSED))
    }
}

/// Stores that a period has a further version.
///
/// # Errors
/// `stale-version` when another correction came first.
pub async fn update(tx: &mut Tx, period: &ClosedPeriod) -> Result<(), Problem> {
    let updated = statement(
        "UPDATE periods SET version = $2, updated_at = $3 WHERE id = $1 AND version = $2 - 1",
    )
    .bind::<SqlUuid, _>(period.id)
    .bind::<BigInt, _>(period.version)
    .bind::<Timestamptz, _>(period.updated_at)
    .execute(tx.conn())
    .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// Inserts a version with its lines.
pub fn insert_version(tx: &mut Tx, period: PeriodId, version: &StoredVersion, lines: &[Line]) {
    let stored = version.clone();
    tx.later(
        statement(
            "INSERT INTO period_versions
                 (period_id, version, counted_to, reason, digest, received, settled, numbers, changes, closed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind::<SqlUuid, _>(period)
        .bind::<BigInt, _>(stored.version)
        .bind::<Date, _>(stored.counted_to)
        .bind::<Nullable<Text>, _>(stored.reason)
        .bind::<Text, _>(stored.digest)
        .bind::<BigInt, _>(stored.received)
        .bind::<BigInt, _>(stored.settled)
        .bind::<Jsonb, _>(stored.numbers)
        .bind::<Jsonb, _>(stored.changes)
        .bind::<Timestamptz, _>(stored.closed_at),
    );
    let texts = |text: fn(&Line) -> String| lines.iter().map(text).collect::<Vec<_>>();
    let counts = |count: fn(&Line) -> i64| lines.iter().map(count).collect::<Vec<_>>();
    tx.later(
        statement(
            "INSERT INTO period_lines (period_id, version, node, type_code, outcome, received, amount_fen)
             SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(period)
        .bind::<BigInt, _>(version.version)
        .bind::<Array<Text>, _>(texts(|line| line.node.to_string()))
        .bind::<Array<Text>, _>(texts(|line| line.type_code.clone()))
        .bind::<Array<Text>, _>(texts(|line| line.outcome.clone()))
        .bind::<Array<BigInt>, _>(counts(|line| line.received))
        .bind::<Array<BigInt>, _>(counts(|line| line.amount_fen)),
    );
}

/// The periods the caller may see, the newest first. A period is the whole node's: a caller of a part of it sees none.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    after: Option<PeriodId>,
    limit: i64,
) -> Result<Vec<ClosedPeriod>, Problem> {
    let (least, above) = subtree::bounds(scope.region);
    let rows = statement(
        "SELECT * FROM periods WHERE region >= $1 AND region < $2 AND ($3 IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4",
    )
    .bind::<Text, _>(least)
    .bind::<Text, _>(above)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}

/// One period.
///
/// # Errors
/// `not-found`, also when it is out of scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: PeriodId,
    scope: &Scope,
) -> Result<ClosedPeriod, Problem> {
    let (least, above) = subtree::bounds(scope.region);
    let row = statement("SELECT * FROM periods WHERE id = $1 AND region >= $2 AND region < $3")
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(least)
        .bind::<Text, _>(above)
        .get_result(conn)
        .await
        .optional()?;
    row.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// The newest version of a closed period; none when the node has not closed it.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn newest(
    conn: &mut AsyncPgConnection,
    span: Span,
) -> Result<Option<StoredVersion>, Problem> {
    let row = statement(
        "SELECT v.* FROM periods p JOIN period_versions v ON v.period_id = p.id AND v.version = p.version
         WHERE p.begins = $1 AND p.ends = $2",
    )
    .bind::<Date, _>(span.begins)
    .bind::<Date, _>(span.ends)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row)
}

/// The versions of a period, the oldest first.
pub async fn versions(
    conn: &mut AsyncPgConnection,
    period: PeriodId,
) -> Result<Vec<StoredVersion>, Problem> {
    let rows = statement("SELECT * FROM period_versions WHERE period_id = $1 ORDER BY version")
        .bind::<SqlUuid, _>(period)
        .get_results(conn)
        .await?;
    Ok(rows)
}

/// The lines of a version in the order of the canonical text, from after the line a page ended with.
pub async fn lines(
    conn: &mut AsyncPgConnection,
    (period, version): (PeriodId, i64),
    after: Option<(String, String, String)>,
    limit: i64,
) -> Result<Vec<Line>, Problem> {
    // No node is empty, so that this begins with the first line.
    let (node, type_code, outcome) = after.unwrap_or_default();
    let rows = statement(
        "SELECT node, type_code, outcome, received, amount_fen FROM period_lines
         WHERE period_id = $1 AND version = $2 AND (node, type_code, outcome) > ($3, $4, $5)
         ORDER BY node, type_code, outcome LIMIT $6",
    )
    .bind::<SqlUuid, _>(period)
    .bind::<BigInt, _>(version)
    .bind::<Text, _>(node)
    .bind::<Text, _>(type_code)
    .bind::<Text, _>(outcome)
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}
