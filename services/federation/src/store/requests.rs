//! Requests and their steps.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    border::HandsOver,
    ids::{CaseId, RequestBatchId, RequestId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _, TextExpressionMethods as _, pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    api::list_requests::RequestFilter,
    domain::{Note, Place, Request, RequestState},
    schema::{request_batches, request_steps, requests},
};

/// Where a page of the list ended.
pub type PageKey = (DateTime<Utc>, RequestId);

/// The requests a caller may see: those of its whole node. Who works for a part of it sees none.
fn visible(scope: &Scope) -> requests::BoxedQuery<'static, Pg> {
    requests::table
        .filter(requests::node.like(format!("{}%", scope.region)))
        .into_boxed()
}

/// One request.
///
/// # Errors
/// `not-found`, also for a request outside the scope.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: RequestId,
    scope: &Scope,
) -> Result<Request, Problem> {
    let query = visible(scope).filter(requests::id.eq(id));
    Ok(query.select(Request::as_select()).first(conn).await?)
}

/// One request, locked until the end of the transaction; of the desk itself.
///
/// # Errors
/// `unavailable`.
pub async fn lock(conn: &mut AsyncPgConnection, id: RequestId) -> Result<Option<Request>, Problem> {
    let query = requests::table.find(id).for_update();
    Ok(query
        .select(Request::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// A page of requests, the newest first.
///
/// # Errors
/// `invalid-cursor`.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &RequestFilter,
    page: &Page,
) -> Result<Vec<Request>, Problem> {
    let mut query = visible(scope);
    if let Some(direction) = filter.direction {
        query = query.filter(requests::outgoing.eq(direction.outgoing()));
    }
    if let Some(state) = filter.state {
        query = query.filter(requests::state.eq(state));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(requests::kind.eq(kind.clone()));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(requests::case_id.eq(case_id));
    }
    if let Some(batch_id) = filter.batch_id {
        let together = request_batches::table.filter(request_batches::batch_id.eq(batch_id));
        query = query.filter(requests::id.eq_any(together.select(request_batches::request_id)));
    }
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = requests::sent_at.eq(at).and(requests::id.lt(id));
        query = query.filter(requests::sent_at.lt(at).or(at_that_time));
    }
    let rows = query
        .order((requests::sent_at.desc(), requests::id.desc()))
        .limit(page.fetch())
        .select(Request::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// Stores a new request; false when it is there already.
///
/// # Errors
/// `conflict` when its case is being handed over meanwhile.
pub async fn insert(conn: &mut AsyncPgConnection, request: &Request) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(requests::table)
        .values(request)
        .on_conflict(requests::id)
        .do_nothing()
        .execute(conn)
        .await?;
    Ok(inserted == 1)
}

/// Notes that a request was sent together with others, when the transaction ends.
pub fn note_batch(tx: &mut Tx, id: RequestId, batch: RequestBatchId) {
    let row = (
        request_batches::request_id.eq(id),
        request_batches::batch_id.eq(batch),
    );
    tx.later(diesel::insert_into(request_batches::table).values(row));
}

/// Stores a changed request under its next version.
///
/// # Errors
/// `stale-version` when somebody else was quicker.
pub async fn update(conn: &mut AsyncPgConnection, request: &mut Request) -> Result<(), Problem> {
    let before = requests::table
        .find(request.id)
        .filter(requests::version.eq(request.version));
    request.version += 1;
    let changed = diesel::update(before).set(&*request).execute(conn).await?;
    match changed {
        0 => Err(Problem::new(&common::STALE_VERSION)),
        _ => Ok(()),
    }
}

/// Whether a hand-over of a case waits for its signature, and how often equals have refused the case.
///
/// # Errors
/// `unavailable`.
pub async fn standing(
    conn: &mut AsyncPgConnection,
    case_id: CaseId,
) -> Result<(bool, i64), Problem> {
    let sent: Vec<Request> = requests::table
        .filter(requests::case_id.eq(case_id))
        .filter(requests::outgoing)
        .filter(requests::hands_over.eq(HandsOver::OnSign))
        .select(Request::as_select())
        .load(conn)
        .await?;
    let under_way =
        |request: &&Request| matches!(request.state, RequestState::Sent | RequestState::Delivered);
    let refused = |request: &&Request| {
        request.state == RequestState::Refused
            && Place::of(request.to_node, request.from_node) == Place::Beside
    };
    let count = sent.iter().filter(refused).count();
    Ok((
        sent.iter().any(|request| under_way(&request)),
        i64::try_from(count).unwrap_or(i64::MAX),
    ))
}

/// Requests to be sent again, or to be urged, at this time.
///
/// # Errors
/// `unavailable`.
pub async fn awake(
    conn: &mut AsyncPgConnection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<RequestId>, Problem> {
    let rows = requests::table
        .filter(requests::resend_at.le(now).or(requests::urge_at.le(now)))
        .order(requests::sent_at)
        .limit(limit)
        .select(requests::id)
        .load(conn)
        .await?;
    Ok(rows)
}

/// One of them, locked; none when another process holds it or has done it.
///
/// # Errors
/// `unavailable`.
pub async fn lock_awake(
    conn: &mut AsyncPgConnection,
    id: RequestId,
    now: DateTime<Utc>,
) -> Result<Option<Request>, Problem> {
    let row = requests::table
        .filter(requests::id.eq(id))
        .filter(requests::resend_at.le(now).or(requests::urge_at.le(now)))
        .for_update()
        .skip_locked()
        .select(Request::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row)
}

/// Puts off what is due of one until `later`.
///
/// # Errors
/// `unavailable`.
pub async fn postpone(
    conn: &mut AsyncPgConnection,
    id: RequestId,
    now: DateTime<Utc>,
    later: DateTime<Utc>,
) -> Result<(), Problem> {
    let one = || requests::table.filter(requests::id.eq(id));
    diesel::update(one().filter(requests::resend_at.le(now)))
        .set(requests::resend_at.eq(later))
        .execute(conn)
        .await?;
    diesel::update(one().filter(requests::urge_at.le(now)))
        .set(requests::urge_at.eq(later))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes a step; false when it is there already.
///
/// # Errors
/// `unavailable`.
pub async fn note(conn: &mut AsyncPgConnection, note: &Note) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(request_steps::table)
        .values(note)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(inserted == 1)
}

/// One step.
///
/// # Errors
/// `unavailable`.
pub async fn step(
    conn: &mut AsyncPgConnection,
    request: &Request,
    by: contracts::region::RegionCode,
    number: i32,
) -> Result<Option<Note>, Problem> {
    let query = request_steps::table.find((request.id, by, number));
    Ok(query
        .select(Note::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Notes that a step that had come before its turn is applied.
///
/// # Errors
/// `unavailable`.
pub async fn applied(conn: &mut AsyncPgConnection, note: &Note) -> Result<(), Problem> {
    let row = request_steps::table.find((note.request_id, note.by_node, note.number));
    diesel::update(row)
        .set((
            request_steps::applied.eq(true),
            request_steps::sealed.eq(None::<String>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The steps of a request in the order they were taken.
///
/// # Errors
/// `unavailable`.
pub async fn steps(conn: &mut AsyncPgConnection, id: RequestId) -> Result<Vec<Note>, Problem> {
    let rows = request_steps::table
        .filter(request_steps::request_id.eq(id))
        .filter(request_steps::applied)
        .order((
            request_steps::noted_at,
            request_steps::by_node,
            request_steps::number,
        ))
        .select(Note::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}
