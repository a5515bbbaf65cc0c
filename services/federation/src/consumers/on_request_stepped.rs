//! A step of a request, from another node: applied when it is for this node, passed on when this node is the lowest superior of
//! both, else nothing to this one. A step that comes twice is taken once; one that comes too early waits.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::RequestStep, events::Envelope, problems::federation as codes, region::RegionCode,
};

use crate::{
    Federation, desk,
    domain::{Arrival, Note, Request, Step, place},
    outgoing,
    store::{nodes, requests, unseen},
};

/// Applies a step.
///
/// # Errors
/// `message-refused` for what no honest node sends; `unavailable`.
pub async fn apply(
    state: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    step: RequestStep,
) -> Result<(), Problem> {
    let addressee = check(envelope, &step)?;
    let node = *tx.node();
    if addressee == node {
        if step.step == outgoing::SEEN {
            unseen::seen(tx, &step);
            return Ok(());
        }
        return take(state, tx, step).await;
    }
    // From above comes only what is for this node.
    if envelope.source != step.by_node {
        return Ok(());
    }
    let children = nodes::children(tx.conn()).await?;
    if place::passes_on(node, &children, step.by_node, addressee) {
        return outgoing::pass(tx, addressee, &step);
    }
    Ok(())
}

/// Who the step is for, when it is from who it says: the node itself, or a superior of both that passes it on.
fn check(envelope: &Envelope, step: &RequestStep) -> Result<RegionCode, Problem> {
    let refuse = |why: &str| Err(Problem::new(&codes::MESSAGE_REFUSED).internal(why));
    let addressee = match step.by_node {
        by if by == step.from_node => step.to_node,
        by if by == step.to_node => step.from_node,
        _ => return refuse("taken by neither of its nodes"),
    };
    let source = envelope.source;
    let passed_on = source.contains(&step.by_node) && source.contains(&addressee);
    if addressee == step.by_node || (source != step.by_node && !passed_on) {
        return refuse("sent by neither its node nor a superior of both");
    }
    Ok(addressee)
}

async fn take(state: &Federation, tx: &mut Tx, mut step: RequestStep) -> Result<(), Problem> {
    desk::open_words(state, tx, &mut step).await?;
    let note = note(tx, &step)?;
    match requests::lock(tx.conn(), step.request_id).await? {
        Some(request) => take_known(state, tx, (request, step.awaits_seen), note).await,
        None if note.step == Step::Sent => arrive(state, tx, &step).await,
        // Before the request itself: it waits.
        None => requests::note(tx.conn(), &note).await.map(|_| ()),
    }
}

fn note(tx: &Tx, step: &RequestStep) -> Result<Note, Problem> {
    let refuse = || Problem::new(&codes::MESSAGE_REFUSED).internal("a step nobody knows");
    let step_taken: Step = step.step.parse().map_err(|_| refuse())?;
    Ok(Note {
        request_id: step.request_id,
        by_node: step.by_node,
        number: step.number,
        step: step_taken,
        body: step.text.clone(),
        taken_at: step.at,
        noted_at: tx.now(),
        applied: false,
        // A request keeps its own.
        sealed: step.sealed.clone().filter(|_| step_taken != Step::Sent),
    })
}

/// A request arrives: it is acknowledged at once, and what came before it is applied.
async fn arrive(state: &Federation, tx: &mut Tx, step: &RequestStep) -> Result<(), Problem> {
    let arrival = Arrival::of(&state.policy, *tx.node(), step, tx.now())?;
    let mut request = arrival.request;
    requests::insert(tx.conn(), &request).await?;
    requests::note(tx.conn(), &arrival.sent).await?;
    desk::follow(state, tx, &request, &arrival.sent).await?;
    desk::taken(state, tx, &mut request, &arrival.taken).await?;
    take_waiting(state, tx, (request, step.awaits_seen)).await
}

async fn take_known(
    state: &Federation,
    tx: &mut Tx,
    (request, awaits_seen): (Request, bool),
    note: Note,
) -> Result<(), Problem> {
    let parties = [request.from_node, request.to_node];
    if note.by_node == request.node || !parties.contains(&note.by_node) {
        let why = "not the other node of this request";
        return Err(Problem::new(&codes::MESSAGE_REFUSED).internal(why));
    }
    if note.number <= request.other_steps {
        return repeat(state, tx, (&request, awaits_seen), &note).await;
    }
    requests::note(tx.conn(), &note).await?;
    take_waiting(state, tx, (request, awaits_seen)).await
}

/// What is sent again is acknowledged again: its sender may not have heard.
async fn repeat(
    state: &Federation,
    tx: &mut Tx,
    (request, awaits_seen): (&Request, bool),
    note: &Note,
) -> Result<(), Problem> {
    if note.step != Step::Sent || request.outgoing {
        return match awaits_seen {
            true => outgoing::seen(tx, request),
            false => Ok(()),
        };
    }
    match requests::step(tx.conn(), request, request.node, 1).await? {
        Some(delivered) => outgoing::send(state, tx, request, &delivered).await,
        None => Ok(()),
    }
}

/// Applies the steps of the other node whose turn it is, and says so to one that waits for it.
async fn take_waiting(
    state: &Federation,
    tx: &mut Tx,
    (mut request, awaits_seen): (Request, bool),
) -> Result<(), Problem> {
    let seen_before = request.other_steps;
    loop {
        let (by, number) = (request.other_node(), request.other_steps + 1);
        let Some(note) = requests::step(tx.conn(), &request, by, number).await? else {
            if awaits_seen && request.other_steps > seen_before {
                outgoing::seen(tx, &request)?;
            }
            return Ok(());
        };
        let before = request.state;
        let answer = request.apply(&note, tx.now())?;
        requests::applied(tx.conn(), &note).await?;
        if let Some(sealed) = note.sealed.as_deref().filter(|_| request.outgoing) {
            desk::open(state, tx, &request, sealed).await?;
        }
        // The answer to a recall is the step that counts.
        match answer {
            Some(answer) => desk::taken(state, tx, &mut request, &[answer]).await?,
            None => {
                requests::update(tx.conn(), &mut request).await?;
                if request.state != before || matches!(note.step, Step::FedBack | Step::Urged) {
                    desk::follow(state, tx, &request, &note).await?;
                }
            }
        }
    }
}
