//! Suspicions of a sham mediation, as the organisations that mediated tell them.

use chassis::{db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::ids::AgreementId;
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::suspicions::{self, dsl};

/// Notes whether a sham is suspected; whether that is news. Of two tellings the later stands, in whatever order they come.
pub async fn note(
    tx: &mut Tx,
    id: AgreementId,
    open: bool,
    at: DateTime<Utc>,
) -> Result<bool, Problem> {
    let told = diesel::insert_into(suspicions::table)
        .values((
            dsl::agreement_id.eq(id),
            dsl::open.eq(open),
            dsl::told_at.eq(at),
        ))
        .on_conflict(dsl::agreement_id)
        .do_update()
        .set((dsl::open.eq(open), dsl::told_at.eq(at)));
    let news = dsl::told_at
        .lt(at)
        .or(dsl::told_at.eq(at).and(dsl::open.ne(open)));
    let noted = diesel::query_dsl::methods::FilterDsl::filter(told, news);
    Ok(noted.execute(tx.conn()).await? == 1)
}

/// Whether a sham is suspected and not cleared.
pub async fn is_open(conn: &mut AsyncPgConnection, id: AgreementId) -> Result<bool, Problem> {
    let open: Option<bool> = suspicions::table
        .find(id)
        .select(dsl::open)
        .first(conn)
        .await
        .optional()?;
    Ok(open.unwrap_or_default())
}
