//! Which party an applicant is. Accounts are intake's; it is asked anew each time and nothing is kept.

use chassis::http::{Problem, Scope};
use contracts::{
    ids::{CaseId, PartyId},
    problems::common,
};

use crate::Mediation;

/// As [`chassis::bus::Bus::own_party`].
pub async fn of_case(
    state: &Mediation,
    scope: &Scope,
    case_id: CaseId,
) -> Result<Option<PartyId>, Problem> {
    state.bus.own_party(scope, case_id).await
}

/// As [`chassis::bus::Bus::check_own_list`].
pub async fn of_list(
    state: &Mediation,
    scope: &Scope,
    case_id: Option<CaseId>,
) -> Result<(), Problem> {
    state.bus.check_own_list(scope, case_id).await
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
