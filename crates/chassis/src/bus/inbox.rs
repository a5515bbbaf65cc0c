//! The inbox: which events were applied, and per origin how far.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{events::Envelope, ids::TypedId as _};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{
    db::{Tx, statement},
    http::Problem,
};

#[derive(QueryableByName)]
struct EventId {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// Records events and gives the ids of those that were not recorded before.
pub(super) async fn record(tx: &mut Tx, events: &[&Envelope]) -> Result<BTreeSet<Uuid>, Problem> {
    let now = tx.now();
    let rows = statement(
        "INSERT INTO inbox (event_id, event_type, origin, epoch, seq, applied_at)
         SELECT *, $6 FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING event_id",
    )
    .bind::<Array<SqlUuid>, _>(events.iter().map(|e| e.id.uuid()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(
        events
            .iter()
            .map(|e| e.event_type.as_str())
            .collect::<Vec<_>>(),
    )
    .bind::<Array<Text>, _>(events.iter().map(|e| e.origin()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(events.iter().map(|e| e.epoch).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(events.iter().map(|e| e.seq).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(now)
    .get_results::<EventId>(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| row.event_id).collect())
}

/// Moves the positions of the events' origins. With `all` (every event comes here), `contiguous` goes up to the last
/// sequence before the first gap.
pub(super) async fn advance(tx: &mut Tx, events: &[&Envelope], all: bool) -> Result<(), Problem> {
    let mut highest: BTreeMap<(String, i32), i64> = BTreeMap::new();
    for event in events {
        let entry = highest.entry((event.origin(), event.epoch)).or_default();
        *entry = (*entry).max(event.seq);
    }
    for ((origin, epoch), seq) in highest {
        statement(
            "INSERT INTO inbox_position AS p (origin, epoch, highest, contiguous)
             VALUES ($1, $2, $3, CASE WHEN $4 THEN (
                 SELECT coalesce(max(seq), 0) FROM (
                     SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM inbox WHERE origin = $1 AND epoch = $2) t
                 WHERE seq = n) ELSE 0 END)
             ON CONFLICT (origin, epoch) DO UPDATE SET
                 highest = greatest(p.highest, $3),
                 contiguous = CASE WHEN $4 THEN (
                     SELECT coalesce(max(seq), p.contiguous) FROM (
                         SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM inbox
                         WHERE origin = $1 AND epoch = $2 AND seq > p.contiguous) t
                     WHERE seq = p.contiguous + n) ELSE 0 END",
        )
        .bind::<Text, _>(&origin)
        .bind::<Integer, _>(epoch)
        .bind::<BigInt, _>(seq)
        .bind::<Bool, _>(all)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
