//! Table `matter_links`, and what may have to be linked.

use chassis::{
    db::Tx,
    http::{Problem, Scope},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{events::intake::LinkKind, ids::MatterId};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, PgExpressionMethods as _, QueryDsl as _,
    SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::sections::intake::Duplicates;

use super::matters::visible;
use crate::{
    domain::{link::MatterLink, matter::Matter},
    schema::{matter_links, matters, parties},
};

/// Stores a link.
///
/// # Errors
/// `conflict` when the pair is linked.
pub async fn insert(tx: &mut Tx, link: &MatterLink) -> Result<(), Problem> {
    diesel::insert_into(matter_links::table)
        .values(link)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The links of a matter, in either direction, the oldest first.
pub async fn of(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<MatterLink>, Problem> {
    let either = matter_links::matter_id
        .eq(matter)
        .or(matter_links::other_matter_id.eq(matter));
    let query = matter_links::table
        .filter(either)
        .order((matter_links::linked_at, matter_links::matter_id));
    Ok(query.select(MatterLink::as_select()).load(conn).await?)
}

/// The matters that a matter was found to be a duplicate of, or that were found to be duplicates of it.
pub async fn others(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<MatterId>, Problem> {
    let links = of(conn, matter).await?;
    let duplicates = links
        .into_iter()
        .filter(|link| link.kind == LinkKind::Duplicate)
        .map(|link| {
            if link.matter_id == matter {
                link.other_matter_id
            } else {
                link.matter_id
            }
        });
    Ok(duplicates.collect())
}

/// The matters of the same type that were registered in the window before a matter, as far as the caller may see them, the
/// newest first, with what was said.
pub async fn candidates(
    conn: &mut AsyncPgConnection,
    matter: &Matter,
    rule: &Duplicates,
    scope: &Scope,
) -> Result<Vec<(Matter, String)>, Problem> {
    let until: DateTime<Utc> = matter.created_at;
    let query = visible(scope)
        .filter(matters::id.ne(matter.id))
        .filter(matters::created_at.le(until))
        .filter(matters::created_at.ge(until - TimeDelta::days(rule.window_days)))
        .filter(matters::type_hint.is_not_distinct_from(matter.type_hint.clone()))
        .order((matters::created_at.desc(), matters::id.desc()))
        .limit(rule.compare_most);
    let columns = (Matter::as_select(), matters::narrative);
    Ok(query.select(columns).load(conn).await?)
}

/// Which of these matters a party of `matter` is a party of too, by the number of its document.
pub async fn with_same_party(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
    among: &[MatterId],
) -> Result<Vec<MatterId>, Problem> {
    let own: Vec<Option<String>> = parties::table
        .filter(parties::matter_id.eq(matter))
        .filter(parties::identifier_number.is_not_null())
        .select(parties::identifier_number)
        .load(conn)
        .await?;
    let own: Vec<String> = own.into_iter().flatten().collect();
    let query = parties::table
        .filter(parties::matter_id.eq_any(among))
        .filter(parties::identifier_number.eq_any(own))
        .select(parties::matter_id)
        .distinct();
    Ok(query.load(conn).await?)
}
