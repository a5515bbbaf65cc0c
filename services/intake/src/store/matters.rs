//! Table `matters`.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{MatterClass, PartySide, PetitionKind},
    ids::MatterId,
    problems::common,
    roles::permission::PetitionRead,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, QueryResult,
    SelectableHelper as _, TextExpressionMethods as _,
    dsl::{exists, sql},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{BigInt, Bool, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    api::list_matters::MatterFilter,
    domain::matter::Matter,
    schema::{case_files, cases, matters, parties, petitions},
};

type Query = matters::BoxedQuery<'static, Pg>;

/// Where a page of the list ended.
pub type PageKey = (DateTime<Utc>, MatterId);

/// The matters a caller may see: of its region; when it is bound to an organisation, those its window took and those whose
/// case it has; an applicant's own, which are those they registered or are a party to. Every read and every command begins
/// here.
pub fn visible(scope: &Scope) -> Query {
    let mut query = matters::table
        .filter(matters::region.like(format!("{}%", scope.region)))
        .into_boxed();
    if let Some(organisation) = scope.organisation {
        let has_case = cases::table
            .filter(cases::id.eq(matters::case_id))
            .filter(cases::organisation_id.eq(organisation));
        query = query.filter(
            matters::organisation_id
                .eq(organisation)
                .or(exists(has_case)),
        );
    }
    // What an accuser said is neither for the accused nor for those who do not decide on it (信访工作条例 30): of a petition, only
    // once it is known to be no report.
    let no_report = petitions::table
        .filter(petitions::matter_id.eq(matters::id))
        .filter(petitions::kind.ne(PetitionKind::Report));
    let open = matters::class
        .ne(MatterClass::Petition)
        .or(exists(no_report));
    if scope.applicant.is_none() && !scope.may::<PetitionRead>() {
        let own = matters::registered_by.eq(scope.subject.clone());
        query = query.filter(own.or(open));
    } else if let Some(subject) = &scope.applicant {
        let may_read = parties::side.ne(PartySide::Respondent).or(open);
        let party = parties::table
            .filter(parties::matter_id.eq(matters::id))
            .filter(parties::account_subject.eq(subject.clone()))
            .filter(may_read);
        query = query.filter(matters::registered_by.eq(subject.clone()).or(exists(party)));
    }
    query
}

/// The matter, or `not-found` when the caller may not see it.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: MatterId,
    scope: &Scope,
) -> Result<Matter, Problem> {
    let query = visible(scope).filter(matters::id.eq(id));
    Ok(query.select(Matter::as_select()).first(conn).await?)
}

/// The matter, whoever asks.
pub async fn find(conn: &mut AsyncPgConnection, id: MatterId) -> Result<Matter, Problem> {
    let query = matters::table.find(id).select(Matter::as_select());
    Ok(query.first(conn).await?)
}

/// The matter with what the person said.
pub async fn load_with_narrative(
    conn: &mut AsyncPgConnection,
    id: MatterId,
    scope: &Scope,
) -> Result<(Matter, String), Problem> {
    let query = visible(scope).filter(matters::id.eq(id));
    let columns = (Matter::as_select(), matters::narrative);
    Ok(query.select(columns).first(conn).await?)
}

/// What the person said, for a service that may ask.
pub async fn narrative(conn: &mut AsyncPgConnection, id: MatterId) -> Result<String, Problem> {
    let query = matters::table.find(id).select(matters::narrative);
    Ok(query.first(conn).await?)
}

/// What is stored with a new matter and never changes.
pub struct Origin<'a> {
    /// What the person said.
    pub narrative: &'a str,
    /// Version of the personal-information notice they were given.
    pub notice_version: &'a str,
    /// Version of the policy pack it was checked by.
    pub policy_version: &'a str,
    /// Subject of who entered it.
    pub registered_by: &'a str,
}

