//! The periods that lower nodes closed, as their facts came: they are in the event log.

use chassis::{db::statement, http::Problem};
use contracts::{events::reporting::PeriodClosed, region::RegionCode};
use diesel::{
    QueryableByName,
    sql_types::{Jsonb, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use serde::Deserialize as _;
use serde_json::Value;

use super::subtree;
use crate::domain::span::Span;

#[derive(QueryableByName)]
struct Received {
    #[diesel(sql_type = Text)]
    source: RegionCode,
    #[diesel(sql_type = Jsonb)]
    payload: Value,
}

/// The newest version of a period that each node under `region` closed, by node.
///
/// # Errors
/// `internal` when a stored event cannot be read.
pub async fn of_span(
    conn: &mut AsyncPgConnection,
    region: RegionCode,
    span: Span,
) -> Result<Vec<(RegionCode, PeriodClosed)>, Problem> {
    let (least, above) = subtree::bounds(region);
    let rows = statement(
        "SELECT DISTINCT ON (source) source, payload FROM event_log
         WHERE kind = 'period.closed' AND payload ->> 'begins' = $1 AND payload ->> 'ends' = $2
           AND source > $3 AND source < $4
         ORDER BY source, (payload ->> 'version')::bigint DESC",
    )
    .bind::<Text, _>(span.begins.to_string())
    .bind::<Text, _>(span.ends.to_string())
    .bind::<Text, _>(least)
    .bind::<Text, _>(above)
    .get_results::<Received>(conn)
    .await?;
    let read = |row: Received| Ok((row.source, PeriodClosed::deserialize(row.payload)?));
    let read: Result<Vec<_>, serde_json::Error> = rows.into_iter().map(read).collect();
    read.map_err(|error| Problem::unexpected(format!("period.closed: {:?}", error.classify())))
}
