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

/// The party the caller is in a case when it is an applicant; `None` for staff, who act for any party.
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

/// The party a command is for: an applicant's own, or the one that staff name.
///
/// # Errors
/// `invalid-body` at `/party_id` when staff name none, or an applicant names another party.
pub fn acting_party(own: Option<PartyId>, named: Option<PartyId>) -> Result<PartyId, Problem> {
    let problem = || Problem::new(&common::INVALID_BODY).at("/party_id");
    match (own, named) {
        (Some(own), None) => Ok(own),
        (Some(own), Some(named)) if own == named => Ok(own),
        (Some(_), Some(_)) => {
            Err(problem().detail("当事人只能为自己申请", "A party can act for itself only"))
        }
        (None, Some(named)) => Ok(named),
        (None, None) => Err(problem().detail(
            "代为登记时须写明当事人",
            "Name the party this is recorded for",
        )),
    }
}
