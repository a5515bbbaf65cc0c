//! Table `attachments`.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::ids::{AttachmentId, CaseId, MatterId};
use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable,
    Selectable, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::visible;
use crate::schema::{attachments, matters};

/// A file of a matter.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    /// The file; its content lies under this id.
    pub id: AttachmentId,
    /// The matter.
    pub matter_id: MatterId,
    /// The matter's case when it was added.
    pub case_id: CaseId,
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// Subject of who added it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Subject of who removed its content.
    pub removed_by: Option<String>,
    /// When.
    pub removed_at: Option<DateTime<Utc>>,
    /// Why.
    pub removed_reason: Option<String>,
}

/// Stores a new file.
pub async fn insert(tx: &mut Tx, attachment: &Attachment) -> Result<(), Problem> {
    diesel::insert_into(attachments::table)
        .values(attachment)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The files of a matter in the order they came, those too whose content was removed.
pub async fn list(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<Attachment>, Problem> {
    let query = attachments::table
        .filter(attachments::matter_id.eq(matter))
        .order((attachments::added_at, attachments::id));
    Ok(query.select(Attachment::as_select()).load(conn).await?)
}

/// How many files of a matter have their content.
pub async fn count(conn: &mut AsyncPgConnection, matter: MatterId) -> Result<i64, Problem> {
    let query = attachments::table
        .filter(attachments::matter_id.eq(matter))
        .filter(attachments::removed_at.is_null());
    Ok(query.count().get_result(conn).await?)
}

/// Files are added to a matter one after the other, so that none is counted twice or not at all.
pub async fn lock(conn: &mut AsyncPgConnection, matter: MatterId) -> Result<(), Problem> {
    let query = matters::table.find(matter).select(matters::id).for_update();
    query.first::<MatterId>(conn).await?;
    Ok(())
}

/// The file of a matter that has this name and content already.
pub async fn same(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
    name: &str,
    sha256: &str,
) -> Result<Option<Attachment>, Problem> {
    let query = attachments::table
        .filter(attachments::matter_id.eq(matter))
        .filter(attachments::name.eq(name))
        .filter(attachments::sha256.eq(sha256))
        .filter(attachments::removed_at.is_null());
    let query = query.select(Attachment::as_select());
    Ok(query.first(conn).await.optional()?)
}

/// The file, or `not-found` when the caller may not see its matter or its content was removed.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: AttachmentId,
    scope: &Scope,
) -> Result<Attachment, Problem> {
    let seen = visible(scope).select(matters::id);
    let query = attachments::table
        .filter(attachments::id.eq(id))
        .filter(attachments::removed_at.is_null())
        .filter(attachments::matter_id.eq_any(seen));
    Ok(query.select(Attachment::as_select()).first(conn).await?)
}

/// Notes that the content of a file is removed.
pub fn remove(tx: &mut Tx, id: AttachmentId, by: &str, reason: &str) {
    let now = tx.now();
    tx.later(diesel::update(attachments::table.find(id)).set((
        attachments::removed_by.eq(by.to_owned()),
        attachments::removed_at.eq(now),
        attachments::removed_reason.eq(reason.to_owned()),
    )));
}

/// Which of these have their content.
pub async fn kept(
    conn: &mut AsyncPgConnection,
    ids: &[AttachmentId],
) -> Result<Vec<AttachmentId>, Problem> {
    let query = attachments::table
        .filter(attachments::id.eq_any(ids))
        .filter(attachments::removed_at.is_null());
    Ok(query.select(attachments::id).load(conn).await?)
}
