//! Facts of this node and of lower ones that count here.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::{border::Fact, ids::TypedId as _, problems::common, region::RegionCode};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;

/// Keeps one of this node. That it is new is known from the inbox.
pub fn keep_own(tx: &mut Tx, node: RegionCode, fact: &Fact) {
    tx.later(
        statement(
            "INSERT INTO facts (event_id, node, event_type, occurred_at) VALUES ($1, $2, $3, $4)",
        )
        .bind::<SqlUuid, _>(fact.event_id.uuid())
        .bind::<Text, _>(node.to_string())
        .bind::<Text, _>(fact.event_type.clone())
        .bind::<Timestamptz, _>(fact.occurred_at),
    );
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Bool)]
    new: bool,
    #[diesel(sql_type = Text)]
    node: RegionCode,
}

/// Keeps one of a node below; false when it is here already: a node that joins with its history sends under new message ids what
/// it sent before.
///
/// # Errors
/// `conflict` when another node has the same event, this one included: a database was copied. `unavailable`.
pub async fn keep(tx: &mut Tx, node: RegionCode, fact: &Fact) -> Result<bool, Problem> {
    let kept: Option<Kept> = statement(
        "WITH new AS (
             INSERT INTO facts (event_id, node, event_type, occurred_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (event_id) DO NOTHING RETURNING node)
         SELECT true AS new, node FROM new UNION ALL SELECT false, node FROM facts WHERE event_id = $1",
    )
    .bind::<SqlUuid, _>(fact.event_id.uuid())
    .bind::<Text, _>(node.to_string())
    .bind::<Text, _>(fact.event_type.clone())
    .bind::<Timestamptz, _>(fact.occurred_at)
    .get_result(tx.conn())
    .await
    .optional()?;
    match kept {
        Some(kept) if kept.node == node => Ok(kept.new),
        _ => Err(Problem::new(&common::CONFLICT).internal("a fact of another node")),
    }
}
