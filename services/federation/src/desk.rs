//! What follows from the steps of a request, in the transaction in which they are taken: rows, messages to the other node, facts
//! for this node's services, clocks, and who answers for the case.

use chassis::{
    clocks::{Holder, NewClock},
    db::Tx,
    http::Problem,
};
use contracts::{
    border::{HandsOver, MESSAGE_MAX, RequestStep, SealedWords},
    events::federation::{CaseAdopted, RequestChanged},
    ids::{CaseId, TypedId as _},
    problems::federation as codes,
    questions::Dossier,
    region::RegionCode,
};

use crate::{
    Federation,
    domain::{
        Accountability, Note, Request, Step,
        terms::{self, Times},
    },
    outgoing,
    store::{accountability, dossiers, dossiers::DossierRow, nodes, requests},
};

/// Stores a request after steps of this node, and sends them.
///
/// # Errors
/// `stale-version`; `unavailable`.
pub async fn taken(
    state: &Federation,
    tx: &mut Tx,
    request: &mut Request,
    notes: &[Note],
) -> Result<(), Problem> {
    requests::update(tx.conn(), request).await?;
    for note in notes {
        outgoing::send(state, tx, request, note).await?;
        let kept = Note {
            sealed: None,
            ..note.clone()
        };
        requests::note(tx.conn(), &kept).await?;
        follow(state, tx, request, note).await?;
    }
    Ok(())
}

/// What follows from a step of either side, once it is stored.
///
/// # Errors
/// `unavailable`.
pub async fn follow(
    state: &Federation,
    tx: &mut Tx,
    request: &Request,
    note: &Note,
) -> Result<(), Problem> {
    publish(tx, request, note)?;
    if !request.outgoing {
        run_clocks(state, tx, request, note.step)?;
    }
    let moved = Accountability::moved_by(request, note.taken_at);
    if let Some((row, moved)) = moved.filter(|_| note.step == Step::Signed)
        && accountability::put(tx, &row).await?
    {
        tx.publish(moved.case_id, &moved)?;
    }
    Ok(())
}

fn publish(tx: &mut Tx, request: &Request, note: &Note) -> Result<(), Problem> {
    let changed = RequestChanged {
        request_id: request.id,
        kind: request.kind.clone(),
        case_id: request.case_id,
        from_node: request.from_node,
        to_node: request.to_node,
        step: note.step.to_string(),
        at: note.taken_at,
    };
    match request.case_id {
        Some(case_id) => tx.publish(case_id, &changed),
        None => tx.publish(request.id, &changed),
    }
}

/// The receiver's clocks: both begin with the delivery, each ends with its step. Those of a request without a case are its own: what
/// overruns one is counted for no case.
fn run_clocks(
    state: &Federation,
    tx: &mut Tx,
    request: &Request,
    step: Step,
) -> Result<(), Problem> {
    let own = || CaseId::from(request.id.uuid());
    let case_id = request.case_id.unwrap_or_else(own);
    let kind = terms::kind(&state.policy, &request.kind)?;
    let start = request.delivered_at.unwrap_or(request.sent_at);
    let times = Times::of(&state.policy, kind, &request.details, request.due_on, start)?;
    let (sign, done) = (times.sign_clock.as_deref(), times.done_clock.as_deref());
    let (starts, ends): (Vec<_>, Vec<_>) = match step {
        Step::Delivered => (vec![(sign, false), (done, true)], vec![]),
        Step::Signed => (vec![], vec![sign]),
        Step::Done | Step::Refused | Step::Recalled => (vec![], vec![sign, done]),
        // What is done anew is not late because the first time was in time.
        Step::Rework | Step::Sent | Step::FedBack | Step::Urged => (vec![], vec![]),
    };
    for (clock, by_day) in starts {
        if let Some(clock) = clock {
            start_clock(state, tx, (request, case_id), clock, by_day)?;
        }
    }
    for clock in ends.into_iter().flatten() {
        tx.stop_clock(clock, request.id);
    }
    Ok(())
}

fn start_clock(
    state: &Federation,
    tx: &mut Tx,
    (request, case_id): (&Request, CaseId),
    clock: &str,
    by_day: bool,
) -> Result<(), Problem> {
    let (policy, now) = (&state.policy, tx.now());
    let rule = policy.clock(clock, None).map_err(Problem::unexpected)?;
    let due = match request.due_on.filter(|_| by_day) {
        Some(day) => rule.due_on(day, policy.calendar()),
        None => rule.due(now, policy.calendar()),
    };
    let holder = Holder::new(case_id, *tx.node());
    let clock = NewClock::of_rule(policy, clock, rule, request.id, holder, now, due);
    tx.start_clock(&clock);
    Ok(())
}

