//! Applications.

use chassis::{
    db::Tx,
    http::{Page, Problem, Scope},
};
use chrono::NaiveTime;
use contracts::{
    ids::{AgreementId, ApplicationId},
    problems::common,
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, NullableExpressionMethods as _,
    OptionalExtension as _, QueryDsl as _, SelectableHelper as _, TextExpressionMethods as _,
    pg::Pg,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use policy::clock::due::beijing_instant;

use crate::{
    api::list_applications::ListApplications,
    domain::{
        application::{Application, ApplicationState},
        review::UNDER_WAY,
    },
    schema::{
        agreements,
        applications::{self, dsl},
    },
};

/// Inserts an application; whether the agreement had none under way.
pub async fn insert(tx: &mut Tx, application: &Application) -> Result<bool, Problem> {
    let inserted = diesel::insert_into(applications::table)
        .values(application)
        .on_conflict_do_nothing()
        .execute(tx.conn())
        .await?;
    Ok(inserted == 1)
}

/// Stores a change. The domain has raised the version by one.
///
/// # Errors
/// `stale-version` when another change came first.
pub async fn update(tx: &mut Tx, application: &Application) -> Result<(), Problem> {
    let before = dsl::version.eq(application.version - 1);
    let updated = diesel::update(applications::table.find(application.id).filter(before))
        .set(application)
        .execute(tx.conn())
        .await?;
    if updated == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}

/// An application the caller may see. Whether an applicant is a party is asked elsewhere.
///
/// # Errors
/// `not-found`.
pub async fn load(
    conn: &mut AsyncPgConnection,
    id: ApplicationId,
    scope: &Scope,
) -> Result<Application, Problem> {
    let found = visible(scope)
        .filter(dsl::id.eq(id))
        .select(Application::as_select());
    Ok(found.first(conn).await?)
}

/// An application that is before the caller's court.
///
/// # Errors
/// `not-found`.
pub async fn load_for_court(
    conn: &mut AsyncPgConnection,
    id: ApplicationId,
    scope: &Scope,
) -> Result<Application, Problem> {
    let found = visible(scope)
        .filter(
            dsl::id
                .eq(id)
                .and(dsl::court_id.nullable().eq(scope.organisation)),
        )
        .select(Application::as_select());
    Ok(found.first(conn).await?)
}

/// Whether an agreement has an application that is under way, or has succeeded for what it says now.
pub async fn has_live(conn: &mut AsyncPgConnection, id: AgreementId) -> Result<bool, Problem> {
    let version = agreements::table
        .filter(agreements::id.eq(id))
        .select(agreements::amendment)
        .single_value();
    let ruled = dsl::state.eq_any([ApplicationState::Confirmed, ApplicationState::Objection]);
    let succeeded = ruled.and(dsl::amendment.nullable().eq(version));
    let live = applications::table
        .filter(dsl::agreement_id.eq(id))
        .filter(dsl::state.eq_any(UNDER_WAY).nullable().or(succeeded));
    Ok(diesel::select(diesel::dsl::exists(live))
        .get_result(conn)
        .await?)
}

/// The agreement's application that is under way, locked.
pub async fn under_way(tx: &mut Tx, id: AgreementId) -> Result<Option<Application>, Problem> {
    Ok(applications::table
        .filter(dsl::agreement_id.eq(id).and(dsl::state.eq_any(UNDER_WAY)))
        .select(Application::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// An application, locked, for what follows from a clock.
pub async fn lock(tx: &mut Tx, id: ApplicationId) -> Result<Option<Application>, Problem> {
    Ok(applications::table
        .find(id)
        .select(Application::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// The agreement's application that is prepared or waits for another party, locked.
pub async fn waiting_for(tx: &mut Tx, id: AgreementId) -> Result<Option<Application>, Problem> {
    let waiting = dsl::state.eq_any([
        ApplicationState::Preparing,
        ApplicationState::AwaitOtherParty,
    ]);
    Ok(applications::table
        .filter(dsl::agreement_id.eq(id).and(waiting))
        .select(Application::as_select())
        .for_update()
        .first(tx.conn())
        .await
        .optional()?)
}

/// A page of applications, the newest first.
pub async fn list(
    conn: &mut AsyncPgConnection,
    scope: &Scope,
    filter: &ListApplications,
    page: &Page,
) -> Result<Vec<Application>, Problem> {
    let mut query = visible(scope);
    if let Some(state) = filter.state {
        query = query.filter(dsl::state.eq(state));
    }
    if let Some(agreement_id) = filter.agreement_id {
        query = query.filter(dsl::agreement_id.eq(agreement_id));
    }
    if let Some(case_id) = filter.case_id {
        query = query.filter(dsl::case_id.eq(case_id));
    }
    if let Some(day) = filter.due_before {
        query = query.filter(dsl::due_at.lt(beijing_instant(day, NaiveTime::MIN)));
    }
    if let Some(after) = page.after::<ApplicationId>()? {
        query = query.filter(dsl::id.lt(after));
    }
    let rows = query.order(dsl::id.desc()).limit(page.fetch());
    Ok(rows.select(Application::as_select()).load(conn).await?)
}

/// Who sees what: the organisation that mediated and the court asked, each its own; the court not what is only prepared.
fn visible(scope: &Scope) -> applications::BoxedQuery<'static, Pg> {
    let query = applications::table
        .filter(dsl::region.like(format!("{}%", scope.region)))
        .into_boxed();
    match scope.organisation {
        Some(own) => {
            let to_court = dsl::court_id
                .eq(own)
                .and(dsl::state.ne(ApplicationState::Preparing));
            query.filter(dsl::organisation_id.eq(own).or(to_court))
        }
        None => query,
    }
}
