//! The operations, one file each.

pub mod accept_application;
pub mod apply_for_confirmation;
pub mod get_application;
pub mod get_confirmable_agreement;
pub mod join_application;
pub mod list_applications;
pub mod receive_application;
pub mod refuse_application;
pub mod rule_application;
mod views;
pub mod withdraw_application;

use chassis::http::{Problem, Scope};
use contracts::{ids::PartyId, problems::common};

use crate::{JudicialConfirmation, access, domain::application::Application, store};

/// For an applicant, the party it is in the case of an application; `None` for staff.
///
/// # Errors
/// `not-found` when the caller may not see the application.
async fn own_party_in(
    state: &JudicialConfirmation,
    scope: &Scope,
    id: contracts::ids::ApplicationId,
) -> Result<Option<PartyId>, Problem> {
    if scope.applicant.is_none() {
        return Ok(None);
    }
    let application = store::applications::load(&mut *state.db.read().await?, id, scope).await?;
    own_party_of(state, scope, &application).await
}

/// For an applicant, the party it is in an application; `None` for staff.
///
/// # Errors
/// `not-found` when an applicant is not one of the agreement's parties.
async fn own_party_of(
    state: &JudicialConfirmation,
    scope: &Scope,
    application: &Application,
) -> Result<Option<PartyId>, Problem> {
    let own = access::own_party(&state.bus, scope, application.case_id).await?;
    match own {
        Some(party) if !application.party_ids.contains(&party) => {
            Err(Problem::new(&common::NOT_FOUND))
        }
        own => Ok(own),
    }
}
