//! Facts of lower nodes that count here.

use chassis::db::{Tx, statement};
use contracts::{border::Fact, ids::TypedId as _, region::RegionCode};
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};

/// Keeps one. The same event under the name of another node breaks the key: the message goes to the dead letters.
pub fn keep(tx: &mut Tx, node: RegionCode, fact: &Fact) {
    tx.later(
        statement(
            "INSERT INTO facts AS f (event_id, node, event_type, occurred_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (event_id) DO UPDATE SET node = CASE WHEN f.node = excluded.node THEN f.node END",
        )
        .bind::<SqlUuid, _>(fact.event_id.uuid())
        .bind::<Text, _>(node.to_string())
        .bind::<Text, _>(fact.event_type.clone())
        .bind::<Timestamptz, _>(fact.occurred_at),
    );
}
