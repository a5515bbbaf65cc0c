//! Obligations recorded as not performed.

use chassis::{db::Tx, http::Problem};
use chrono::{DateTime, Utc};
use contracts::ids::{AgreementId, ObligationId};
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::defaulted_obligations::{self as table, dsl};

/// Keeps that an obligation was not performed.
pub fn insert(tx: &mut Tx, agreement: AgreementId, obligation: ObligationId, at: DateTime<Utc>) {
    tx.later(
        diesel::insert_into(table::table)
            .values((
                dsl::obligation_id.eq(obligation),
                dsl::agreement_id.eq(agreement),
                dsl::defaulted_at.eq(at),
            ))
            .on_conflict_do_nothing(),
    );
}

/// An obligation was performed after all.
pub fn remove(tx: &mut Tx, obligation: ObligationId) {
    tx.later(diesel::delete(table::table.find(obligation)));
}

/// What of an agreement is recorded as not performed.
pub async fn of_agreement(
    conn: &mut AsyncPgConnection,
    id: AgreementId,
) -> Result<Vec<ObligationId>, Problem> {
    Ok(table::table
        .filter(dsl::agreement_id.eq(id))
        .order(dsl::obligation_id)
        .select(dsl::obligation_id)
        .load(conn)
        .await?)
}
