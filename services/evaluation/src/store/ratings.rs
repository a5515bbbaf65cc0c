//! Ratings.

use chassis::{db::Tx, http::Problem};
use contracts::ids::CaseId;
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::rating::Rating,
    schema::ratings::{self, dsl},
};

/// Inserts a rating; whether the party had given none.
pub async fn insert(tx: &mut Tx, rating: &Rating) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(ratings::table)
        .values(rating)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// The ratings of a case, the first first.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<Rating>, Problem> {
    Ok(ratings::table
        .filter(dsl::case_id.eq(case_id))
        .order((dsl::given_at, dsl::id))
        .select(Rating::as_select())
        .load(conn)
        .await?)
}
