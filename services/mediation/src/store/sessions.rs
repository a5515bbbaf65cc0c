//! Table `sessions`. Whether the caller may see the proceeding is checked before.

use chassis::{db::Tx, http::Problem};
use contracts::ids::{ProceedingId, SessionId};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
};
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

/// A session of a proceeding, locked for a command.
///
/// # Errors
/// `unavailable`.
pub async fn lock(
    tx: &mut Tx,
    of: ProceedingId,
    id: SessionId,
) -> Result<Option<Session>, Problem> {
    let query = sessions::table
        .find(id)
        .filter(sessions::proceeding_id.eq(of))
        .for_update();
    let row = query.select(Session::as_select()).first(tx.conn()).await;
    Ok(row.optional()?)
}

/// Stores the signatures of a session's record.
///
/// # Errors
/// `unavailable`.
pub async fn sign(tx: &mut Tx, session: &Session) -> Result<(), Problem> {
    diesel::update(sessions::table.find(session.id))
        .set(sessions::signatures.eq(&session.signatures))
        .execute(tx.conn())
        .await?;
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