/// Stores a new matter.
pub async fn insert(tx: &mut Tx, matter: &Matter, origin: &Origin<'_>) -> Result<(), Problem> {
    let origin = (
        matters::narrative.eq(origin.narrative),
        matters::notice_version.eq(origin.notice_version),
        matters::policy_version.eq(origin.policy_version),
        matters::registered_by.eq(origin.registered_by),
    );
    diesel::insert_into(matters::table)
        .values((matter, origin))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a changed matter, unless somebody else was quicker: `stale-version`.
pub async fn update(tx: &mut Tx, matter: &Matter) -> Result<(), Problem> {
    let before = matters::table
        .find(matter.id)
        .filter(matters::version.eq(matter.version - 1));
    let changed = diesel::update(before)
        .set(matter)
        .execute(tx.conn())
        .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// Stores what the person said, as it is right.
pub fn set_narrative(tx: &mut Tx, id: MatterId, narrative: &str) {
    let said = matters::narrative.eq(narrative.to_owned());
    tx.later(diesel::update(matters::table.find(id)).set(said));
}

/// One page of the matters a caller may see, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &MatterFilter,
    page: &Page,
) -> Result<Vec<Matter>, Problem> {
    let mut query = filtered(scope, filter);
    if let Some((at, id)) = page.after::<PageKey>()? {
        let at_that_time = matters::created_at.eq(at).and(matters::id.lt(id));
        query = query.filter(matters::created_at.lt(at).or(at_that_time));
    }
    let rows = query
        .order((matters::created_at.desc(), matters::id.desc()))
        .limit(page.fetch())
        .select(Matter::as_select())
        .load(conn)
        .await?;
    Ok(rows)
}

/// How many there are on all pages, counted up to one more than `max`.
pub async fn count(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &MatterFilter,
    max: i64,
) -> Result<i64, Problem> {
    let rows = filtered(scope, filter).select(matters::id).limit(max + 1);
    Ok(Counted(rows).get_result(conn).await?)
}

/// `SELECT count(*)` of another query, with its limit.
#[derive(QueryId)]
pub struct Counted<Q>(pub Q);

impl<Q> diesel::query_builder::Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS counted");
        Ok(())
    }
}

fn filtered(scope: &Scope, filter: &MatterFilter) -> Query {
    let mut query = visible(scope);
    if let Some(state) = filter.state {
        query = query.filter(matters::state.eq(state));
    }
    if let Some(class) = filter.class {
        query = query.filter(matters::class.eq(class));
    }
    if let Some(region) = filter.region {
        query = query.filter(matters::region.like(format!("{region}%")));
    }
    if let Some(status) = filter.status {
        let case = cases::table
            .filter(cases::id.eq(matters::case_id))
            .filter(cases::status.eq(status));
        query = query.filter(exists(case));
    }
    if let Some(number) = &filter.acceptance_number {
        query = query.filter(matters::acceptance_number.eq(number.trim().to_owned()));
    }
    if let Some(code) = &filter.type_hint {
        // Triage's word goes before the one at registration.
        let under = format!("{}.%", escaped(code));
        let decided = || cases::table.filter(cases::id.eq(matters::case_id));
        let undecided = exists(decided().filter(cases::type_code.is_null()));
        let is = cases::type_code
            .eq(code.clone())
            .or(cases::type_code.like(under.clone()));
        let named = matters::type_hint
            .eq(code.clone())
            .or(matters::type_hint.like(under));
        query = query.filter(exists(decided().filter(is)).or(undecided.and(named)));
    }
    if let Some(organisation) = filter.organisation {
        let has_case = cases::table
            .filter(cases::id.eq(matters::case_id))
            .filter(cases::organisation_id.eq(organisation));
        let took = matters::organisation_id.eq(organisation);
        query = query.filter(took.or(exists(has_case)));
    }
    if let Some(number) = &filter.file_number {
        let file = case_files::table
            .filter(case_files::case_id.eq(matters::case_id))
            .filter(case_files::number.eq(number.trim().to_owned()));
        query = query.filter(exists(file));
    }
    if let Some(source) = &filter.source {
        query = query.filter(matters::source.eq(source.clone()));
    }
    if let Some(channel) = &filter.channel {
        query = query.filter(matters::channel.eq(channel.clone()));
    }
    if let Some(place) = &filter.place_code {
        query = query.filter(matters::place_code.eq(place.clone()));
    }
    query = with_party(query, filter);
    if let Some(text) = &filter.text {
        let terms = sql::<Bool>("matters.search_terms @> search_terms(");
        query = query.filter(terms.bind::<Text, _>(text.clone()).sql(")"));
    }
    let (from, before) = filter.period();
    if let Some(from) = from {
        query = query.filter(matters::created_at.ge(from));
    }
    if let Some(before) = before {
        query = query.filter(matters::created_at.lt(before));
    }
    query
}

/// With a party of this name and number; one party that has both when both are wanted.
fn with_party(query: Query, filter: &MatterFilter) -> Query {
    if filter.party_name.is_none() && filter.party_number.is_none() {
        return query;
    }
    let mut party = parties::table.select(parties::matter_id).into_boxed();
    if let Some(name) = &filter.party_name {
        party = party.filter(parties::name.eq(name.trim().to_owned()));
    }
    if let Some(number) = &filter.party_number {
        // Numbers are stored as their rules write them: in capitals.
        party = party.filter(parties::identifier_number.eq(number.trim().to_uppercase()));
    }
    query.filter(matters::id.eq_any(party))
}

/// A text in which `LIKE` finds no sign of its own.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}
