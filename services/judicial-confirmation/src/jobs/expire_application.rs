//! The window closed: an application that not every party joined expires 逾期.

use chassis::{db::Tx, http::Problem};
use contracts::ids::AgreementId;

use crate::store;

/// Expires the agreement's application, if one is waiting for the other party.
pub async fn run(tx: &mut Tx, agreement_id: AgreementId) -> Result<(), Problem> {
    let Some(application) = store::applications::waiting_for(tx, agreement_id).await? else {
        return Ok(());
    };
    let (application, event) = application.expire(tx.now())?;
    store::applications::update(tx, &application).await?;
    tx.publish(application.case_id, &event)
}
