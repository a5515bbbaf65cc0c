//! Tables `petitions` and `petition_steps`.

use chassis::{db::Tx, http::Problem};
use contracts::{ids::MatterId, problems::common};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::petition::{Petition, PetitionState},
    schema::{petition_steps, petitions},
};

/// A step that was taken.
pub struct Step<'a> {
    /// The command.
    pub command: &'static str,
    /// What was said to it.
    pub note: &'a str,
    /// Subject of who took it.
    pub by: &'a str,
}

/// The petition of a matter, once it was decided.
pub async fn find(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Option<Petition>, Problem> {
    let query = petitions::table.find(matter).select(Petition::as_select());
    Ok(query.first(conn).await.optional()?)
}

/// Which of these matters are petitions that were finally concluded.
pub async fn concluded_among(
    conn: &mut AsyncPgConnection,
    matters: &[MatterId],
) -> Result<bool, Problem> {
    let query = petitions::table
        .filter(petitions::matter_id.eq_any(matters))
        .filter(petitions::state.eq(PetitionState::Final));
    let count: i64 = query.count().get_result(conn).await?;
    Ok(count > 0)
}

/// Stores a petition that was decided.
///
/// # Errors
/// `conflict` when somebody else was quicker.
pub async fn insert(tx: &mut Tx, petition: &Petition, step: &Step<'_>) -> Result<(), Problem> {
    diesel::insert_into(petitions::table)
        .values(petition)
        .execute(tx.conn())
        .await?;
    note(tx, petition, step).await
}

/// Stores a petition after a step.
///
/// # Errors
/// `stale-version` when somebody else was quicker.
pub async fn update(tx: &mut Tx, petition: &Petition, step: &Step<'_>) -> Result<(), Problem> {
    let before = petitions::table
        .find(petition.matter_id)
        .filter(petitions::version.eq(petition.version - 1));
    let changed = diesel::update(before)
        .set(petition)
        .execute(tx.conn())
        .await?;
    if changed != 1 {
        return Err(Problem::new(&common::STALE_VERSION));
    }
    note(tx, petition, step).await
}

async fn note(tx: &mut Tx, petition: &Petition, step: &Step<'_>) -> Result<(), Problem> {
    let now = tx.now();
    diesel::insert_into(petition_steps::table)
        .values((
            petition_steps::matter_id.eq(petition.matter_id),
            petition_steps::position.eq(petition.version),
            petition_steps::command.eq(step.command),
            petition_steps::note.eq(step.note),
            petition_steps::done_by.eq(step.by),
            petition_steps::done_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A step as it is read.
pub type Told = (i64, String, String, chrono::DateTime<chrono::Utc>);

/// The steps of a petition: place, command, note and when.
pub async fn steps(conn: &mut AsyncPgConnection, matter: MatterId) -> Result<Vec<Told>, Problem> {
    let query = petition_steps::table
        .filter(petition_steps::matter_id.eq(matter))
        .order(petition_steps::position)
        .select((
            petition_steps::position,
            petition_steps::command,
            petition_steps::note,
            petition_steps::done_at,
        ));
    Ok(query.load(conn).await?)
}
