//! Consultations with the departments that are called.

use chassis::{
    elsewhere::check_here,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, ConsultationCallId, ConsultationId, OrganisationId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _, dsl::exists, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::within;
use crate::{
    domain::{Consultation, ConsultationCall, ConsultationState},
    schema::{consultation_calls, consultations},
};

/// The consultations a caller may see: a department those it is called to, wherever the case is (TR-06: across regions).
fn visible(scope: &Scope) -> consultations::BoxedQuery<'static, Pg> {
    let query = consultations::table.into_boxed();
    match scope.organisation {
        Some(organisation) => {
            let called = consultation_calls::table
                .filter(consultation_calls::organisation_id.eq(organisation))
                .select(consultation_calls::consultation_id);
            query.filter(consultations::id.eq_any(called))
        }
        None => query.filter(consultations::region.like(within(scope))),
    }
}

/// One consultation, for a command.
///
/// # Errors
/// `case-elsewhere` while another node answers for its case; `not-found`, also for one outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: ConsultationId,
    scope: &Scope,
) -> Result<Consultation, Problem> {
    let found = read(conn, id, scope).await?;
    check_here(conn, found.case_id).await?;
    Ok(found)
}

/// One consultation, for reading.
///
/// # Errors
/// `not-found`, also for one outside the scope.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: ConsultationId,
    scope: &Scope,
) -> Result<Consultation, Problem> {
    let found = visible(scope)
        .filter(consultations::id.eq(id))
        .select(Consultation::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// A page of consultations, the one whose meeting is due first at the top.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<ConsultationState>,
    case_id: Option<CaseId>,
    page: &Page,
) -> Result<Vec<Consultation>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(consultations::state.eq(state));
    }
    if let Some(case_id) = case_id {
        query = query.filter(consultations::case_id.eq(case_id));
    }
    if let Some((due, id)) = page.after::<(DateTime<Utc>, ConsultationId)>()? {
        query = query.filter(
            consultations::meet_due_at
                .gt(due)
                .or(consultations::meet_due_at
                    .eq(due)
                    .and(consultations::id.gt(id))),
        );
    }
    let rows = query
        .order((consultations::meet_due_at, consultations::id))
        .limit(page.fetch())
        .select(Consultation::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// The calls of a consultation. Whoever may see it may see them.
///
/// # Errors
/// `unavailable`.
pub async fn calls(
    conn: &mut AsyncPgConnection,
    id: ConsultationId,
) -> Result<Vec<ConsultationCall>, Problem> {
    let rows = consultation_calls::table
        .filter(consultation_calls::consultation_id.eq(id))
        .order(consultation_calls::id)
        .select(ConsultationCall::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Which department a call is to.
///
/// # Errors
/// `unavailable`.
pub async fn called(
    conn: &mut AsyncPgConnection,
    id: ConsultationCallId,
) -> Result<Option<OrganisationId>, Problem> {
    let found = consultation_calls::table
        .find(id)
        .select(consultation_calls::organisation_id);
    Ok(found.first(conn).await.optional()?)
}

/// Whether a consultation about a case is going on.
///
/// # Errors
/// `unavailable`.
pub async fn open(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let open = consultations::table
        .filter(consultations::case_id.eq(case_id))
        .filter(consultations::state.eq(ConsultationState::Called));
    Ok(diesel::select(exists(open)).get_result(conn).await?)
}

/// The consultation about a case that is going on.
///
/// # Errors
/// `unavailable`.
pub async fn open_of(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<Consultation>, Problem> {
    let found = consultations::table
        .filter(consultations::case_id.eq(case_id))
        .filter(consultations::state.eq(ConsultationState::Called))
        .select(Consultation::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Stores a consultation with its calls.
///
/// # Errors
/// `conflict` when one about the case is going on.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    consultation: &Consultation,
    calls: &[ConsultationCall],
) -> Result<(), Problem> {
    diesel::insert_into(consultations::table)
        .values(consultation)
        .execute(conn)
        .await?;
    diesel::insert_into(consultation_calls::table)
        .values(calls)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores a consultation after a change.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, changed: &Consultation) -> Result<(), Problem> {
    let updated = diesel::update(consultations::table.find(changed.id))
        .filter(consultations::version.eq(changed.version - 1))
        .set(changed)
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}

/// Stores that a department reported in.
///
/// # Errors
/// `unavailable`.
pub async fn update_call(
    conn: &mut AsyncPgConnection,
    call: &ConsultationCall,
) -> Result<(), Problem> {
    diesel::update(consultation_calls::table.find(call.id))
        .set((
            consultation_calls::reported_by.eq(&call.reported_by),
            consultation_calls::reported_in_at.eq(call.reported_in_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
