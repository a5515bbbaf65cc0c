//! Table `sessions`. Whether the caller may see the proceeding is checked before.

use chassis::{db::Tx, http::Problem};
use contracts::ids::ProceedingId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::session::Session, schema::sessions};

/// Stores a session.
///
/// # Errors
/// `unavailable`.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<(), Problem> {
    let insert = diesel::insert_into(sessions::table).values(session);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// The sessions of a proceeding, the earliest first.
///
/// # Errors
/// `unavailable`.
pub async fn of_proceeding(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
) -> Result<Vec<Session>, Problem> {
    let query = sessions::table
        .filter(sessions::proceeding_id.eq(id))
        .order((sessions::held_at, sessions::id));
    Ok(query.select(Session::as_select()).load(conn).await?)
}
