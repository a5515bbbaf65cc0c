//! Who has to keep the clocks of a proceeding: its organisation, and the account of the mediator who presides.

use chassis::{clocks::Holder, db::Tx, http::Problem};
use contracts::ids::MediatorId;

use crate::{
    domain::{agreement::Agreement, proceeding::Proceeding},
    store::{mediators, proceedings},
};

/// The account of the mediator who presides; none when nobody mediates yet, or they have no account.
async fn account(tx: &mut Tx, ids: &[MediatorId]) -> Result<Option<String>, Problem> {
    match ids.first() {
        Some(id) => mediators::account(tx.conn(), *id).await,
        None => Ok(None),
    }
}

/// For the clocks of a proceeding. Before it starts those who were chosen are to answer.
pub async fn of_proceeding(tx: &mut Tx, of: &Proceeding) -> Result<Holder, Problem> {
    let chosen = of.course.choice.chosen.as_ref();
    let ids = match chosen {
        Some(chosen) if of.mediator_ids.is_empty() => &chosen.mediator_ids,
        _ => &of.mediator_ids,
    };
    let subject = account(tx, ids).await?;
    let holder = Holder::new(of.case_id, of.region).organisation(of.organisation_id);
    Ok(holder.assignee(subject))
}

/// For the clocks of an agreement's obligations: whoever mediated urges the parties (人民调解法 31).
pub async fn of_agreement(tx: &mut Tx, of: &Agreement) -> Result<Holder, Problem> {
    let ids = proceedings::mediators_of(tx.conn(), of.proceeding_id).await?;
    let subject = account(tx, &ids).await?;
    let holder = Holder::new(of.case_id, of.region).organisation(of.organisation_id);
    Ok(holder.assignee(subject))
}

/// Gives the open clocks of a proceeding to the mediator who presides now.
pub async fn assign(tx: &mut Tx, of: &Proceeding) -> Result<(), Problem> {
    let subject = account(tx, &of.mediator_ids).await?;
    tx.assign_clocks(of.id, subject);
    Ok(())
}
