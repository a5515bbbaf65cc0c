//! Table `inquiries`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{ids::InquiryId, problems::common};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::inquiry::{Inquiry, InquiryState},
    schema::inquiries,
};

/// Where a page of the list ended.
pub type PageKey = (DateTime<Utc>, InquiryId);

/// The questions a caller may see: of its region; an applicant's own.
fn visible(scope: &Scope) -> inquiries::BoxedQuery<'static, Pg> {
    let mut query = inquiries::table
        .filter(inquiries::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(subject) = &scope.applicant {
        query = query.filter(inquiries::asked_by.eq(subject.clone()));
    }
    query
}

/// The question, or `not-found` when the caller may not see it.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: InquiryId,
    scope: &Scope,
) -> Result<Inquiry, Problem> {
    let query = visible(scope).filter(inquiries::id.eq(id));
    Ok(query.select(Inquiry::as_select()).first(conn).await?)
}

/// One page, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<InquiryState>,
    page: &Page,
) -> Result<Vec<Inquiry>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(inquiries::state.eq(state));
    }
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = inquiries::asked_at.eq(at).and(inquiries::id.lt(id));
        query = query.filter(inquiries::asked_at.lt(at).or(at_that_time));
    }
    let query = query
        .order((inquiries::asked_at.desc(), inquiries::id.desc()))
        .limit(page.fetch());
    Ok(query.select(Inquiry::as_select()).load(conn).await?)
}

/// Stores a new question.
pub async fn insert(tx: &mut Tx, inquiry: &Inquiry) -> Result<(), Problem> {
    diesel::insert_into(inquiries::table)
        .values(inquiry)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a change.
///
/// # Errors
/// `stale-version` when somebody else was quicker.
pub async fn update(tx: &mut Tx, inquiry: &Inquiry) -> Result<(), Problem> {
    let before = inquiries::table
        .find(inquiry.id)
        .filter(inquiries::version.eq(inquiry.version - 1));
    let changed = diesel::update(before)
        .set(inquiry)
        .execute(tx.conn())
        .await?;
    match changed {
        1 => Ok(()),
        _ => Err(Problem::new(&common::STALE_VERSION)),
    }
}
