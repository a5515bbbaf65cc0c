//! A limited suspension is over: mediation goes on (transition 13).

use chassis::{db::Tx, http::Problem};
use contracts::ids::ProceedingId;
use policy::PolicyPack;

use crate::{api::effect, domain::Fact, store::proceedings};

/// Lets mediation go on, unless a sham is suspected meanwhile.
///
/// # Errors
/// `unavailable`.
pub async fn run(tx: &mut Tx, id: ProceedingId, policy: &PolicyPack) -> Result<(), Problem> {
    let Some(proceeding) = proceedings::of_clock(tx, id).await? else {
        return Ok(());
    };
    if proceeding.check_resume().is_err() {
        return Ok(());
    }
    let seen = proceeding.version;
    let (proceeding, facts) = effect::resume(tx, proceeding, policy).await?;
    proceedings::update(tx, &proceeding, seen).await?;
    Fact::publish_all(&facts, tx, proceeding.case_id)
}
