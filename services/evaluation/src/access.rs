//! Whom a caller acts for.

use chassis::{
    bus::Bus,
    http::{Problem, Scope},
};
use contracts::{
    ids::{CaseId, PartyId},
    problems::common,
    questions::PartyOfSubject,
};

/// The party the caller is in a case when it is an applicant; `None` for staff.
///
/// # Errors
/// `not-found` when an applicant is not a party of the case; `question-timed-out`.
pub async fn own_party(
    bus: &Bus,
    scope: &Scope,
    case_id: CaseId,
) -> Result<Option<PartyId>, Problem> {
    let Some(subject) = scope.applicant.clone() else {
        return Ok(None);
    };
    let answer = bus.ask(&PartyOfSubject { case_id, subject }).await?;
    match answer.party_id {
        Some(party_id) => Ok(Some(party_id)),
        None => Err(Problem::new(&common::NOT_FOUND)),
    }
}
