//! What was sent up.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::border::Replay;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::RunQueryDsl as _;

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
