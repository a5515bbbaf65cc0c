//! The time to choose, or to accept, is over: the organisation may appoint (人民法院在线调解规则 10, 12).

use chassis::{db::Tx, http::Problem};
use contracts::ids::ProceedingId;

use crate::store::proceedings;

/// Lets the organisation appoint. `no_answer`: a chosen mediator did not answer in time.
///
/// # Errors
/// `unavailable`.
pub async fn run(tx: &mut Tx, id: ProceedingId, no_answer: bool) -> Result<(), Problem> {
    let Some(proceeding) = proceedings::of_clock(tx, id).await? else {
        return Ok(());
    };
    let seen = proceeding.version;
    match proceeding.choice_expired(no_answer, tx.now()) {
        Some(expired) => proceedings::update(tx, &expired, seen).await,
        None => Ok(()),
    }
}