/// Bytes a sealed dossier may have: the rest of its message is not large.
const SEALED_MAX: usize = MESSAGE_MAX - 100 * 1024;

/// Seals a dossier to the node that gets it.
///
/// # Errors
/// `unknown-node` when its key is not known here; `not-federated`; `dossier-too-large`.
pub async fn seal(
    state: &Federation,
    tx: &mut Tx,
    to: RegionCode,
    dossier: &Dossier,
) -> Result<String, Problem> {
    let plain = serde_json::to_vec(dossier).map_err(Problem::unexpected)?;
    let key = sealing_key(state, tx, to).await?;
    let sealed = state.sealing.seal(&key, &plain)?;
    if sealed.len() > SEALED_MAX {
        return Err(Problem::new(&codes::DOSSIER_TOO_LARGE).at("/case_id"));
    }
    Ok(sealed)
}

/// Opens the dossier that the other node sent, with the request or with its signature, and keeps it. The node's services have the
/// case when it is theirs now.
///
/// # Errors
/// `message-refused` when it cannot be opened.
pub async fn open(
    state: &Federation,
    tx: &mut Tx,
    request: &Request,
    sealed: &str,
) -> Result<(), Problem> {
    let Some(case_id) = request.case_id else {
        return Ok(());
    };
    let from = request.other_node();
    let key = sealing_key(state, tx, from).await?;
    let plain = state.sealing.open_from(&key, sealed)?;
    let refused = |why: &str| Problem::new(&codes::MESSAGE_REFUSED).internal(why);
    let dossier: Dossier =
        serde_json::from_slice(&plain).map_err(|_| refused("the dossier cannot be read"))?;
    if dossier.case_id != case_id {
        return Err(refused("the dossier is of another case"));
    }
    let row = DossierRow {
        request_id: request.id,
        case_id,
        from_node: from,
        body: serde_json::to_value(&dossier).map_err(Problem::unexpected)?,
        received_at: tx.now(),
    };
    dossiers::insert(tx, &row).await?;
    if request.outgoing || request.hands_over != HandsOver::OnSign {
        return Ok(());
    }
    let adopted = CaseAdopted {
        case_id,
        request_id: request.id,
        from_node: request.from_node,
        adopted_at: tx.now(),
    };
    tx.publish(case_id, &adopted)
}

/// Seals the words of a step, and the values of its request, to the node that gets it.
///
/// # Errors
/// `unknown-node` when its key is not known here; `not-federated`.
pub async fn seal_words(
    state: &Federation,
    tx: &mut Tx,
    to: RegionCode,
    step: &mut RequestStep,
) -> Result<(), Problem> {
    let given = step.values.as_object().is_some_and(|v| !v.is_empty());
    if step.text.is_none() && !given {
        return Ok(());
    }
    let values = given.then(|| std::mem::replace(&mut step.values, serde_json::json!({})));
    let words = SealedWords {
        request_id: step.request_id,
        number: step.number,
        text: step.text.take(),
        values,
    };
    let plain = serde_json::to_vec(&words).map_err(Problem::unexpected)?;
    let key = sealing_key(state, tx, to).await?;
    step.sealed_text = Some(state.sealing.seal(&key, &plain)?);
    Ok(())
}

/// Opens the words and values of a step that came from another node. A node of an earlier release sends them open.
///
/// # Errors
/// `message-refused` when they cannot be opened, or belong to another step; `unknown-node` when the key of who sealed them is not
/// known here: the step is sent again until it is seen.
pub async fn open_words(
    state: &Federation,
    tx: &mut Tx,
    step: &mut RequestStep,
) -> Result<(), Problem> {
    let Some(sealed) = step.sealed_text.take() else {
        return Ok(());
    };
    let refused = |why: &str| Problem::new(&codes::MESSAGE_REFUSED).internal(why);
    let key = sealing_key(state, tx, step.by_node).await?;
    let plain = state.sealing.open_from(&key, &sealed)?;
    let words: SealedWords =
        serde_json::from_slice(&plain).map_err(|_| refused("the words cannot be read"))?;
    if (words.request_id, words.number) != (step.request_id, step.number) {
        return Err(refused("words of another step"));
    }
    step.text = words.text;
    if let Some(values) = words.values {
        step.values = values;
    }
    Ok(())
}

async fn sealing_key(state: &Federation, tx: &mut Tx, node: RegionCode) -> Result<String, Problem> {
    // The parent's keys are the invitation's, whatever came later.
    let parent = state.desk.parent().filter(|parent| parent.node == node);
    if let Some(parent) = parent {
        return Ok(parent.sealing.clone());
    }
    let known = nodes::keys_of(tx.conn(), node).await?;
    known
        .map(|keys| keys.sealing)
        .ok_or_else(|| Problem::new(&codes::UNKNOWN_NODE).at("/to"))
}
