//! Table `mediators`.

use std::collections::HashMap;

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use contracts::{
    events::mediation::MediatorStanding,
    ids::{CaseId, MediatorId, OrganisationId},
};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, PgArrayExpressionMethods as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
    dsl::{array, count_star, exists},
    select,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::changed_one;
use crate::{
    api::search_mediators::MediatorFilter,
    domain::{
        mediator::{Conflict, Mediator},
        staffing::Active,
    },
    schema::{mediator_conflicts, mediators, proceedings},
};

/// Stores a new mediator.
///
/// # Errors
/// `unavailable`.
pub async fn insert(tx: &mut Tx, mediator: &Mediator) -> Result<(), Problem> {
    let insert = diesel::insert_into(mediators::table).values(mediator);
    insert.execute(tx.conn()).await?;
    Ok(())
}

/// The mediator, locked for a command. The register is public in its region (人民调解法 10).
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn lock(tx: &mut Tx, id: MediatorId, scope: &Scope) -> Result<Mediator, Problem> {
    let query = mediators::table
        .filter(mediators::id.eq(id))
        .filter(mediators::region.like(format!("{}%", scope.region)))
        .for_update();
    Ok(query.select(Mediator::as_select()).first(tx.conn()).await?)
}

/// The mediator, for reading.
///
/// # Errors
/// `not-found`, `unavailable`.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: MediatorId,
    scope: &Scope,
) -> Result<Mediator, Problem> {
    let query = mediators::table
        .filter(mediators::id.eq(id))
        .filter(mediators::region.like(format!("{}%", scope.region)));
    Ok(query.select(Mediator::as_select()).first(conn).await?)
}

/// Stores a changed mediator, unless they are no longer of version `seen`.
///
/// # Errors
/// `stale-version`, `unavailable`.
pub async fn update(tx: &mut Tx, mediator: &Mediator, seen: i64) -> Result<(), Problem> {
    let before = mediators::table
        .find(mediator.id)
        .filter(mediators::version.eq(seen));
    let rows = diesel::update(before)
        .set((
            mediators::name.eq(&mediator.name),
            mediators::class.eq(&mediator.class),
            mediators::account_subject.eq(&mediator.account_subject),
            mediators::qualifications.eq(&mediator.qualifications),
            mediators::standing.eq(mediator.standing),
            mediators::standing_reason.eq(&mediator.standing_reason),
            mediators::level.eq(&mediator.level),
            mediators::background.eq(&mediator.background),
            mediators::specialties.eq(&mediator.specialties),
            mediators::trainings.eq(&mediator.trainings),
            mediators::version.eq(mediator.version),
            mediators::updated_at.eq(mediator.updated_at),
        ))
        .execute(tx.conn())
        .await?;
    changed_one(rows)
}

