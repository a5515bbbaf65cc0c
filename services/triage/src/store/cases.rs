//! Cases with their proposals and decisions.

use chassis::{
    elsewhere::check_here,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{ids::CaseId, problems::common};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _,
    dsl::sql,
    helper_types::{InnerJoin, IntoBoxed, LeftJoin},
    pg::Pg,
    sql_types::Bool,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{above, within};
use crate::{
    domain::{CaseProposal, CaseState, Decision, OrderState, TriageCase, decision::PastDecision},
    schema::{cases, decisions, orders, past_decisions, proposals},
};

/// A case, what was proposed for it and what was decided.
pub type CaseFile = (TriageCase, CaseProposal, Option<Decision>);

/// The cases a caller may see.
fn visible(
    scope: &Scope,
) -> IntoBoxed<'static, LeftJoin<InnerJoin<cases::table, proposals::table>, decisions::table>, Pg> {
    let mut query = cases::table
        .inner_join(proposals::table)
        .left_join(decisions::table)
        .into_boxed()
        .filter(
            cases::region
                .like(within(scope))
                .or(cases::region.eq_any(above(scope))),
        );
    if let Some(organisation) = scope.organisation {
        let given = orders::table
            .filter(orders::organisation_id.eq(organisation))
            .filter(orders::state.eq_any(OrderState::SEES))
            .select(orders::case_id);
        query = query.filter(cases::case_id.eq_any(given));
    }
    query
}

/// One case, for a command.
///
/// # Errors
/// `case-elsewhere` while another node answers for its case; `not-found`, also for a case outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    scope: &Scope,
) -> Result<CaseFile, Problem> {
    let file = read(conn, case_id, scope).await?;
    check_here(conn, case_id).await?;
    Ok(file)
}

/// One case, for reading.
///
/// # Errors
/// `not-found`, also for a case outside the scope.
pub async fn read(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    scope: &Scope,
) -> Result<CaseFile, Problem> {
    let found = visible(scope)
        .filter(cases::case_id.eq(case_id))
        .select((
            TriageCase::as_select(),
            CaseProposal::as_select(),
            Option::<Decision>::as_select(),
        ))
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// One case, whoever may see it: for what follows from a fact.
///
/// # Errors
/// `unavailable`.
pub async fn find(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<TriageCase>, Problem> {
    let found = cases::table
        .find(case_id)
        .select(TriageCase::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// A page of the cases that this node answers for, the one whose decision is due first at the top.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<CaseState>,
    page: &Page,
) -> Result<Vec<CaseFile>, Problem> {
    let here = "cases.case_id NOT IN (SELECT e.case_id FROM cases_elsewhere e)";
    let mut query = visible(scope).filter(sql::<Bool>(here));
    if let Some(state) = state {
        query = query.filter(cases::state.eq(state));
    }
    if let Some((due, id)) = page.after::<(DateTime<Utc>, CaseId)>()? {
        query = query.filter(
            cases::decide_due_at
                .gt(due)
                .or(cases::decide_due_at.eq(due).and(cases::case_id.gt(id))),
        );
    }
    let rows = query
        .order((cases::decide_due_at, cases::case_id))
        .limit(page.fetch())
        .select((
            TriageCase::as_select(),
            CaseProposal::as_select(),
            Option::<Decision>::as_select(),
        ))
        .load(conn)
        .await?;
    Ok(rows)
}

/// A case, locked against commands and other events.
///
/// # Errors
/// `unavailable`.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Option<TriageCase>, Problem> {
    let found = cases::table
        .find(case_id)
        .select(TriageCase::as_select())
        .for_update()
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Stores a new case with its proposal; false when the case is there already.
///
/// # Errors
/// `unavailable`.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    case: &TriageCase,
    proposal: &CaseProposal,
) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(cases::table)
        .values(case)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    diesel::insert_into(proposals::table)
        .values(proposal)
        .execute(conn)
        .await?;
    Ok(true)
}

/// Stores a case after a change.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, case: &TriageCase) -> Result<(), Problem> {
    let updated = diesel::update(cases::table.find(case.case_id))
        .filter(cases::version.eq(case.version - 1))
        .set((
            cases::state.eq(case.state),
            cases::decide_due_at.eq(case.decide_due_at),
            cases::disputes.eq(case.disputes),
            cases::came_back.eq(case.came_back),
            cases::closed_at.eq(case.closed_at),
            cases::colour.eq(case.colour),
            cases::persons_involved.eq(case.persons_involved),
            cases::organisation_id.eq(case.organisation_id),
            cases::version.eq(case.version),
            cases::updated_at.eq(case.updated_at),
        ))
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}

/// Stores that a case was closed; one that triage does not have is not here.
///
/// # Errors
/// `unavailable`.
pub async fn closed(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    // The version too: who is about to send its work back has seen another one.
    diesel::update(cases::table.find(case_id))
        .set((
            cases::closed_at.eq(at),
            cases::version.eq(cases::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores a decision. The one it replaces is kept.
///
/// # Errors
/// `conflict` when somebody else stored one meanwhile.
pub async fn insert_decision(
    conn: &mut AsyncPgConnection,
    decision: &Decision,
    replaced: Option<&Decision>,
) -> Result<(), Problem> {
    if let Some(replaced) = replaced {
        diesel::delete(decisions::table.find(replaced.case_id))
            .execute(conn)
            .await?;
        diesel::insert_into(past_decisions::table)
            .values(PastDecision::from(replaced))
            .execute(conn)
            .await?;
    }
    diesel::insert_into(decisions::table)
        .values(decision)
        .execute(conn)
        .await?;
    Ok(())
}

/// The decisions of a case that later ones replaced, the oldest first. Whoever may see the case may see them.
///
/// # Errors
/// `unavailable`.
pub async fn past_decisions(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<Decision>, Problem> {
    let rows: Vec<Decision> = past_decisions::table
        .filter(past_decisions::case_id.eq(case_id))
        .order(past_decisions::decided_at)
        .load(conn)
        .await?;
    Ok(rows)
}
