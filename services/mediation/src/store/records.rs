//! Tables `concessions` and `undisputed_facts`. Whether the caller may see the proceeding is checked before.

use chassis::{
    db::Tx,
    http::{Page, Problem},
};
use contracts::ids::{ConcessionId, ProceedingId};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::record::{Concession, UndisputedFacts},
    schema::{concessions, undisputed_facts},
};

/// Stores what a party offered.
///
/// # Errors
/// `unavailable`.
pub async fn insert_concession(tx: &mut Tx, concession: &Concession) -> Result<(), Problem> {
    let insert = diesel::insert_into(concessions::table).values(concession);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// One page of what the parties of a proceeding offered, the earliest first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn concessions(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
    page: &Page,
) -> Result<Vec<Concession>, Problem> {
    let mut query = concessions::table
        .filter(concessions::proceeding_id.eq(id))
        .into_boxed();
    if let Some(after) = page.after::<ConcessionId>()? {
        query = query.filter(concessions::id.gt(after));
    }
    let query = query.order(concessions::id).limit(page.fetch());
    Ok(query.select(Concession::as_select()).load(conn).await?)
}

/// The undisputed facts of a proceeding, when they were written down.
///
/// # Errors
/// `unavailable`.
pub async fn facts(
    conn: &mut AsyncPgConnection,
    id: ProceedingId,
) -> Result<Option<UndisputedFacts>, Problem> {
    let query = undisputed_facts::table.find(id);
    Ok(query
        .select(UndisputedFacts::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Stores undisputed facts. The command holds the proceeding's row, so nobody else changes them meanwhile.
///
/// # Errors
/// `unavailable`.
pub async fn put_facts(tx: &mut Tx, facts: &UndisputedFacts) -> Result<(), Problem> {
    diesel::insert_into(undisputed_facts::table)
        .values(facts)
        .on_conflict(undisputed_facts::proceeding_id)
        .do_update()
        .set((
            undisputed_facts::content.eq(&facts.content),
            undisputed_facts::signatures.eq(&facts.signatures),
            undisputed_facts::agreed_at.eq(facts.agreed_at),
            undisputed_facts::updated_at.eq(facts.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
