//! What each node said each day, of the kinds that go up: counts and digests that a node and the level above compare.

use chassis::{db::statement, http::Problem};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::{border::GOES_UP, ids::EventId, region::RegionCode};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Date, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The facts of one kind that a node stated on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName, ToSchema)]
pub struct FactsOfDay {
    /// The node where they happened.
    #[diesel(sql_type = Text)]
    pub node: RegionCode,
    /// The day in Asia/Shanghai.
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    /// The kind: `matter.accepted`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// How many there are.
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    /// 64 hex digits: the SHA-256 of each event's id, as lower-case text with hyphens, all combined by exclusive or, so that
    /// their order makes no difference.
    #[diesel(sql_type = Text)]
    pub digest: String,
}

/// A fact, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName, ToSchema)]
pub struct FactRef {
    /// The event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: EventId,
    /// Its type.
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// Epoch of its origin.
    #[diesel(sql_type = Integer)]
    pub epoch: i32,
    /// Gapless sequence of its origin.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
}

/// A node's days, in order, from after the day and kind a page ended with. Read from the index alone, in its order: what a
/// page costs depends on its facts, not on the log.
pub async fn days(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<(NaiveDate, String)>,
    limit: i64,
) -> Result<Vec<FactsOfDay>, Problem> {
    // No kind is empty, so that this begins with the first day's first kind.
    let (day, kind) = after.unwrap_or((from, String::new()));
    let rows = statement(DAYS)
        .bind::<Text, _>(node)
        .bind::<Date, _>(day.max(from))
        .bind::<Text, _>(kind)
        .bind::<Date, _>(to)
        .bind::<Array<Text>, _>(GOES_UP.to_vec())
        .bind::<BigInt, _>(limit)
        .get_results(conn)
        .await?;
    Ok(rows)
}

/// The statement of [`days`].
pub const DAYS: &str = "SELECT node, day, kind, count,
        (SELECT string_agg(lpad(to_hex(substring(bits FROM 32 * n + 1 FOR 32)::bit(32)::bigint), 8, '0'), '' ORDER BY n)
         FROM generate_series(0, 7) AS n) AS digest
     FROM (SELECT source AS node, day, kind, count(*) AS count,
                  bit_xor(('x' || encode(sha256(event_id::text::bytea), 'hex'))::bit(256)) AS bits
           FROM event_log
           WHERE source = $1 AND (day, kind) > ($2, $3) AND day <= $4 AND kind = ANY($5)
           GROUP BY source, day, kind ORDER BY day, kind LIMIT $6) AS days
     ORDER BY day, kind";

/// The facts of a node, day and kind by their ids, from after the one a page ended with.
pub async fn of_day(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
    day: NaiveDate,
    kind: &str,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<FactRef>, Problem> {
    let rows = statement(
        "SELECT event_id, event_type, epoch, seq, occurred_at FROM event_log
         WHERE source = $1 AND day = $2 AND kind = $3 AND event_id > $4 ORDER BY event_id LIMIT $5",
    )
    .bind::<Text, _>(node)
    .bind::<Date, _>(day)
    .bind::<Text, _>(kind)
    .bind::<SqlUuid, _>(after.unwrap_or_else(|| Uuid::nil().into()))
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}
