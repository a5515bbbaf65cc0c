//! Epochs of what is sent, of this node and of those around it: how far they are, and whether a database does not know any more what
//! it has sent.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::{
    border::{Checkpoint, Confirm, Heard, KeptEpoch},
    ids::{EventId, TypedId as _},
    region::RegionCode,
};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

/// Notes what the parent has, and that it was heard of.
pub fn confirmed(tx: &mut Tx, confirm: &Confirm) {
    let now = tx.now();
    tx.later(
        statement(
            "UPDATE up_outbox_state SET heard_at = $3,
                 confirmed_seq = CASE WHEN confirmed_epoch = $1 THEN greatest(confirmed_seq, $2)
                                      WHEN confirmed_epoch < $1 THEN $2 ELSE confirmed_seq END,
                 confirmed_epoch = greatest(confirmed_epoch, $1)",
        )
        .bind::<Integer, _>(confirm.epoch)
        .bind::<BigInt, _>(confirm.contiguous)
        .bind::<Timestamptz, _>(now),
    );
}

#[derive(QueryableByName)]
struct Position {
    #[diesel(sql_type = BigInt)]
    contiguous: i64,
}

/// Up to where everything of a node's epoch is here.
pub async fn position(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
    epoch: i32,
) -> Result<i64, Problem> {
    let row: Option<Position> = statement(
        "SELECT contiguous FROM inbox_position WHERE origin = $1 || '/federation' AND epoch = $2",
    )
    .bind::<Text, _>(node.to_string())
    .bind::<Integer, _>(epoch)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map_or(0, |row| row.contiguous))
}

#[derive(QueryableByName)]
struct Message {
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// The message that a node sent under a number, as far as it is remembered here.
pub async fn message_at(
    conn: &mut AsyncPgConnection,
    node: RegionCode,
    epoch: i32,
    seq: i64,
) -> Result<Option<EventId>, Problem> {
    let row: Option<Message> = statement(
        "SELECT event_id FROM inbox WHERE origin = $1 || '/federation' AND epoch = $2 AND seq = $3
         ORDER BY applied_at LIMIT 1",
    )
    .bind::<Text, _>(node.to_string())
    .bind::<Integer, _>(epoch)
    .bind::<BigInt, _>(seq)
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| EventId::from_uuid(row.event_id)))
}

/// What a node was told last that is here: this when it gave sequences of that epoch a second time and is to be told so.
pub const GIVEN_TWICE: i64 = -1;

/// Notes that a node gives sequences of an epoch a second time, so that it is told.
pub fn given_twice(tx: &mut Tx, node: RegionCode, epoch: i32) {
    tx.later(
        statement("UPDATE nodes SET told_epoch = $2, told_seq = $3 WHERE code = $1")
            .bind::<Text, _>(node.to_string())
            .bind::<Integer, _>(epoch)
            .bind::<BigInt, _>(GIVEN_TWICE),
    );
}

/// Notes that the parent has messages of this node that its database does not know, when that is so: of a number that was not given,
/// another one than was given, or both. The relay begins a new epoch then. Gives whether it is so.
pub async fn lost_above(tx: &mut Tx, confirm: &Confirm) -> Result<bool, Problem> {
    let count = statement(
        "UPDATE up_outbox_state s SET lost_epoch = greatest(s.lost_epoch, $1)
         WHERE (s.epoch, s.next_seq) <= ($1, $2) OR s.epoch = $1 AND $3
            OR s.epoch = $1 AND EXISTS (SELECT 1 FROM up_outbox o WHERE o.epoch = $1 AND o.seq = $2 AND o.event_id <> $4)",
    )
    .bind::<Integer, _>(confirm.epoch)
    .bind::<BigInt, _>(confirm.contiguous)
    .bind::<Bool, _>(confirm.given_twice)
    .bind::<Nullable<SqlUuid>, _>(confirm.event_id.map(EventId::uuid))
    .execute(tx.conn())
    .await?;
    Ok(count == 1)
}

/// The same of what a child has heard of this node. A child of another epoch says nothing of the present one. Whatever any child was
/// told is told again.
pub async fn lost_below(tx: &mut Tx, heard: &Heard) -> Result<bool, Problem> {
    let count = statement(
        "UPDATE down_outbox_state s SET lost_epoch = $1
         WHERE s.epoch = $1 AND s.lost_epoch IS NULL AND (s.next_seq <= $2
            OR EXISTS (SELECT 1 FROM down_outbox o WHERE o.epoch = $1 AND o.seq = $2 AND o.event_id <> $3))",
    )
    .bind::<Integer, _>(heard.epoch)
    .bind::<BigInt, _>(heard.seq)
    .bind::<SqlUuid, _>(heard.event_id.uuid())
    .execute(tx.conn())
    .await?;
    if count == 1 {
        tx.later(statement(
            "UPDATE nodes SET told_epoch = 0, told_seq = 0, told_keys = 0, told_policy = ''",
        ));
    }
    Ok(count == 1)
}

