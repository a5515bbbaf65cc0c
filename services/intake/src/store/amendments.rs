//! Table `amendments`.

use chassis::db::Tx;
use contracts::ids::{EventId, MatterId};
use diesel::ExpressionMethods as _;

use crate::schema::amendments;

/// Keeps that fields of a matter were put right.
pub fn record(tx: &mut Tx, matter: MatterId, fields: &[String], reason: &str, by: &str) {
    let (id, now): (EventId, _) = (tx.new_id(), tx.now());
    tx.later(diesel::insert_into(amendments::table).values((
        amendments::id.eq(id),
        amendments::matter_id.eq(matter),
        amendments::fields.eq(fields.to_vec()),
        amendments::reason.eq(reason.to_owned()),
        amendments::done_by.eq(by.to_owned()),
        amendments::done_at.eq(now),
    )));
}
