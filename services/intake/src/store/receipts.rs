//! What became of a message of table `notifications` after it left: that it arrived, that it was read.

use chassis::{
    db::{Tx, statement},
    http::{Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::ids::NotificationId;
use diesel::{
    ExpressionMethods as _, QueryDsl as _, SelectableHelper as _, TextExpressionMethods as _,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::notifications::Notification;
use crate::{
    domain::notification::NotificationState,
    schema::{cases, notifications, parties},
};

/// The message, or `not-found` when it is to somebody else.
pub async fn own(
    conn: &mut AsyncPgConnection,
    id: NotificationId,
    subject: &str,
) -> Result<Notification, Problem> {
    let own = parties::table
        .filter(parties::account_subject.eq(subject))
        .select(parties::id);
    let query = notifications::table
        .filter(notifications::id.eq(id))
        .filter(notifications::party_id.eq_any(own));
    Ok(query.select(Notification::as_select()).first(conn).await?)
}

/// Notes that its person has read a message.
pub async fn note_read(tx: &mut Tx, id: NotificationId) -> Result<(), Problem> {
    let now = tx.now();
    let unread = notifications::table
        .find(id)
        .filter(notifications::read_at.is_null());
    diesel::update(unread)
        .set(notifications::read_at.eq(now))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The message for what a gateway says of it, locked; `not-found` outside the gateway's region. A gateway was sent it, whatever the
/// case is.
pub async fn lock(tx: &mut Tx, id: NotificationId, scope: &Scope) -> Result<Notification, Problem> {
    let here = cases::table
        .filter(cases::region.like(format!("{}%", scope.region)))
        .select(cases::id);
    let query = notifications::table
        .filter(notifications::id.eq(id))
        .filter(notifications::case_id.eq_any(here))
        .for_update();
    let message = query.select(Notification::as_select());
    Ok(message.first(tx.conn()).await?)
}

/// Notes that a message arrived, and with that that the gateway took it.
pub async fn note_received(tx: &mut Tx, id: NotificationId) -> Result<(), Problem> {
    let now = tx.now();
    statement(
        "UPDATE notifications SET state = 'sent', next_attempt_at = NULL, last_failure = NULL,
             delivered_at = coalesce(delivered_at, $2), received_at = $2 WHERE id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes that a message did not arrive: it has failed.
pub async fn note_not_received(
    tx: &mut Tx,
    id: NotificationId,
    failure: &str,
) -> Result<(), Problem> {
    diesel::update(notifications::table.find(id))
        .set((
            notifications::state.eq(NotificationState::Failed),
            notifications::last_failure.eq(failure),
            notifications::delivered_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
