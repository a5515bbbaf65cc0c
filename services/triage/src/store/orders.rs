//! Dispatch orders.

use chassis::{
    elsewhere::check_here,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    events::triage::DispatchMode,
    ids::{CaseId, DispatchOrderId, OrganisationId, ProceedingId},
    lifecycle::StateMachine as _,
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _, dsl::exists, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::{above, within};
use crate::{
    domain::{Order, OrderState, TriageCase},
    schema::{cases, orders},
};

/// The orders a caller may see.
fn visible(scope: &Scope) -> orders::BoxedQuery<'static, Pg> {
    let mut query = orders::table.into_boxed().filter(
        orders::region
            .like(within(scope))
            .or(orders::region.eq_any(above(scope))),
    );
    if let Some(organisation) = scope.organisation {
        query = query.filter(orders::organisation_id.eq(organisation));
    }
    query
}

/// One order, for a command.
///
/// # Errors
/// `case-elsewhere` while another node answers for its case; `not-found`, also for an order outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: DispatchOrderId,
    scope: &Scope,
) -> Result<Order, Problem> {
    let found = read(conn, id, scope).await?;
    check_here(conn, found.case_id).await?;
    Ok(found)
}

/// One order, for reading.
///
/// # Errors
/// `not-found`, also for an order outside the scope.
pub async fn read(
    conn: &mut AsyncPgConnection,
    id: DispatchOrderId,
    scope: &Scope,
) -> Result<Order, Problem> {
    let found = visible(scope)
        .filter(orders::id.eq(id))
        .select(Order::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(|| Problem::new(&common::NOT_FOUND))
}

/// The orders of a case.
///
/// # Errors
/// `unavailable`.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    scope: &Scope,
) -> Result<Vec<Order>, Problem> {
    let rows = visible(scope)
        .filter(orders::case_id.eq(case_id))
        .order(orders::issued_at)
        .select(Order::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// A page of orders, the one due first at the top.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    state: Option<OrderState>,
    case_id: Option<CaseId>,
    page: &Page,
) -> Result<Vec<Order>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = state {
        query = query.filter(orders::state.eq(state));
    }
    if let Some(case_id) = case_id {
        query = query.filter(orders::case_id.eq(case_id));
    }
    if let Some((due, id)) = page.after::<(DateTime<Utc>, DispatchOrderId)>()? {
        query = query.filter(
            orders::due_at
                .gt(due)
                .or(orders::due_at.eq(due).and(orders::id.gt(id))),
        );
    }
    let rows = query
        .order((orders::due_at, orders::id))
        .limit(page.fetch())
        .select(Order::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores a new order.
///
/// # Errors
/// `conflict` when the case has one.
pub async fn insert(conn: &mut AsyncPgConnection, order: &Order) -> Result<(), Problem> {
    diesel::insert_into(orders::table)
        .values(order)
        .execute(conn)
        .await?;
    Ok(())
}

/// Brings the live orders of a case to their end; gives them.
///
/// # Errors
/// `unavailable`.
pub async fn finish(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    now: DateTime<Utc>,
) -> Result<Vec<Order>, Problem> {
    let ended = diesel::update(orders::table)
        .filter(orders::case_id.eq(case_id))
        .filter(orders::state.eq_any(OrderState::LIVE))
        .set((
            orders::state.eq(OrderState::Done),
            orders::version.eq(orders::version + 1),
            orders::updated_at.eq(now),
        ))
        .returning(Order::as_returning())
        .get_results(conn)
        .await?;
    Ok(ended)
}

/// The order in force of a case.
///
/// # Errors
/// `unavailable`.
pub async fn in_force(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    scope: &Scope,
) -> Result<Option<Order>, Problem> {
    let found = visible(scope)
        .filter(orders::case_id.eq(case_id))
        .filter(orders::state.eq_any(OrderState::IN_FORCE))
        .filter(orders::mode.ne(DispatchMode::Assist))
        .select(Order::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// The order that another takes the place of; its receiver does not see it.
///
/// # Errors
/// `transition-not-allowed` when there is none.
pub async fn followed_by(conn: &mut AsyncPgConnection, order: &Order) -> Result<Order, Problem> {
    let not_allowed = || Problem::new(&common::TRANSITION_NOT_ALLOWED);
    let id = order.follows.ok_or_else(not_allowed)?;
    let found = orders::table
        .find(id)
        .select(Order::as_select())
        .first(conn)
        .await
        .optional()?;
    found.ok_or_else(not_allowed)
}

/// The organisations that have a live order of a case.
///
/// # Errors
/// `unavailable`.
pub async fn at_work(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<Vec<OrganisationId>, Problem> {
    let rows = orders::table
        .filter(orders::case_id.eq(case_id))
        .filter(orders::state.eq_any(OrderState::LIVE))
        .select(orders::organisation_id)
        .load(conn)
        .await?;
    Ok(rows)
}

/// Who was given an order; none when it is not here.
///
/// # Errors
/// `unavailable`.
pub async fn receiver(
    conn: &mut AsyncPgConnection,
    id: DispatchOrderId,
) -> Result<Option<OrganisationId>, Problem> {
    let found = orders::table.find(id).select(orders::organisation_id);
    Ok(found.first(conn).await.optional()?)
}

/// Who last signed for a case for an organisation.
///
/// # Errors
/// `unavailable`.
pub async fn signer(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
    organisation: OrganisationId,
) -> Result<Option<String>, Problem> {
    let found = orders::table
        .filter(orders::case_id.eq(case_id))
        .filter(orders::organisation_id.eq(organisation))
        .filter(orders::signed_at.is_not_null())
        .order(orders::signed_at.desc())
        .select(orders::signed_by);
    let signer: Option<Option<String>> = found.first(conn).await.optional()?;
    Ok(signer.flatten())
}

/// Whether a case is offered to an organisation that has not signed yet.
///
/// # Errors
/// `unavailable`.
pub async fn offered(conn: &mut AsyncPgConnection, case_id: CaseId) -> Result<bool, Problem> {
    let offers = orders::table
        .filter(orders::case_id.eq(case_id))
        .filter(orders::state.eq(OrderState::Offered));
    Ok(diesel::select(exists(offers)).get_result(conn).await?)
}

/// Stores that the proceeding of an order ended.
///
/// # Errors
/// `unavailable`.
pub async fn work_ended(
    conn: &mut AsyncPgConnection,
    proceeding: ProceedingId,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    diesel::update(orders::table)
        .filter(orders::proceeding_id.eq(proceeding))
        .set(orders::work_ended_at.eq(at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores an order after a change.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update(conn: &mut AsyncPgConnection, order: &Order) -> Result<(), Problem> {
    let updated = diesel::update(orders::table.find(order.id))
        .filter(orders::version.eq(order.version - 1))
        .set((
            orders::state.eq(order.state),
            orders::sign_due_at.eq(order.sign_due_at),
            orders::return_until.eq(order.return_until),
            orders::signed_by.eq(&order.signed_by),
            orders::signed_at.eq(order.signed_at),
            orders::version.eq(order.version),
            orders::updated_at.eq(order.updated_at),
        ))
        .execute(conn)
        .await?;
    match updated {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}

/// Stores an order after its receiver told of it; no proceeding tells of its work.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update_told(conn: &mut AsyncPgConnection, order: &Order) -> Result<(), Problem> {
    update(conn, order).await?;
    diesel::update(orders::table.find(order.id))
        .set((
            orders::work_begun_at.eq(order.work_begun_at),
            orders::work_ended_at.eq(order.work_ended_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores an order whose work was sent back to its receiver.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile.
pub async fn update_reworked(conn: &mut AsyncPgConnection, order: &Order) -> Result<(), Problem> {
    update_told(conn, order).await?;
    diesel::update(orders::table.find(order.id))
        .set((
            orders::due_on.eq(order.due_on),
            orders::due_at.eq(order.due_at),
            orders::due_provisional.eq(order.due_provisional),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores that a proceeding was opened for an order; an order of another node is not here.
///
/// # Errors
/// `unavailable`.
pub async fn work_begun(
    conn: &mut AsyncPgConnection,
    id: DispatchOrderId,
    proceeding: ProceedingId,
    at: DateTime<Utc>,
) -> Result<(), Problem> {
    // The first, or another one after the last has ended.
    let again = orders::work_ended_at
        .is_not_null()
        .and(orders::proceeding_id.ne(proceeding));
    let begins = orders::proceeding_id.is_null().or(again);
    // The version too: who is about to take the order back has seen another one.
    diesel::update(orders::table.find(id))
        .filter(begins)
        .set((
            orders::proceeding_id.eq(proceeding),
            orders::work_begun_at.eq(at),
            orders::work_ended_at.eq(None::<DateTime<Utc>>),
            orders::version.eq(orders::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores that an order was signed for, and with it the case's state.
///
/// # Errors
/// `stale-version` when somebody else changed it meanwhile; `transition-not-allowed` when the case is elsewhere.
pub async fn update_signed(conn: &mut AsyncPgConnection, order: &Order) -> Result<(), Problem> {
    let updated = diesel::update(orders::table.find(order.id))
        .filter(orders::version.eq(order.version - 1))
        .set((
            orders::state.eq(order.state),
            orders::signed_by.eq(&order.signed_by),
            orders::signed_at.eq(order.signed_at),
            orders::version.eq(order.version),
            orders::updated_at.eq(order.updated_at),
        ))
        .execute(conn)
        .await?;
    if updated == 0 {
        return Err(Problem::new(&common::STALE_VERSION));
    }
    let not_allowed = || Problem::new(&common::TRANSITION_NOT_ALLOWED);
    // The table is the guard here too; the case itself is not read, to spare a statement.
    let transition = TriageCase::TRANSITIONS
        .iter()
        .find(|transition| transition.command == "sign_order")
        .ok_or_else(not_allowed)?;
    let followed = diesel::update(cases::table.find(order.case_id))
        .filter(cases::state.eq_any(transition.from))
        .set((
            cases::state.eq(transition.to),
            cases::version.eq(cases::version + 1),
            cases::updated_at.eq(order.updated_at),
        ))
        .execute(conn)
        .await?;
    match followed {
        0 => Err(not_allowed()),
        _ => Ok(()),
    }
}