/// Notes an interest of a mediator in a case; the last telling stands.
///
/// # Errors
/// `unavailable`.
pub async fn note_conflict(tx: &mut Tx, conflict: &Conflict) -> Result<(), Problem> {
    diesel::insert_into(mediator_conflicts::table)
        .values(conflict)
        .on_conflict((mediator_conflicts::case_id, mediator_conflicts::mediator_id))
        .do_update()
        .set(mediator_conflicts::interest.eq(&conflict.interest))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Those of `ids` whose interest in a case the register holds.
///
/// # Errors
/// `unavailable`.
pub async fn in_conflict(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    ids: &[MediatorId],
) -> Result<Vec<MediatorId>, Problem> {
    let query = mediator_conflicts::table
        .filter(mediator_conflicts::case_id.eq(case_id))
        .filter(mediator_conflicts::mediator_id.eq_any(ids))
        .select(mediator_conflicts::mediator_id);
    Ok(query.load(conn).await?)
}

/// How many proceedings that have not ended each of these mediators has.
///
/// # Errors
/// `unavailable`.
pub async fn workload(
    conn: &mut AsyncPgConnection,
    of: &[Mediator],
) -> Result<HashMap<MediatorId, usize>, Problem> {
    let ids: Vec<MediatorId> = of.iter().map(|mediator| mediator.id).collect();
    let open: Vec<Vec<MediatorId>> = proceedings::table
        .filter(proceedings::ended_at.is_null())
        .filter(proceedings::mediator_ids.overlaps_with(ids))
        .select(proceedings::mediator_ids)
        .load(conn)
        .await?;
    let mut counts = HashMap::new();
    for id in open.into_iter().flatten() {
        *counts.entry(id).or_default() += 1;
    }
    Ok(counts)
}

/// How many proceedings that have not ended a mediator has.
///
/// # Errors
/// `unavailable`.
pub async fn open_of(conn: &mut AsyncPgConnection, of: &Mediator) -> Result<usize, Problem> {
    let counts = workload(conn, std::slice::from_ref(of)).await?;
    Ok(counts.get(&of.id).copied().unwrap_or_default())
}

/// One page of the mediators of a caller's region, the earliest first.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn search(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &MediatorFilter,
    page: &Page,
) -> Result<Vec<Mediator>, Problem> {
    let mut query = mediators::table
        .filter(mediators::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(region) = &filter.region {
        query = query.filter(mediators::region.like(format!("{region}%")));
    }
    if let Some(organisation) = filter.organisation_id {
        query = query.filter(mediators::organisation_id.eq(organisation));
    }
    if let Some(class) = &filter.class {
        query = query.filter(mediators::class.eq(class.clone()));
    }
    if let Some(level) = &filter.level {
        query = query.filter(mediators::level.eq(level.clone()));
    }
    if let Some(background) = &filter.background {
        query = query.filter(mediators::background.eq(background.clone()));
    }
    if let Some(type_code) = &filter.specialty {
        query = query.filter(mediators::specialties.contains(vec![type_code.clone()]));
    }
    if let Some(standing) = filter.standing {
        query = query.filter(mediators::standing.eq(standing));
    }
    if let Some(after) = page.after::<MediatorId>()? {
        query = query.filter(mediators::id.gt(after));
    }
    let query = query.order(mediators::id).limit(page.fetch());
    Ok(query.select(Mediator::as_select()).load(conn).await?)
}

/// How those of `ids` stand who are mediators of an organisation.
///
/// # Errors
/// `unavailable`.
pub async fn standings(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    ids: &[MediatorId],
) -> Result<HashMap<MediatorId, MediatorStanding>, Problem> {
    let query = mediators::table
        .filter(mediators::organisation_id.eq(organisation))
        .filter(mediators::id.eq_any(ids))
        .select((mediators::id, mediators::standing));
    let rows: Vec<(MediatorId, MediatorStanding)> = query.load(conn).await?;
    Ok(rows.into_iter().collect())
}

/// How many active mediators of each class these organisations have.
///
/// # Errors
/// `unavailable`.
pub async fn active(
    conn: &mut AsyncPgConnection,
    of: &[OrganisationId],
) -> Result<HashMap<OrganisationId, Active>, Problem> {
    let rows: Vec<(OrganisationId, String, i64)> = mediators::table
        .filter(mediators::organisation_id.eq_any(of))
        .filter(mediators::standing.eq(MediatorStanding::Active))
        .group_by((mediators::organisation_id, mediators::class))
        .select((mediators::organisation_id, mediators::class, count_star()))
        .load(conn)
        .await?;
    let mut active: HashMap<OrganisationId, Active> = HashMap::new();
    for (organisation, class, count) in rows {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        active.entry(organisation).or_default().insert(class, count);
    }
    Ok(active)
}

/// One page of an organisation's mediators, the earliest first. Whether the caller may see the organisation is checked
/// before.
///
/// # Errors
/// `invalid-cursor`, `unavailable`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    page: &Page,
) -> Result<Vec<Mediator>, Problem> {
    let mut query = mediators::table
        .filter(mediators::organisation_id.eq(organisation))
        .into_boxed();
    if let Some(after) = page.after::<MediatorId>()? {
        query = query.filter(mediators::id.gt(after));
    }
    let query = query.order(mediators::id).limit(page.fetch());
    Ok(query.select(Mediator::as_select()).load(conn).await?)
}

/// The account a mediator logs in with.
///
/// # Errors
/// `unavailable`.
pub async fn account(
    conn: &mut AsyncPgConnection,
    id: MediatorId,
) -> Result<Option<String>, Problem> {
    let query = mediators::table.find(id).select(mediators::account_subject);
    let subject: Option<Option<String>> = query.first(conn).await.optional()?;
    Ok(subject.flatten())
}

/// Whether the holder of an account mediates, or mediated, a case.
///
/// # Errors
/// `unavailable`.
pub async fn mediates(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    subject: &str,
) -> Result<bool, Problem> {
    let mediator = mediators::table
        .filter(mediators::account_subject.eq(subject))
        .filter(proceedings::mediator_ids.contains(array((mediators::id,))));
    let query = proceedings::table
        .filter(proceedings::case_id.eq(case_id))
        .filter(exists(mediator));
    Ok(select(exists(query)).get_result(conn).await?)
}
