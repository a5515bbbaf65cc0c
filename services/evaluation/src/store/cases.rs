//! Cases.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use contracts::{events::triage::RiskColour, ids::CaseId, problems::common};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::case::Case,
    schema::cases::{self, dsl},
};

/// Inserts a case.
pub async fn insert(tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    diesel::insert_into(cases::table)
        .values(case)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps what a registration says; of a case known already, only its parties.
pub async fn register(tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    diesel::insert_into(cases::table)
        .values(case)
        .on_conflict(dsl::id)
        .do_update()
        .set(dsl::party_ids.eq(&case.party_ids))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps what triage decided.
pub async fn triage(tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    let decided = (
        dsl::type_code.eq(&case.type_code),
        dsl::colour.eq(case.colour),
        dsl::version.eq(dsl::version + 1),
        dsl::updated_at.eq(case.updated_at),
    );
    diesel::insert_into(cases::table)
        .values(case)
        .on_conflict(dsl::id)
        .do_update()
        .set(decided)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Keeps a new risk colour of a case that is known.
pub async fn recolour(tx: &mut Tx, id: CaseId, colour: RiskColour) -> Result<(), Problem> {
    let now = tx.now();
    diesel::update(cases::table.find(id))
        .set((
            dsl::colour.eq(colour),
            dsl::version.eq(dsl::version + 1),
            dsl::updated_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a change. The domain has raised the version by one.
///
/// # Errors
/// `stale-version` when another change came first.
pub async fn update(tx: &mut Tx, case: &Case) -> Result<(), Problem> {
    let before = dsl::version.eq(case.version - 1);
    let updated = diesel::update(cases::table.find(case.id).filter(before))
        .set(case)
        .execute(tx.conn())
        .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// A case, locked against other consumers and commands.
pub async fn lock(tx: &mut Tx, id: CaseId) -> Result<Option<Case>, Problem> {
    Ok(cases::table
        .find(id)
        .select(Case::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// A case the caller may see. Whether an applicant is a party is asked elsewhere.
///
/// # Errors
/// `not-found`.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: CaseId,
    scope: &Scope,
) -> Result<Case, Problem> {
    let in_scope = dsl::region.like(format!("{}%", scope.region));
    let found = cases::table.find(id).filter(in_scope);
    Ok(found.select(Case::as_select()).first(conn).await?)
}
