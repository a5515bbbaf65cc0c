//! Table `mediators`.

use chassis::{
    db::Tx,
    http::{Page, Problem},
};
use contracts::ids::{CaseId, MediatorId, OrganisationId};
use diesel::{
    ExpressionMethods as _, PgArrayExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    dsl::{array, exists},
    select,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::mediator::Mediator,
    schema::{mediators, proceedings},
};

/// Stores a new mediator.
///
/// # Errors
/// `unavailable`.
pub async fn insert(tx: &mut Tx, mediator: &Mediator) -> Result<(), Problem> {
    let insert = diesel::insert_into(mediators::table).values(mediator);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// Those of `ids` who are mediators of an organisation.
///
/// # Errors
/// `unavailable`.
pub async fn registered(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    ids: &[MediatorId],
) -> Result<Vec<MediatorId>, Problem> {
    let query = mediators::table
        .filter(mediators::organisation_id.eq(organisation))
        .filter(mediators::id.eq_any(ids))
        .select(mediators::id);
    Ok(query.load(conn).await?)
}

/// One page of an organisation's mediators, the earliest first. Whether the caller may see the organisation is checked
/// before.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    page: &Page,
) -> Result<Vec<Mediator>, Problem> {
    let mut query = mediators::table
        .filter(mediators::organisation_id.eq(organisation))
        .into_boxed();
    if let Some(after) = page.after::<MediatorId>()? {
        query = query.filter(mediators::id.gt(after));
    }
    let query = query.order(mediators::id).limit(page.fetch());
    Ok(query.select(Mediator::as_select()).load(conn).await?)
}

/// Whether the holder of an account mediates, or mediated, a case.
///
/// # Errors
/// `unavailable`.
pub async fn mediates(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    subject: &str,
) -> Result<bool, Problem> {
    let mediator = mediators::table
        .filter(mediators::account_subject.eq(subject))
        .filter(proceedings::mediator_ids.contains(array((mediators::id,))));
    let query = proceedings::table
        .filter(proceedings::case_id.eq(case_id))
        .filter(exists(mediator));
    Ok(select(exists(query)).get_result(conn).await?)
}