#[derive(QueryableByName)]
struct HeardRow {
    #[diesel(sql_type = Integer)]
    epoch: i32,
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
}

/// The last message that came from the parent.
pub async fn heard(
    conn: &mut AsyncPgConnection,
    parent: RegionCode,
) -> Result<Option<Heard>, Problem> {
    let row: Option<HeardRow> = statement(
        "SELECT i.epoch, i.seq, i.event_id FROM inbox i
         JOIN (SELECT origin, epoch, highest FROM inbox_position WHERE origin = $1 || '/federation' ORDER BY epoch DESC LIMIT 1) p
           ON i.origin = p.origin AND i.epoch = p.epoch AND i.seq = p.highest
         ORDER BY i.applied_at LIMIT 1",
    )
    .bind::<Text, _>(parent.to_string())
    .get_result(conn)
    .await
    .optional()?;
    Ok(row.map(|row| Heard {
        from: parent,
        epoch: row.epoch,
        seq: row.seq,
        event_id: EventId::from_uuid(row.event_id),
    }))
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Integer)]
    epoch: i32,
    #[diesel(sql_type = BigInt)]
    first: i64,
    #[diesel(sql_type = BigInt)]
    last: i64,
}

/// What this node can send again, by epoch: those of earlier epochs as far as anything of them is kept, and the present one.
pub async fn kept(conn: &mut AsyncPgConnection) -> Result<Vec<KeptEpoch>, Problem> {
    let rows: Vec<Kept> = statement(
        "WITH RECURSIVE e(epoch) AS (
             SELECT min(epoch) FROM up_outbox
             UNION ALL SELECT (SELECT min(o.epoch) FROM up_outbox o WHERE o.epoch > e.epoch) FROM e WHERE e.epoch IS NOT NULL)
         SELECT e.epoch, k.first, k.last FROM up_outbox_state s, e,
             LATERAL (SELECT min(seq) AS first, max(seq) AS last FROM up_outbox o WHERE o.epoch = e.epoch) k WHERE e.epoch < s.epoch
         UNION ALL SELECT s.epoch, coalesce((SELECT min(seq) FROM up_outbox o WHERE o.epoch = s.epoch), s.next_seq), s.next_seq - 1
         FROM up_outbox_state s
         ORDER BY epoch",
    )
    .get_results(conn)
    .await?;
    let kept = rows.into_iter().map(|row| KeptEpoch {
        epoch: row.epoch,
        first: row.first,
        last: row.last,
    });
    Ok(kept.collect())
}

/// Notes what a node can send again: from there on it is asked for what is missing, what comes before is passed over. An epoch of
/// which it keeps nothing is forgotten.
pub fn note_kept(tx: &mut Tx, node: RegionCode, checkpoint: &Checkpoint) {
    let mut kept = checkpoint.kept.clone();
    // An earlier release says nothing of it.
    if kept.iter().all(|kept| kept.epoch != checkpoint.epoch) {
        kept.push(KeptEpoch {
            epoch: checkpoint.epoch,
            first: 1,
            last: checkpoint.seq,
        });
    }
    let epochs: Vec<i32> = kept.iter().map(|kept| kept.epoch).collect();
    tx.later(
        statement("DELETE FROM node_epochs WHERE code = $1 AND epoch <> ALL ($2)")
            .bind::<Text, _>(node.to_string())
            .bind::<Array<Integer>, _>(epochs),
    );
    for kept in kept {
        tx.later(
            statement(
                "WITH known AS (
                     SELECT coalesce((SELECT contiguous FROM inbox_position
                                      WHERE origin = $1 || '/federation' AND epoch = $2), 0) AS contiguous),
                 passed AS (
                     INSERT INTO inbox_position AS p (origin, epoch, highest, contiguous)
                     SELECT $1 || '/federation', $2, $3 - 1, $3 - 1 FROM known WHERE $3 - 1 > contiguous
                     ON CONFLICT (origin, epoch) DO UPDATE
                         SET contiguous = excluded.contiguous, highest = greatest(p.highest, excluded.highest)
                     RETURNING contiguous)
                 INSERT INTO node_epochs AS e (code, epoch, first, last, passed_over)
                 SELECT $1, $2, $3, $4, coalesce((SELECT passed.contiguous FROM passed) - known.contiguous, 0) FROM known
                 ON CONFLICT (code, epoch) DO UPDATE
                     SET first = $3, last = $4, passed_over = e.passed_over + excluded.passed_over",
            )
            .bind::<Text, _>(node.to_string())
            .bind::<Integer, _>(kept.epoch)
            .bind::<BigInt, _>(kept.first)
            .bind::<BigInt, _>(kept.last),
        );
    }
}
