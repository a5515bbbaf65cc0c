//! What became of the policy that the parent has handed down.

use chassis::{
    db::{Tx, statement},
    http::Problem,
};
use contracts::border::PolicyReceived;
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Nullable, Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

/// Notes it.
pub fn received(tx: &mut Tx, policy: &PolicyReceived) {
    let now = tx.now();
    tx.later(
        statement(
            "INSERT INTO received_policy (version, refused, received_at) VALUES ($1, $2, $3)
             ON CONFLICT (only_row) DO UPDATE SET version = $1, refused = $2, received_at = $3",
        )
        .bind::<Text, _>(policy.version.clone())
        .bind::<Nullable<Text>, _>(policy.refused.clone())
        .bind::<Timestamptz, _>(now),
    );
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Nullable<Text>)]
    refused: Option<String>,
}

/// What became of the last one; none when none was received yet.
pub async fn last_received(
    conn: &mut AsyncPgConnection,
) -> Result<Option<PolicyReceived>, Problem> {
    let row = statement("SELECT version, refused FROM received_policy")
        .get_result::<Row>(conn)
        .await
        .optional()?;
    Ok(row.map(|row| PolicyReceived {
        version: row.version,
        refused: row.refused,
    }))
}
