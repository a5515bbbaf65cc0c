//! Where the mediation organisations are.

use chassis::{db::Tx, http::Problem};
use contracts::{ids::OrganisationId, region::RegionCode};
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::organisations::{self, dsl};

/// Keeps where an organisation is.
pub fn upsert(tx: &mut Tx, id: OrganisationId, region: RegionCode) {
    tx.later(
        diesel::insert_into(organisations::table)
            .values((dsl::id.eq(id), dsl::region.eq(region)))
            .on_conflict(dsl::id)
            .do_update()
            .set(dsl::region.eq(region)),
    );
}

/// The regions of organisations; those that are not known are left out.
pub async fn regions(
    conn: &mut AsyncPgConnection,
    ids: &[OrganisationId],
) -> Result<Vec<RegionCode>, Problem> {
    Ok(organisations::table
        .filter(dsl::id.eq_any(ids))
        .order(dsl::id)
        .select(dsl::region)
        .load(conn)
        .await?)
}
