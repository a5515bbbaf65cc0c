//! Facts of lower nodes that count here.

use chassis::db::{Tx, statement};
use contracts::{border::Fact, ids::TypedId as _, region::RegionCode};
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};

/// Keeps one. The same event a second time, under the name of this node or another one, breaks the key: the message goes to
/// the dead letters.
pub fn keep(tx: &mut Tx, node: RegionCode, fact: &Fact) {
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
