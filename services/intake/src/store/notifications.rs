//! Table `notifications`, and the lines of the timeline that are still to be told.

use chassis::{
    db::{Tx, statement},
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::NotificationChannel,
    ids::{CaseId, EventId, NotificationId, PartyId},
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, QueryDsl as _, Queryable,
    QueryableByName, Selectable, SelectableHelper as _,
    sql_types::{BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::matters::visible;
use crate::{
    api::list_notifications::NotificationFilter,
    domain::{
        notification::{NotificationState, Standing},
        public_fact::PublicFact,
    },
    schema::{matters, notifications, parties, timeline},
};

/// A message.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = notifications)]
pub struct Notification {
    /// The message.
    pub id: NotificationId,
    /// The case it tells of.
    pub case_id: CaseId,
    /// Whom it tells.
    pub party_id: PartyId,
    /// The line of the timeline it tells.
    pub event_id: EventId,
    /// Its template.
    pub template: String,
    /// How it goes.
    pub channel: NotificationChannel,
    /// What it says, in Chinese.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
    /// What became of it.
    pub state: NotificationState,
    /// How often a gateway was asked.
    pub attempts: i32,
    /// When it is sent again.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// What the last gateway said: a status code or a kind of fault.
    pub last_failure: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was taken by a gateway or kept here.
    pub delivered_at: Option<DateTime<Utc>>,
    /// When the gateway said that it arrived.
    pub received_at: Option<DateTime<Utc>>,
    /// When its person read it first.
    pub read_at: Option<DateTime<Utc>>,
}

impl Notification {
    /// How it stands for a receipt.
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            tried: self.attempts > 0,
            arrived: self.received_at.is_some(),
        }
    }
}

/// A line of the timeline that nobody was told of yet.
#[derive(Queryable, Selectable)]
#[diesel(table_name = timeline)]
pub struct Untold {
    /// The line.
    pub event_id: EventId,
    /// The case.
    pub case_id: CaseId,
    /// What happened.
    pub fact: PublicFact,
    /// When.
    pub happened_at: DateTime<Utc>,
}

/// Takes lines that are to be told, the oldest first, and marks them as told. Another process takes others.
pub async fn take_untold(tx: &mut Tx, limit: i64) -> Result<Vec<Untold>, Problem> {
    let lines = timeline::table
        .filter(timeline::told.eq(false))
        .order(timeline::happened_at)
        .limit(limit)
        .select(Untold::as_select())
        .for_update()
        .skip_locked()
        .load(tx.conn())
        .await?;
    let ids: Vec<EventId> = lines.iter().map(|line| line.event_id).collect();
    if !ids.is_empty() {
        let taken = timeline::table.filter(timeline::event_id.eq_any(ids));
        tx.later(diesel::update(taken).set(timeline::told.eq(true)));
    }
    Ok(lines)
}

/// Marks every line of a case as told.
pub fn mark_told(tx: &mut Tx, case: CaseId) {
    let lines = timeline::table.filter(timeline::case_id.eq(case));
    tx.later(diesel::update(lines).set(timeline::told.eq(true)));
}

/// Stores new messages; one that is there already stays as it is.
pub fn insert(tx: &mut Tx, messages: Vec<Notification>) {
    if !messages.is_empty() {
        tx.later(
            diesel::insert_into(notifications::table)
                .values(messages)
                .on_conflict_do_nothing(),
        );
    }
}

/// A message to be sent now.
#[derive(QueryableByName)]
pub struct Due {
    /// The message.
    #[diesel(sql_type = SqlUuid)]
    pub id: NotificationId,
    /// The case.
    #[diesel(sql_type = SqlUuid)]
    pub case_id: CaseId,
    /// How it goes.
    #[diesel(sql_type = Text)]
    pub channel: NotificationChannel,
    /// Its template.
    #[diesel(sql_type = Text)]
    pub template: String,
    /// In Chinese.
    #[diesel(sql_type = Text)]
    pub text_zh: String,
    /// In English.
    #[diesel(sql_type = Text)]
    pub text_en: String,
    /// How often it was tried, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// Telephone number for a short message, account for the others.
    #[diesel(sql_type = Text)]
    pub address: String,
}

