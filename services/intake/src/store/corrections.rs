//! Table `corrections`.

use chassis::{db::Tx, http::Problem};
use contracts::ids::MatterId;
use diesel::{OptionalExtension as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::correction::Correction, schema::corrections};

/// The list a matter's person was given, if one was.
pub async fn find(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Option<Correction>, Problem> {
    let query = corrections::table.find(matter);
    let found = query.select(Correction::as_select()).first(conn).await;
    Ok(found.optional()?)
}

/// Stores a new list.
///
/// # Errors
/// `conflict` when the matter has one.
pub async fn insert(tx: &mut Tx, correction: &Correction) -> Result<(), Problem> {
    diesel::insert_into(corrections::table)
        .values(correction)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores what was supplied.
pub async fn update(tx: &mut Tx, correction: &Correction) -> Result<(), Problem> {
    diesel::update(corrections::table.find(correction.matter_id))
        .set(correction)
        .execute(tx.conn())
        .await?;
    Ok(())
}
