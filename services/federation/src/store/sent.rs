//! What was sent up.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::{
    border::Replay,
    ids::{CaseId, TypedId as _},
};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Bool, Integer, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Marks a range for publishing again; gives how many.
pub async fn again(tx: &mut Tx, replay: &Replay) -> Result<usize, Problem> {
    let count = statement(
        "UPDATE up_outbox SET stream_seq = NULL, published_at = NULL, replays = replays + 1
         WHERE epoch = $1 AND seq BETWEEN $2 AND $3 AND stream_seq IS NOT NULL",
    )
    .bind::<Integer, _>(replay.epoch)
    .bind::<BigInt, _>(replay.from)
    .bind::<BigInt, _>(replay.to)
    .execute(tx.conn())
    .await?;
    Ok(count)
}

#[derive(QueryableByName)]
struct Confirmed {
    #[diesel(sql_type = Bool)]
    confirmed: bool,
}

/// Whether the parent has confirmed what was sent about something.
pub async fn is_confirmed(conn: &mut AsyncPgConnection, about: CaseId) -> Result<bool, Problem> {
    let row: Confirmed = statement(
        "SELECT EXISTS (SELECT 1 FROM up_outbox o, up_outbox_state s WHERE o.subject = $1
             AND o.seq IS NOT NULL AND (o.epoch, o.seq) <= (s.confirmed_epoch, s.confirmed_seq)) AS confirmed",
    )
    .bind::<SqlUuid, _>(about.uuid())
    .get_result(conn)
    .await?;
    Ok(row.confirmed)
}
