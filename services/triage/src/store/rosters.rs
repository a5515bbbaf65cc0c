//! Duty rosters.

use chassis::http::{Page, Problem, Scope};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{OrganisationId, RosterEntryId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{above, within};
use crate::{
    domain::RosterEntry,
    schema::{organisations, rosters},
};

/// The entries of an organisation that touch a time. Others that enter for the same organisation wait until this transaction
/// ends.
///
/// # Errors
/// `unavailable`.
pub async fn touching(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Result<Vec<RosterEntry>, Problem> {
    organisations::table
        .find(organisation)
        .select(organisations::id)
        .for_update()
        .get_result::<OrganisationId>(conn)
        .await?;
    let rows = rosters::table
        .filter(rosters::organisation_id.eq(organisation))
        .filter(rosters::starts_at.lt(ends_at))
        .filter(rosters::ends_at.gt(starts_at))
        .select(RosterEntry::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Who is on duty for an organisation at a time.
///
/// # Errors
/// `unavailable`.
pub async fn on_duty(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    at: DateTime<Utc>,
) -> Result<Option<RosterEntry>, Problem> {
    let found = rosters::table
        .filter(rosters::organisation_id.eq(organisation))
        .filter(rosters::starts_at.le(at))
        .filter(rosters::ends_at.gt(at))
        .select(RosterEntry::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Account of who is on duty for an organisation at a time.
///
/// # Errors
/// `unavailable`.
pub async fn officer(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    at: DateTime<Utc>,
) -> Result<Option<String>, Problem> {
    let entry = on_duty(conn, organisation, at).await?;
    Ok(entry.map(|entry| entry.officer))
}

/// Removes an entry of a region.
///
/// # Errors
/// `not-found`, also for one outside the scope.
pub async fn remove(
    conn: &mut AsyncPgConnection,
    id: RosterEntryId,
    scope: &Scope,
) -> Result<RosterEntry, Problem> {
    let own = rosters::table
        .find(id)
        .filter(rosters::region.like(within(scope)));
    let removed = diesel::delete(own)
        .returning(RosterEntry::as_returning())
        .get_result(conn)
        .await
        .optional()?;
    removed.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// A page of entries by when they begin, with all that are in force at a time when one is given.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    organisation: Option<OrganisationId>,
    at: Option<DateTime<Utc>>,
    page: &Page,
) -> Result<Vec<RosterEntry>, Problem> {
    let mut query = rosters::table.into_boxed().filter(
        rosters::region
            .like(within(scope))
            .or(rosters::region.eq_any(above(scope))),
    );
    for wanted in [scope.organisation, organisation].into_iter().flatten() {
        query = query.filter(rosters::organisation_id.eq(wanted));
    }
    if let Some(at) = at {
        query = query
            .filter(rosters::starts_at.le(at))
            .filter(rosters::ends_at.gt(at));
    }
    if let Some((starts, id)) = page.after::<(DateTime<Utc>, RosterEntryId)>()? {
        query = query.filter(
            rosters::starts_at
                .gt(starts)
                .or(rosters::starts_at.eq(starts).and(rosters::id.gt(id))),
        );
    }
    let rows = query
        .order((rosters::starts_at, rosters::id))
        .limit(page.fetch())
        .select(RosterEntry::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores an entry.
///
/// # Errors
/// `unavailable`.
pub async fn insert(conn: &mut AsyncPgConnection, entry: &RosterEntry) -> Result<(), Problem> {
    diesel::insert_into(rosters::table)
        .values(entry)
        .execute(conn)
        .await?;
    Ok(())
}
