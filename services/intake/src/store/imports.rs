//! Table `imported_matters`.

use std::collections::BTreeSet;

use chassis::{db::Tx, http::Problem};
use contracts::ids::MatterId;
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::imported_matters;

/// Which of these matters of a system were taken over before.
pub async fn known(
    conn: &mut AsyncPgConnection,
    system: &str,
    source_ids: &[String],
) -> Result<BTreeSet<String>, Problem> {
    let query = imported_matters::table
        .filter(imported_matters::system.eq(system))
        .filter(imported_matters::source_id.eq_any(source_ids))
        .select(imported_matters::source_id);
    let known: Vec<String> = query.load(conn).await?;
    Ok(known.into_iter().collect())
}

/// Notes that a matter was taken over. When somebody else takes it over at the same time, one of the two fails: `conflict`.
pub fn note(tx: &mut Tx, system: &str, source_id: &str, matter: MatterId) {
    let now = tx.now();
    tx.later(diesel::insert_into(imported_matters::table).values((
        imported_matters::system.eq(system.to_owned()),
        imported_matters::source_id.eq(source_id.to_owned()),
        imported_matters::matter_id.eq(matter),
        imported_matters::imported_at.eq(now),
    )));
}
