//! Table `appointments`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{AppointmentId, OrganisationId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, SelectableHelper as _,
    TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::appointment::{Appointment, AppointmentState},
    schema::appointments,
};

/// Where a page of the list ended.
pub type PageKey = (DateTime<Utc>, AppointmentId);

/// The appointments a caller may see: of its region; of its organisation, when it is bound to one; an applicant's own.
fn visible(scope: &Scope) -> appointments::BoxedQuery<'static, Pg> {
    let mut query = appointments::table
        .filter(appointments::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(organisation) = scope.organisation {
        query = query.filter(appointments::organisation_id.eq(organisation));
    }
    if let Some(subject) = &scope.applicant {
        query = query.filter(appointments::asked_by.eq(subject.clone()));
    }
    query
}

/// The appointment, or `not-found` when the caller may not see it.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: AppointmentId,
    scope: &Scope,
) -> Result<Appointment, Problem> {
    let query = visible(scope).filter(appointments::id.eq(id));
    Ok(query.select(Appointment::as_select()).first(conn).await?)
}

/// One page, the earliest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<AppointmentState>,
    page: &Page,
) -> Result<Vec<Appointment>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(appointments::state.eq(state));
    }
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = appointments::starts_at.eq(at).and(appointments::id.gt(id));
        query = query.filter(appointments::starts_at.gt(at).or(at_that_time));
    }
    let query = query
        .order((appointments::starts_at, appointments::id))
        .limit(page.fetch());
    Ok(query.select(Appointment::as_select()).load(conn).await?)
}

/// How many appointments of an organisation overlap a time.
pub async fn taken(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, Problem> {
    let query = appointments::table
        .filter(appointments::organisation_id.eq(organisation))
        .filter(appointments::state.eq_any(AppointmentState::TAKES_TIME))
        .filter(appointments::starts_at.lt(ends_at))
        .filter(appointments::ends_at.gt(starts_at));
    Ok(query.count().get_result(conn).await?)
}

/// The times of an organisation's appointments that overlap a time.
pub async fn times(
    conn: &mut AsyncPgConnection,
    organisation: OrganisationId,
    (starts_at, ends_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<(DateTime<Utc>, DateTime<Utc>)>, Problem> {
    let query = appointments::table
        .filter(appointments::organisation_id.eq(organisation))
        .filter(appointments::state.eq_any(AppointmentState::TAKES_TIME))
        .filter(appointments::starts_at.lt(ends_at))
        .filter(appointments::ends_at.gt(starts_at));
    let times = query.select((appointments::starts_at, appointments::ends_at));
    Ok(times.load(conn).await?)
}

/// Stores a new appointment.
pub async fn insert(tx: &mut Tx, appointment: &Appointment) -> Result<(), Problem> {
    diesel::insert_into(appointments::table)
        .values(appointment)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a change.
///
/// # Errors
/// `stale-version` when somebody else was quicker.
pub async fn update(tx: &mut Tx, appointment: &Appointment) -> Result<(), Problem> {
    let before = appointments::table
        .find(appointment.id)
        .filter(appointments::version.eq(appointment.version - 1));
    let changed = diesel::update(before)
        .set(appointment)
        .execute(tx.conn())
        .await?;
    match changed {
        1 => Ok(()),
        _ => Err(Problem::new(&common::STALE_VERSION)),
    }
}
