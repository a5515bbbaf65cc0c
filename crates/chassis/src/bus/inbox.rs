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
struct Recorded {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    origin: String,
}

/// Records events and gives the ids, with their origins, of those that were not recorded before. The same id from another
/// origin (a copied database) is another event.
pub(super) async fn record(
    tx: &mut Tx,
    events: &[&Envelope],
) -> Result<BTreeSet<(Uuid, String)>, Problem> {
    let now = tx.now();
    let rows = statement(
        "INSERT INTO inbox (event_id, event_type, origin, epoch, seq, applied_at)
         SELECT *, $6 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bigint[]) ON CONFLICT DO NOTHING RETURNING event_id, origin",
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
    .get_results::<Recorded>(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.event_id, row.origin))
        .collect())
}

/// Gives events that were recorded before the place they come with now, when that is of a later epoch: their origin was put back to
/// an earlier day and has numbered anew what it still knows. Otherwise the new epoch would have gaps for ever.
pub(super) async fn renumber(tx: &mut Tx, events: &[&Envelope]) -> Result<(), Problem> {
    statement(
        "UPDATE inbox i SET epoch = n.epoch, seq = n.seq
         FROM (SELECT DISTINCT ON (event_id, origin) *
               FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[]) AS u(event_id, origin, epoch, seq)
               ORDER BY event_id, origin, epoch DESC) n
         WHERE i.event_id = n.event_id AND i.origin = n.origin AND i.epoch < n.epoch",
    )
    .bind::<Array<SqlUuid>, _>(events.iter().map(|e| e.id.uuid()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(events.iter().map(|e| e.origin()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(events.iter().map(|e| e.epoch).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(events.iter().map(|e| e.seq).collect::<Vec<_>>())
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves the positions of the events' origins when the transaction ends. Of an origin that is `whole` (every event comes here),
/// `contiguous` goes up to the last sequence before the first gap.
pub(super) fn advance(tx: &mut Tx, events: &[&Envelope], whole: impl Fn(&Envelope) -> bool) {
    let mut highest: BTreeMap<(String, i32), (i64, bool)> = BTreeMap::new();
    for event in events {
        let origin = highest.entry((event.origin(), event.epoch));
        let (seq, _) = origin.or_insert_with(|| (0, whole(event)));
        *seq = (*seq).max(event.seq);
    }
    let (mut origins, mut epochs) = (Vec::new(), Vec::new());
    let (mut highs, mut wholes) = (Vec::new(), Vec::new());
    for ((origin, epoch), (seq, whole)) in highest {
        origins.push(origin);
        epochs.push(epoch);
        highs.push(seq);
        wholes.push(whole);
    }
    // Looks only at what is beyond the last gapless sequence: the inbox is long.
    tx.later(
        statement(
            "INSERT INTO inbox_position AS p (origin, epoch, highest, contiguous)
             SELECT n.origin, n.epoch, n.highest, CASE WHEN n.whole THEN coalesce((
                 SELECT max(seq) FROM (
                     SELECT seq, row_number() OVER (ORDER BY seq) AS nth FROM inbox i
                     WHERE i.origin = n.origin AND i.epoch = n.epoch AND i.seq > n.reached) t
                 WHERE seq = n.reached + nth), n.reached) ELSE 0 END
             FROM (SELECT u.*, coalesce(was.contiguous, 0) AS reached
                   FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::boolean[]) AS u(origin, epoch, highest, whole)
                   LEFT JOIN inbox_position was ON was.origin = u.origin AND was.epoch = u.epoch) n
             ON CONFLICT (origin, epoch) DO UPDATE SET
                 highest = greatest(p.highest, excluded.highest),
                 contiguous = greatest(p.contiguous, excluded.contiguous)",
        )
        .bind::<Array<Text>, _>(origins)
        .bind::<Array<Integer>, _>(epochs)
        .bind::<Array<BigInt>, _>(highs)
        .bind::<Array<Bool>, _>(wholes),
    );
}
