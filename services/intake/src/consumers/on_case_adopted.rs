//! This node answers for a case that another one accepted: it is registered here under the same ids, so that the node's services
//! work on it. A case that comes back is known and stays as it is.

use chassis::{db::Tx, http::Problem};
use contracts::{
    events::{
        Envelope,
        federation::CaseAdopted,
        intake::{MatterAccepted, MatterClass, PartyRef},
    },
    questions::{DossierMatter, ReceivedDossier},
};

use crate::{
    Intake,
    api::petition_views::HANDLE_CLOCK,
    domain::{matter::Matter, public_fact::PublicFact},
    registering::holder,
    store::{cases, dossiers, notifications},
};

/// Registers the matters of the case and publishes that they are accepted, as they were there.
///
/// # Errors
/// `question-timed-out` when the border desk does not answer: the event is tried again.
pub async fn apply(
    state: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: CaseAdopted,
) -> Result<(), Problem> {
    if dossiers::knows(tx.conn(), event.case_id).await? {
        return Ok(());
    }
    let question = ReceivedDossier {
        request_id: event.request_id,
    };
    let dossier = state.bus.ask(&question).await?;
    for (at, sent) in dossier.matters.iter().enumerate() {
        let matter = Matter::adopted(&event, sent, *tx.node(), tx.now());
        if at == 0 {
            cases::open(tx, &matter).await?;
        }
        let version = state.policy.version();
        dossiers::insert_matter(tx, &matter, sent, event.from_node, version).await?;
        dossiers::insert_parties(tx, &matter, &sent.parties).await?;
        if matter.class == MatterClass::Petition {
            let (policy, at) = (&state.policy, sent.accepted_at);
            let holder = holder(&matter);
            tx.start_policy_clock(policy, HANDLE_CLOCK, None, matter.id, holder, at)?;
        }
        cases::note_own(tx, event.case_id, PublicFact::Accepted, sent.accepted_at);
        tx.publish(event.case_id, &accepted(&matter, sent))?;
    }
    // The node that accepted it has told its people.
    notifications::mark_told(tx, event.case_id);
    Ok(())
}

fn accepted(matter: &Matter, sent: &DossierMatter) -> MatterAccepted {
    let parties = sent.parties.iter().map(|party| PartyRef {
        party_id: party.party_id,
        side: party.side,
        kind: party.kind,
    });
    MatterAccepted {
        matter_id: matter.id,
        case_id: matter.case_id,
        region: matter.region,
        acceptance_number: sent.acceptance_number.clone(),
        class: matter.class,
        source: matter.source.clone(),
        channel: matter.channel.clone(),
        type_hint: matter.type_hint.clone(),
        parties: parties.collect(),
        persons_involved: matter.persons(),
        amount_fen: matter.amount_fen,
        organisation_id: matter.organisation_id,
        registered_at: sent.registered_at,
        accepted_at: sent.accepted_at,
    }
}
