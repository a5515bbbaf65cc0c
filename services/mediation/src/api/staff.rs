//! What an organisation is short of, before and after a change of the register.

use chassis::{db::Tx, http::Problem};
use contracts::events::mediation::{OrganisationUnderstaffed, StaffingGap};
use policy::{PolicyPack, clock::due::beijing_date};

use crate::{
    domain::{organisation::Organisation, staffing},
    store::mediators,
};

/// What it is short of now.
pub async fn gaps(
    tx: &mut Tx,
    of: &Organisation,
    policy: &PolicyPack,
) -> Result<Vec<StaffingGap>, Problem> {
    let active = mediators::active(tx.conn(), &[of.id]).await?;
    let active = active.get(&of.id).cloned().unwrap_or_default();
    let today = beijing_date(tx.now());
    Ok(staffing::gaps(of, &active, policy, today))
}

/// Tells that it is short of staff, when it is short of more than `before`.
pub async fn tell(
    tx: &mut Tx,
    of: &Organisation,
    before: &[StaffingGap],
    policy: &PolicyPack,
) -> Result<(), Problem> {
    let gaps = gaps(tx, of, policy).await?;
    if !staffing::widened(before, &gaps) {
        return Ok(());
    }
    let understaffed = OrganisationUnderstaffed {
        organisation_id: of.id,
        region: of.region,
        kind: of.kind.clone(),
        gaps,
        noted_at: tx.now(),
    };
    tx.publish(of.id, &understaffed)
}
