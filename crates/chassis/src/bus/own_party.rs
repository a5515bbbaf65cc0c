//! Which party an applicant is. Accounts are intake's; it is asked anew each time and nothing is kept.

use contracts::{
    ids::{CaseId, PartyId},
    problems::common,
    questions::PartyOfSubject,
};

use super::Bus;
use crate::http::{Problem, Scope};

impl Bus {
    /// The party of a case that the caller is when it is an applicant; `None` for staff, who are bound by their scope. To be
    /// asked before a command's transaction, which would hold its locks meanwhile.
    ///
    /// # Errors
    /// `not-found` when an applicant is not a party of the case; `question-timed-out`.
    pub async fn own_party(
        &self,
        scope: &Scope,
        case_id: CaseId,
    ) -> Result<Option<PartyId>, Problem> {
        let Some(subject) = scope.applicant.clone() else {
            return Ok(None);
        };
        let answer = self.ask(&PartyOfSubject { case_id, subject }).await?;
        match answer.party_id {
            Some(party_id) => Ok(Some(party_id)),
            None => Err(Problem::new(&common::NOT_FOUND)),
        }
    }

    /// A list that an applicant asks for must be of one case, whose party they are.
    ///
    /// # Errors
    /// `invalid-query` when an applicant names no case; as [`Bus::own_party`].
    pub async fn check_own_list(
        &self,
        scope: &Scope,
        case_id: Option<CaseId>,
    ) -> Result<(), Problem> {
        if scope.applicant.is_none() {
            return Ok(());
        }
        let case_id = case_id.ok_or_else(|| {
            let problem = Problem::new(&common::INVALID_QUERY).at("/case_id");
            problem.detail("请写明本人案件", "Name your own case")
        })?;
        self.own_party(scope, case_id).await.map(drop)
    }
}
