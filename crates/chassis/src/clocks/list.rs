//! What is due: `GET /<service>/v1/clocks`, of every service.

use actix_web::get;
use chrono::{DateTime, Utc};
use contracts::{
    ids::{OrganisationId, TypedId},
    region::RegionCode,
    roles::permission::ClockRead,
};
use diesel::{
    QueryableByName,
    pg::Pg,
    sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::{
    CurrentPolicy, PolicyPack,
    clock::{Course, FirstDay, Roll, Terms},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::sql::{Reach, open_clocks};
use crate::{
    db::Db,
    http::{
        Data, Page, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply, Scope,
    },
};

/// What the list needs; the same in every service.
pub struct ClockDesk {
    /// The service's schema.
    pub db: Db,
    /// The policy pack in force.
    pub policy: CurrentPolicy,
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 正常: it runs and is not due soon.
    Running,
    /// 即将到期: it is due within the time of the policy pack (`due_soon`).
    DueSoon,
    /// 逾期: it ran out and what was to be done is not done.
    Overdue,
    /// 中止: it stands still.
    Paused,
}

/// Which clocks are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ClockFilter {
    /// Only clocks that stand like this.
    pub state: Option<Standing>,
    /// Only clocks of this kind: `mediation.statutory`.
    pub kind: Option<String>,
    /// Only clocks that the caller in person has to keep.
    #[serde(default)]
    pub mine: bool,
}

/// A name in two languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClockName {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A clock 时限 that is still to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClockView {
    /// The clock.
    pub id: Uuid,
    /// Its kind in the policy pack.
    pub kind: String,
    /// Its name; null when the policy pack no longer has the kind.
    pub name: Option<ClockName>,
    /// The object it runs for: a matter, an order, a proceeding …
    pub object_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The region it is seen in.
    #[schema(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// The organisation that has to keep it.
    pub organisation_id: Option<OrganisationId>,
    /// How it stands.
    pub state: Standing,
    /// When it is due; of a paused clock, when it would be if it went on as it was.
    pub due_at: DateTime<Utc>,
    /// Whether that rests on a year whose holidays are not announced yet.
    pub provisional: bool,
    /// Since when it stands still.
    pub paused_at: Option<DateTime<Utc>>,
    /// Why: a code of the policy pack's pause list, or `elsewhere` while another node answers for the case.
    pub pause_reason: Option<String>,
    /// How often it was extended.
    pub extended: u32,
    /// Seconds left; less than 0 when it is overdue. Of a paused clock, what was left when it stopped.
    pub seconds_left: i64,
}

#[derive(QueryableByName)]
struct OpenRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    rule: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    object_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    case_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    region: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    organisation_id: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    due_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    provisional: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    course: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    paused_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    pause_reason: Option<String>,
}

/// The clocks 时限 of this service that are still to be kept, the one due first at the top: running, due soon, overdue or
/// paused. Callers bound to an organisation see its own.
#[utoipa::path(
    tag = "clocks",
    params(ClockFilter, PageParams),
    responses((status = 200, description = "A page of clocks", body = PageOf<ClockView>), ProblemResponses),
    security(("bearer" = ["clock.read"]))
)]
#[get("/clocks")]
pub async fn list_clocks(
    desk: Data<ClockDesk>,
    permit: Permit<ClockRead>,
    query: PageQuery<ClockFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let times = Times::of(&desk.policy, desk.db.time().now());
    let scope = permit.scope();
    let mine = filter.mine.then(|| permit.principal.subject.clone());
    let mut conn = desk.db.read().await?;
    let rows = read(
        &mut conn,
        desk.db.node(),
        &scope,
        &filter,
        mine,
        &page,
        times,
    )
    .await?;
    let page = PageOf::of(
        &page,
        rows,
        |row| (row.due_at, row.id),
        |row| row.view(&desk.policy, times),
    )?;
    Ok(Reply::ok(page))
}

/// Now, and until when a clock is due soon.
#[derive(Clone, Copy)]
struct Times {
    now: DateTime<Utc>,
    soon: DateTime<Utc>,
}

