//! The organisations that can be given a case.

use chassis::http::Problem;
use contracts::{ids::OrganisationId, region::RegionCode};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{domain::Organisation, schema::organisations};

/// One organisation. Public knowledge: not limited to a scope.
///
/// # Errors
/// `unavailable`.
pub async fn find(
    conn: &mut AsyncPgConnection,
    id: OrganisationId,
) -> Result<Option<Organisation>, Problem> {
    let found = organisations::table
        .find(id)
        .select(Organisation::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// The organisations of these regions. Public knowledge.
///
/// # Errors
/// `unavailable`.
pub async fn of_regions(
    conn: &mut AsyncPgConnection,
    regions: &[RegionCode],
) -> Result<Vec<Organisation>, Problem> {
    let rows = organisations::table
        .filter(organisations::region.eq_any(regions))
        .order(organisations::id)
        .select(Organisation::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores what the register says now.
///
/// # Errors
/// `unavailable`.
pub async fn upsert(
    conn: &mut AsyncPgConnection,
    organisation: &Organisation,
) -> Result<(), Problem> {
    diesel::insert_into(organisations::table)
        .values(organisation)
        .on_conflict(organisations::id)
        .do_update()
        .set(organisation)
        .execute(conn)
        .await?;
    Ok(())
}
