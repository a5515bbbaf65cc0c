//! Table `attachments`.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::PartySide,
    ids::{AttachmentId, CaseId, MatterId},
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, NullableExpressionMethods as _,
    OptionalExtension as _, QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
    dsl::exists, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::visible;
use crate::{
    domain::attachment::Visibility,
    schema::{attachments, matters, parties},
};

type Query = attachments::BoxedQuery<'static, Pg>;

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
    /// What it is: a code of the policy pack's list of documents of a file.
    pub kind: Option<String>,
    /// The side it belongs to; `None` = staff's own.
    pub side: Option<PartySide>,
    /// Who of the parties may read it.
    pub visibility: Visibility,
}

/// The files a caller may read: of the matters it may see; an applicant those they handed in, those of their side and those
/// that are for all parties.
fn readable(scope: &Scope) -> Query {
    let seen = visible(scope).select(matters::id);
    let query = attachments::table
        .filter(attachments::matter_id.eq_any(seen))
        .into_boxed();
    let Some(subject) = &scope.applicant else {
        return query;
    };
    let own_side = parties::table
        .filter(parties::matter_id.eq(attachments::matter_id))
        .filter(parties::account_subject.eq(subject.clone()))
        .filter(parties::side.nullable().eq(attachments::side));
    let theirs = attachments::added_by
        .eq(subject.clone())
        .or(attachments::visibility.eq(Visibility::Parties))
        .or(exists(own_side));
    query.filter(theirs)
}

/// Stores a new file.
pub async fn insert(tx: &mut Tx, attachment: &Attachment) -> Result<(), Problem> {
    diesel::insert_into(attachments::table)
        .values(attachment)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The files of a matter that the caller may read in the order they came, those too whose content was removed.
pub async fn list(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
    scope: &Scope,
) -> Result<Vec<Attachment>, Problem> {
    let query = readable(scope)
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

/// The file of a matter that has this name and content already, as far as the caller may know of it.
pub async fn same(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
    (name, sha256): (&str, &str),
    scope: &Scope,
) -> Result<Option<Attachment>, Problem> {
    let query = readable(scope)
        .filter(attachments::matter_id.eq(matter))
        .filter(attachments::name.eq(name.to_owned()))
        .filter(attachments::sha256.eq(sha256.to_owned()))
        .filter(attachments::removed_at.is_null());
    let query = query.select(Attachment::as_select());
    Ok(query.first(conn).await.optional()?)
}

/// The file, or `not-found` when the caller may not read it or its content was removed.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: AttachmentId,
    scope: &Scope,
) -> Result<Attachment, Problem> {
    let query = readable(scope)
        .filter(attachments::id.eq(id))
        .filter(attachments::removed_at.is_null());
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
