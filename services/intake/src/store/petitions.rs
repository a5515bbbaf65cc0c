//! Tables `petitions` and `petition_steps`.

use chassis::{
    db::Tx,
    http::{Principal, Problem},
};
use contracts::{
    ids::{CaseId, MatterId, OrganisationId},
    problems::common,
};
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
    dsl::{exists, not},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{
        matter::{Matter, MatterState},
        petition::{Petition, PetitionState},
        public_fact::PublicFact,
    },
    schema::{matters, petition_steps, petitions},
    store::cases,
};

/// A step that was taken.
pub struct Step<'a> {
    /// The command.
    pub command: &'static str,
    /// What was said to it.
    pub note: &'a str,
    /// Who took it, for which organisation.
    pub by: &'a Principal,
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
            petition_steps::done_by.eq(&step.by.subject),
            petition_steps::organisation_id.eq(step.by.organisation),
            petition_steps::done_at.eq(now),
        ))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The organisations that gave an opinion on a petition; `None` is the centre itself.
pub async fn answered_by(
    conn: &mut AsyncPgConnection,
    matter: MatterId,
) -> Result<Vec<Option<OrganisationId>>, Problem> {
    let query = petition_steps::table
        .filter(petition_steps::matter_id.eq(matter))
        .filter(petition_steps::command.eq("answer_petition"));
    Ok(query
        .select(petition_steps::organisation_id)
        .load(conn)
        .await?)
}

/// How many other matters of a case are still handled: accepted, and no petition that is at its end.
async fn remaining(
    conn: &mut AsyncPgConnection,
    case: CaseId,
    matter: MatterId,
) -> Result<u32, Problem> {
    let ended = petitions::table
        .filter(petitions::matter_id.eq(matters::id))
        .filter(petitions::ended_at.is_not_null());
    let query = matters::table
        .filter(matters::case_id.eq(case))
        .filter(matters::id.ne(matter))
        .filter(matters::state.eq(MatterState::Accepted))
        .filter(not(exists(ended)));
    let count: i64 = query.count().get_result(conn).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Tells that a petition is at its end, when it is.
pub async fn publish_end(tx: &mut Tx, matter: &Matter, petition: &Petition) -> Result<(), Problem> {
    if petition.ended_at.is_none() {
        return Ok(());
    }
    let left = remaining(tx.conn(), matter.case_id, matter.id).await?;
    if let Some(ended) = petition.ended(matter, left) {
        cases::tell(tx, matter.case_id, PublicFact::PetitionEnded);
        tx.publish(matter.case_id, &ended)?;
    }
    Ok(())
}

/// Stores that an opinion stands, which nobody decided.
pub fn let_stand(tx: &mut Tx, petition: &Petition) {
    tx.later(
        diesel::update(petitions::table.find(petition.matter_id)).set((
            petitions::ended_at.eq(petition.ended_at),
            petitions::version.eq(petition.version),
            petitions::updated_at.eq(petition.updated_at),
        )),
    );
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
