//! Table `organisation_messages`.

use chassis::{
    db::{Tx, statement},
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::ids::{AppointmentId, CaseId, OrganisationId, OrganisationMessageId};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, Queryable, Selectable,
    SelectableHelper as _, TextExpressionMethods as _,
    pg::Pg,
    sql_types::{Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::sections::notifications::Notifications;

use crate::{
    api::list_organisation_messages::OrganisationMessageFilter, domain::organisation_message::Told,
    schema::organisation_messages,
};

/// A message to an organisation.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = organisation_messages)]
pub struct OrganisationMessage {
    /// The message.
    pub id: OrganisationMessageId,
    /// Whom it tells.
    pub organisation_id: OrganisationId,
    /// The case it tells of.
    pub case_id: Option<CaseId>,
    /// The appointment it tells of.
    pub appointment_id: Option<AppointmentId>,
    /// Its template.
    pub template: String,
    /// What it says, in Chinese.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When somebody of the organisation read it first.
    pub read_at: Option<DateTime<Utc>>,
}

/// Tells an organisation by the templates of the fact; telling it again changes nothing. What is older than the policy pack's days is
/// told nobody.
pub fn tell(tx: &mut Tx, policy: &Notifications, told: &Told) {
    let now = tx.now();
    if told.at < now - TimeDelta::days(i64::from(policy.not_after_days)) {
        return;
    }
    for template in policy.of_organisations(told.fact.as_str()) {
        let (id, text): (OrganisationMessageId, _) = (tx.new_id(), told.fill(&template.text));
        tx.later(
            statement(
                "INSERT INTO organisation_messages
                     (id, organisation_id, region, case_id, appointment_id, event_id, template, text_zh, text_en, created_at)
                 SELECT $1, $2, $3, $4, $5, $6, $7, replace($8, '{acceptance_number}', number),
                     replace($9, '{acceptance_number}', number), $10
                 FROM (SELECT coalesce((SELECT acceptance_number FROM matters
                     WHERE case_id = $4 AND acceptance_number IS NOT NULL ORDER BY created_at, id LIMIT 1), '') AS number) AS known
                 ON CONFLICT DO NOTHING",
            )
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(told.organisation_id)
            .bind::<Text, _>(told.region)
            .bind::<Nullable<SqlUuid>, _>(told.case_id)
            .bind::<Nullable<SqlUuid>, _>(told.appointment_id)
            .bind::<SqlUuid, _>(told.event_id)
            .bind::<Text, _>(template.code.clone())
            .bind::<Text, _>(text.zh)
            .bind::<Text, _>(text.en)
            .bind::<Timestamptz, _>(now),
        );
    }
}

/// The messages a caller may see: of its region; of its organisation, when it is bound to one.
fn visible(scope: &Scope) -> organisation_messages::BoxedQuery<'static, Pg> {
    let mut query = organisation_messages::table
        .filter(organisation_messages::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(organisation) = scope.organisation {
        query = query.filter(organisation_messages::organisation_id.eq(organisation));
    }
    query
}

/// Where a page ended.
pub type PageKey = (DateTime<Utc>, OrganisationMessageId);

/// One page, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &OrganisationMessageFilter,
    page: &Page,
) -> Result<Vec<OrganisationMessage>, Problem> {
    let mut query = visible(scope);
    if let Some(organisation) = filter.organisation {
        query = query.filter(organisation_messages::organisation_id.eq(organisation));
    }
    match filter.read {
        Some(true) => query = query.filter(organisation_messages::read_at.is_not_null()),
        Some(false) => query = query.filter(organisation_messages::read_at.is_null()),
        None => {}
    }
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = organisation_messages::created_at
            .eq(at)
            .and(organisation_messages::id.lt(id));
        query = query.filter(organisation_messages::created_at.lt(at).or(at_that_time));
    }
    let query = query
        .order((
            organisation_messages::created_at.desc(),
            organisation_messages::id.desc(),
        ))
        .limit(page.fetch());
    let messages = query.select(OrganisationMessage::as_select());
    Ok(messages.load(conn).await?)
}

/// The message, or `not-found` when the caller may not see it.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: OrganisationMessageId,
    scope: &Scope,
) -> Result<OrganisationMessage, Problem> {
    let query = visible(scope).filter(organisation_messages::id.eq(id));
    let message = query.select(OrganisationMessage::as_select());
    Ok(message.first(conn).await?)
}

/// Notes who read a message first.
pub async fn note_read(tx: &mut Tx, id: OrganisationMessageId, by: &str) -> Result<(), Problem> {
    let now = tx.now();
    let unread = organisation_messages::table
        .find(id)
        .filter(organisation_messages::read_at.is_null());
    diesel::update(unread)
        .set((
            organisation_messages::read_by.eq(by),
            organisation_messages::read_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}
