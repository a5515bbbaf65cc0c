//! A case was opened again (transition 29): its orders may have new proceedings.

use chassis::{db::Tx, http::Problem};
use contracts::events::{Envelope, intake::CaseReopened};

use crate::{Mediation, store::proceedings};

pub(super) async fn on_case_reopened(
    _mediation: &Mediation,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseReopened,
) -> Result<(), Problem> {
    proceedings::release(tx, event.case_id, event.reopened_at).await
}
