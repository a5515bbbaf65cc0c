//! Keys that count no more.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{border::ForgottenKeys, region::RegionCode};
use diesel::{
    QueryableByName,
    sql_types::{Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::nodes;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    code: RegionCode,
    #[diesel(sql_type = Text)]
    signing_key: String,
    #[diesel(sql_type = Timestamptz)]
    forgotten_at: DateTime<Utc>,
}

/// All of them, or those one node has forgotten.
///
/// # Errors
/// `unavailable`.
pub async fn all(
    conn: &mut AsyncPgConnection,
    by: Option<RegionCode>,
) -> Result<Vec<ForgottenKeys>, Problem> {
    let rows: Vec<Row> = statement(
        "SELECT code, signing_key, forgotten_at FROM forgotten_keys WHERE $1 IS NULL OR by_node = $1
         ORDER BY forgotten_at, code, signing_key",
    )
    .bind::<Nullable<Text>, _>(by.map(|node| node.to_string()))
    .get_results(conn)
    .await?;
    let keys = rows.into_iter().map(|row| ForgottenKeys {
        node: row.code,
        signing: row.signing_key,
        at: row.forgotten_at,
    });
    Ok(keys.collect())
}

/// Forgets a key because `by` says so; false when that was done before.
///
/// # Errors
/// `unavailable`.
pub async fn forget(tx: &mut Tx, keys: &ForgottenKeys, by: RegionCode) -> Result<bool, Problem> {
    let new = statement(
        "INSERT INTO forgotten_keys (code, signing_key, forgotten_at, by_node) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<Text, _>(keys.node.to_string())
    .bind::<Text, _>(&keys.signing)
    .bind::<Timestamptz, _>(keys.at)
    .bind::<Text, _>(by.to_string())
    .execute(tx.conn())
    .await?;
    if new == 0 {
        return Ok(false);
    }
    statement("DELETE FROM nodes_keys WHERE code = $1 AND signing_key = $2")
        .bind::<Text, _>(keys.node.to_string())
        .bind::<Text, _>(&keys.signing)
        .execute(tx.conn())
        .await?;
    Ok(true)
}

/// Forgets the keys that are known of a node, as this node's own decision; gives whether any were.
///
/// # Errors
/// `unavailable`.
pub async fn forget_known(tx: &mut Tx, node: RegionCode) -> Result<bool, Problem> {
    let Some(known) = nodes::keys_of(tx.conn(), node).await? else {
        return Ok(false);
    };
    let (at, by) = (tx.now(), *tx.node());
    let keys = ForgottenKeys {
        node,
        signing: known.signing,
        at,
    };
    forget(tx, &keys, by).await
}
