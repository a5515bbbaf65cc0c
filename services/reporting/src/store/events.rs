//! The event log: every event once, which is also the timeline of each case.

use chassis::{db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::{
    events::Envelope,
    ids::{CaseId, EventId},
    region::RegionCode,
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde_json::Value;

use super::write::Write;
use crate::domain::entry::LedgerEntry;

/// An event as the timeline shows it.
#[derive(Debug, QueryableByName)]
pub struct Logged {
    /// The event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: EventId,
    /// Its type.
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub occurred_at: DateTime<Utc>,
}

/// An event to be applied again.
#[derive(Debug, QueryableByName)]
pub struct Stored {
    /// The event.
    #[diesel(sql_type = SqlUuid)]
    pub event_id: EventId,
    /// Its type.
    #[diesel(sql_type = Text)]
    pub event_type: String,
    /// The node where it happened.
    #[diesel(sql_type = Text)]
    pub source: RegionCode,
    /// Its body.
    #[diesel(sql_type = Jsonb)]
    pub payload: Value,
}

/// Keeps an event and merges what it says about a case; an event kept already changes nothing.
pub fn record(tx: &mut Tx, envelope: Envelope, body: Value, entry: Option<LedgerEntry>) {
    tx.later(Write {
        event: Some((envelope, body)),
        entry,
    });
}

/// The events of a case in the order in which they happened, after the last one of the page before.
pub async fn timeline(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    after: Option<(DateTime<Utc>, EventId)>,
    limit: i64,
) -> Result<Vec<Logged>, Problem> {
    let (at, id) = after.unzip();
    let rows = diesel::sql_query(
        "SELECT event_id, event_type, occurred_at FROM event_log
         WHERE subject = $1 AND ($2 IS NULL OR (occurred_at, event_id) > ($2, $3))
         ORDER BY occurred_at, event_id LIMIT $4",
    )
    .bind::<SqlUuid, _>(case_id)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}

/// The events after `after` in the order of their ids, which is about that of their making.
pub async fn chunk(
    conn: &mut AsyncPgConnection,
    after: Option<EventId>,
    limit: i64,
) -> Result<Vec<Stored>, Problem> {
    let rows = diesel::sql_query(
        "SELECT event_id, event_type, source, payload FROM event_log WHERE $1 IS NULL OR event_id > $1 ORDER BY event_id LIMIT $2",
    )
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .get_results(conn)
    .await?;
    Ok(rows)
}
