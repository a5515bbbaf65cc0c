//! Whether somebody may mediate a proceeding: as the register has it.

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::mediation::MediatorStanding,
    ids::{MediatorId, OrganisationId},
    problems::mediation as codes,
};

use crate::{domain::proceeding::Proceeding, store::mediators};

/// Whether these are mediators of an organisation who may be given cases.
///
/// # Errors
/// `unknown-mediator`, `mediator-not-active`, `unavailable`.
pub(super) async fn check_active(
    tx: &mut Tx,
    organisation: OrganisationId,
    ids: &[MediatorId],
) -> Result<(), Problem> {
    let standings = mediators::standings(tx.conn(), organisation, ids).await?;
    for (i, id) in ids.iter().enumerate() {
        let code = match standings.get(id) {
            Some(MediatorStanding::Active) => continue,
            Some(_) => &codes::MEDIATOR_NOT_ACTIVE,
            None => &codes::UNKNOWN_MEDIATOR,
        };
        return Err(Problem::new(code).at(format!("/mediator_ids/{i}")));
    }
    Ok(())
}

/// Whether the mediators of a proceeding may mediate it: they are the organisation's, and an interest that the register
/// holds was disclosed (人民法院在线调解规则 13).
///
/// # Errors
/// As [`check_active`]; `mediator-conflict`.
pub(super) async fn check(tx: &mut Tx, proceeding: &Proceeding) -> Result<(), Problem> {
    let ids = &proceeding.mediator_ids;
    check_active(tx, proceeding.organisation_id, ids).await?;
    let conflicts = mediators::in_conflict(tx.conn(), proceeding.case_id, ids).await?;
    let disclosed = |id: &MediatorId| {
        let mut disclosures = proceeding.disclosures.iter();
        disclosures.any(|told| told.mediator_id == *id)
    };
    match ids
        .iter()
        .position(|id| conflicts.contains(id) && !disclosed(id))
    {
        Some(i) => Err(Problem::new(&codes::MEDIATOR_CONFLICT).at(format!("/mediator_ids/{i}"))),
        None => Ok(()),
    }
}
