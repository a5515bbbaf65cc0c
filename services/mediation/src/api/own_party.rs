//! As whom an applicant may act. Which party they are is intake's to say ([`chassis::bus::Bus::own_party`]).

use chassis::http::Problem;
use contracts::{ids::PartyId, problems::common};

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