impl Times {
    fn of(policy: &PolicyPack, now: DateTime<Utc>) -> Self {
        let terms = Terms {
            span: policy.clocks().due_soon,
            first_day: FirstDay::NextDay,
            roll: Roll::None,
        };
        Self {
            now,
            soon: terms.due(now, policy.calendar()).at,
        }
    }

    /// After which instant and until which, and in which states, a clock stands like this.
    fn bounds(
        self,
        standing: Option<Standing>,
    ) -> (DateTime<Utc>, DateTime<Utc>, &'static [&'static str]) {
        let (first, last) = (DateTime::UNIX_EPOCH, far_away());
        match standing {
            None => (first, last, &["running", "paused", "breached"]),
            Some(Standing::Running) => (self.soon, last, &["running"]),
            Some(Standing::DueSoon) => (self.now, self.soon, &["running"]),
            Some(Standing::Overdue) => (first, self.now, &["running", "breached"]),
            Some(Standing::Paused) => (first, last, &["paused"]),
        }
    }

    fn standing(self, row: &OpenRow) -> Standing {
        match row.paused_at {
            Some(_) => Standing::Paused,
            None if row.due_at <= self.now => Standing::Overdue,
            None if row.due_at <= self.soon => Standing::DueSoon,
            None => Standing::Running,
        }
    }
}

/// The end of the year 9999.
fn far_away() -> DateTime<Utc> {
    DateTime::from_timestamp(253_402_300_799, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

async fn read(
    conn: &mut AsyncPgConnection,
    node: &RegionCode,
    scope: &Scope,
    filter: &ClockFilter,
    mine: Option<String>,
    page: &Page,
    times: Times,
) -> Result<Vec<OpenRow>, Problem> {
    let (after, until, states) = times.bounds(filter.state);
    let cursor = page.after::<(DateTime<Utc>, Uuid)>()?;
    let (after, after_id) = cursor.unwrap_or((after, Uuid::max()));
    let reach = Reach::of(node, scope);
    // Not a prepared statement: what is wanted decides which index is right.
    let mut query = diesel::sql_query(open_clocks(reach))
        .into_boxed::<Pg>()
        .bind::<Timestamptz, _>(after)
        .bind::<SqlUuid, _>(after_id)
        .bind::<Timestamptz, _>(until)
        .bind::<Array<Text>, _>(states)
        .bind::<Nullable<Text>, _>(filter.kind.clone())
        .bind::<Nullable<Text>, _>(mine)
        .bind::<BigInt, _>(page.fetch());
    if reach != Reach::Node {
        // `:` comes right after `9`.
        query = query
            .bind::<Text, _>(scope.region.to_string())
            .bind::<Text, _>(format!("{}:", scope.region));
    }
    if reach == Reach::Organisation {
        let above = scope.region.ancestors().map(|region| region.to_string());
        query = query
            .bind::<Nullable<SqlUuid>, _>(scope.organisation.map(TypedId::uuid))
            .bind::<Array<Text>, _>(above.collect::<Vec<_>>());
    }
    Ok(query.load::<OpenRow>(conn).await?)
}

impl OpenRow {
    fn view(self, policy: &PolicyPack, times: Times) -> ClockView {
        let rule = self.rule.as_deref().and_then(|id| policy.clocks().get(id));
        let name = rule.map(|rule| ClockName {
            zh: rule.name.zh.clone(),
            en: rule.name.en.clone(),
        });
        let course = self.course.clone();
        let course = course.and_then(|course| serde_json::from_value::<Course>(course).ok());
        let state = times.standing(&self);
        let left = self.due_at - self.paused_at.unwrap_or(times.now);
        ClockView {
            id: self.id,
            kind: self.kind,
            name,
            object_id: self.object_id,
            case_id: self.case_id,
            region: self.region.and_then(|region| region.parse().ok()),
            organisation_id: self.organisation_id.map(OrganisationId::from),
            state,
            due_at: self.due_at,
            provisional: self.provisional,
            paused_at: self.paused_at,
            pause_reason: self.pause_reason,
            extended: course.map_or(0, |course| course.extended()),
            seconds_left: left.num_seconds(),
        }
    }
}