/// Claims messages whose time has come: nobody else takes them before `again_at`.
pub async fn claim(tx: &mut Tx, limit: i64, again_at: DateTime<Utc>) -> Result<Vec<Due>, Problem> {
    let now = tx.now();
    let due = statement(
        "UPDATE notifications AS n SET attempts = n.attempts + 1, next_attempt_at = $3
         FROM parties AS p
         WHERE p.id = n.party_id AND n.id IN (
             SELECT id FROM notifications WHERE state = 'pending' AND next_attempt_at <= $1
             ORDER BY next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING n.id, n.case_id, n.channel, n.template, n.text_zh, n.text_en, n.attempts,
             coalesce(CASE n.channel WHEN 'sms' THEN p.phone ELSE p.account_subject END, '') AS address",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(limit)
    .bind::<Timestamptz, _>(again_at)
    .load::<Due>(tx.conn())
    .await?;
    Ok(due)
}

/// Notes what became of a message that was claimed.
pub fn note(
    tx: &mut Tx,
    id: NotificationId,
    state: NotificationState,
    next_attempt_at: Option<DateTime<Utc>>,
    failure: Option<String>,
) {
    let delivered_at = (state == NotificationState::Sent).then(|| tx.now());
    // Not when its receipt was quicker.
    let claimed = notifications::table
        .find(id)
        .filter(notifications::state.eq(NotificationState::Pending));
    tx.later(diesel::update(claimed).set((
        notifications::state.eq(state),
        notifications::next_attempt_at.eq(next_attempt_at),
        notifications::last_failure.eq(failure),
        notifications::delivered_at.eq(delivered_at),
    )));
}

/// Notes that the last attempt at a message failed; whether it still waited for it. A receipt may have been quicker.
pub async fn fail(tx: &mut Tx, id: NotificationId, failure: &str) -> Result<bool, Problem> {
    let claimed = notifications::table
        .find(id)
        .filter(notifications::state.eq(NotificationState::Pending));
    let failed = diesel::update(claimed)
        .set((
            notifications::state.eq(NotificationState::Failed),
            notifications::next_attempt_at.eq(None::<DateTime<Utc>>),
            notifications::last_failure.eq(failure),
        ))
        .execute(tx.conn())
        .await?;
    Ok(failed == 1)
}

/// Where a page ended.
pub type PageKey = (DateTime<Utc>, NotificationId);

/// One page of messages, the newest first: an applicant's own, or those of the cases a member of staff may see.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &NotificationFilter,
    page: &Page,
) -> Result<Vec<Notification>, Problem> {
    let mut query = notifications::table.into_boxed();
    query = match &scope.applicant {
        Some(subject) => {
            let own = parties::table
                .filter(parties::account_subject.eq(subject.clone()))
                .select(parties::id);
            query.filter(notifications::party_id.eq_any(own))
        }
        None => {
            let cases = visible(scope).select(matters::case_id);
            query.filter(notifications::case_id.eq_any(cases))
        }
    };
    if let Some(case) = filter.case_id {
        query = query.filter(notifications::case_id.eq(case));
    }
    if let Some(state) = filter.state {
        query = query.filter(notifications::state.eq(state));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(notifications::channel.eq(channel));
    }
    match filter.read {
        Some(true) => query = query.filter(notifications::read_at.is_not_null()),
        Some(false) => query = query.filter(notifications::read_at.is_null()),
        None => {}
    }
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = notifications::created_at
            .eq(at)
            .and(notifications::id.lt(id));
        query = query.filter(notifications::created_at.lt(at).or(at_that_time));
    }
    let query = query
        .order((notifications::created_at.desc(), notifications::id.desc()))
        .limit(page.fetch());
    Ok(query.select(Notification::as_select()).load(conn).await?)
}

/// The message, or `not-found` when the caller may not see its case.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: NotificationId,
    scope: &Scope,
) -> Result<Notification, Problem> {
    let cases = visible(scope).select(matters::case_id);
    let query = notifications::table
        .filter(notifications::id.eq(id))
        .filter(notifications::case_id.eq_any(cases));
    Ok(query.select(Notification::as_select()).first(conn).await?)
}

/// Sends a message that has failed again, as if for the first time. Gives whether it had failed.
pub async fn retry(tx: &mut Tx, id: NotificationId) -> Result<bool, Problem> {
    let now = tx.now();
    let failed = notifications::table
        .find(id)
        .filter(notifications::state.eq(NotificationState::Failed));
    let changed = diesel::update(failed)
        .set((
            notifications::state.eq(NotificationState::Pending),
            notifications::attempts.eq(0),
            notifications::next_attempt_at.eq(Some(now)),
        ))
        .execute(tx.conn())
        .await?;
    Ok(changed == 1)
}
