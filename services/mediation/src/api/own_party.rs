//! Which party an applicant is. Accounts are intake's; it is asked anew each time and nothing is kept.

use chassis::http::{Problem, Scope};
use contracts::{
    ids::{CaseId, PartyId},
    problems::common,
    questions::PartyOfSubject,
};

use crate::Mediation;

/// The party of a case that an applicant is; none for staff, who are bound by their scope. Asked before the command's
/// transaction, which would hold its locks meanwhile.
pub async fn of_case(
    state: &Mediation,
    scope: &Scope,
    case_id: CaseId,
) -> Result<Option<PartyId>, Problem> {
    let Some(subject) = scope.applicant.clone() else {
        return Ok(None);
    };
    let answer = state.bus.ask(&PartyOfSubject { case_id, subject }).await?;
    match answer.party_id {
        Some(party_id) => Ok(Some(party_id)),
        None => Err(Problem::new(&common::NOT_FOUND)),
    }
}

/// A list that an applicant asks for must be of one case, whose party they are.
pub async fn of_list(
    state: &Mediation,
    scope: &Scope,
    case_id: Option<CaseId>,
) -> Result<(), Problem> {
    if scope.applicant.is_none() {
        return Ok(());
    }
    let case_id = case_id.ok_or_else(|| {
        let problem = Problem::new(&common::INVALID_QUERY).at("/case_id");
        problem.detail("当事人须指明案件", "An applicant must name the case")
    })?;
    of_case(state, scope, case_id).await.map(drop)
}

/// An applicant may act as the party they are, and as no other.
pub fn check_same(own: Option<PartyId>, acting: Option<PartyId>) -> Result<(), Problem> {
    match own {
        Some(own) if acting != Some(own) => {
            let problem = Problem::new(&common::FORBIDDEN).at("/party_id");
            Err(problem.detail(
                "只能以本人名义办理",
                "An applicant acts only for themselves",
            ))
        }
        _ => Ok(()),
    }
}
