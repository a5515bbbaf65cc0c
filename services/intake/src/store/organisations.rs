//! Table `organisations`: names and regions, as mediation's register publishes them.

use chassis::{db::Tx, http::Problem};
use contracts::{ids::OrganisationId, region::RegionCode};
use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::organisations;

/// An organisation's name, when the register has said it.
pub async fn name(
    conn: &mut AsyncPgConnection,
    id: OrganisationId,
) -> Result<Option<String>, Problem> {
    let query = organisations::table.find(id).select(organisations::name);
    Ok(query.first(conn).await.optional()?)
}

/// The region of an organisation the register knows.
pub async fn region(
    conn: &mut AsyncPgConnection,
    id: OrganisationId,
) -> Result<Option<RegionCode>, Problem> {
    let query = organisations::table.find(id).select(organisations::region);
    Ok(query.first(conn).await.optional()?)
}

/// The region of an organisation the register knows, which stays locked until the commit.
pub async fn lock(tx: &mut Tx, id: OrganisationId) -> Result<Option<RegionCode>, Problem> {
    let query = organisations::table.find(id).for_update();
    let region = query.select(organisations::region).first(tx.conn()).await;
    Ok(region.optional()?)
}

/// Keeps what the register says now.
pub fn note(tx: &mut Tx, id: OrganisationId, region: RegionCode, name: String) {
    let says = (
        organisations::region.eq(region),
        organisations::name.eq(name),
    );
    tx.later(
        diesel::insert_into(organisations::table)
            .values((organisations::id.eq(id), says.clone()))
            .on_conflict(organisations::id)
            .do_update()
            .set(says),
    );
}
