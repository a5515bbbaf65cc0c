//! Steps of this node that the other one has not said to have seen.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{border::RequestStep, ids::TypedId as _, region::RegionCode};
use diesel::{
    QueryableByName,
    sql_types::{BigInt, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use uuid::Uuid;

/// One of them.
#[derive(Debug, QueryableByName)]
pub struct Unseen {
    #[diesel(sql_type = SqlUuid)]
    request_id: Uuid,
    #[diesel(sql_type = Integer)]
    number: i32,
    /// Who has to see it.
    #[diesel(sql_type = Text)]
    pub to_node: RegionCode,
    #[diesel(sql_type = Jsonb)]
    message: serde_json::Value,
    /// When it was sent first.
    #[diesel(sql_type = Timestamptz)]
    pub since: DateTime<Utc>,
}

impl Unseen {
    /// The message. One that an earlier release kept wants to be answered like any other.
    ///
    /// # Errors
    /// `internal` when it cannot be read.
    pub fn message(&self) -> Result<RequestStep, Problem> {
        let message = serde_json::from_value(self.message.clone());
        message
            .map(|step| RequestStep {
                awaits_seen: true,
                ..step
            })
            .map_err(Problem::unexpected)
    }
}

/// Keeps a step that was sent, until `again_at` at first.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn keep(
    tx: &mut Tx,
    to: RegionCode,
    step: &RequestStep,
    again_at: DateTime<Utc>,
) -> Result<(), Problem> {
    let (now, message) = (
        tx.now(),
        serde_json::to_value(step).map_err(Problem::unexpected)?,
    );
    tx.later(
        statement(
            "INSERT INTO unseen_steps (request_id, number, to_node, message, since, again_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(step.request_id.uuid())
        .bind::<Integer, _>(step.number)
        .bind::<Text, _>(to.to_string())
        .bind::<Jsonb, _>(message)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(again_at),
    );
    Ok(())
}

/// The other node has seen the steps up to a number.
pub fn seen(tx: &mut Tx, step: &RequestStep) {
    tx.later(
        statement(
            "DELETE FROM unseen_steps WHERE request_id = $1 AND number <= $2 AND to_node = $3",
        )
        .bind::<SqlUuid, _>(step.request_id.uuid())
        .bind::<Integer, _>(step.number)
        .bind::<Text, _>(step.by_node.to_string()),
    );
}

/// Those to be sent again now, in their order.
///
/// # Errors
/// `unavailable`.
pub async fn due(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Unseen>, Problem> {
    let rows = statement(
        "SELECT request_id, number, to_node, message, since FROM unseen_steps WHERE again_at <= $1
         ORDER BY again_at, request_id, number LIMIT $2",
    );
    let rows = rows.bind::<Timestamptz, _>(now).bind::<BigInt, _>(limit);
    Ok(rows.get_results(conn).await?)
}

/// Notes when one that is due is sent again next; false when it is not due any more, or another process has it.
///
/// # Errors
/// `unavailable`.
pub async fn postpone(
    tx: &mut Tx,
    unseen: &Unseen,
    now: DateTime<Utc>,
    again_at: DateTime<Utc>,
) -> Result<bool, Problem> {
    let count = statement(
        "UPDATE unseen_steps SET again_at = $4 WHERE request_id = $1 AND number = $2 AND again_at <= $3",
    )
    .bind::<SqlUuid, _>(unseen.request_id)
    .bind::<Integer, _>(unseen.number)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(again_at)
    .execute(tx.conn())
    .await?;
    Ok(count == 1)
}
