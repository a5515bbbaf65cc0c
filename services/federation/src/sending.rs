//! Sending a request: what its kind wants, whether the case may go there, and its dossier.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::HandsOver,
    ids::RequestId,
    problems::{common, federation as codes},
    questions::{CaseDossier, CaseMediated, PeriodFigures},
    region::RegionCode,
};
use policy::sections::requests::{By, DossierGoes, RequestKind};
use serde_json::Value;

use crate::{
    Federation, desk,
    domain::{Order, Place, Request, accountability::Standing, terms},
    outgoing,
    store::{self, nodes},
};

/// Checks and sends a request, in the transaction of who wants it sent.
///
/// # Errors
/// What the kind does not allow, a node nobody knows, a case that may not go there; `unavailable`.
pub async fn send(
    state: &Federation,
    tx: &mut Tx,
    order: Order,
    by: &str,
) -> Result<Request, Problem> {
    let (node, now) = (*tx.node(), tx.now());
    let mut order = order;
    let figures = figures(state, node, &mut order).await?;
    let hands_over = order.check(&state.policy, node, now)?;
    check_node(state, tx, order.to).await?;
    let handover = check_case(state, tx, &order, hands_over).await?;
    let sealed = seal(state, tx, &order, hands_over).await?;
    let id: RequestId = tx.new_id();
    let sent = order.send(
        &state.policy,
        (id, node),
        (hands_over, handover),
        (sealed, figures),
        (by, now),
    );
    let (request, note) = sent?;
    store::requests::insert(tx.conn(), &request)
        .await
        .map_err(under_way)?;
    store::requests::note(tx.conn(), &note).await?;
    outgoing::send(state, tx, &request, &note).await?;
    desk::follow(state, tx, &request, &note).await?;
    Ok(request)
}

/// The only thing two new requests can be in each other's way with.
fn under_way(problem: Problem) -> Problem {
    if problem.code() == &common::CONFLICT {
        Problem::new(&codes::HANDOVER_UNDER_WAY).at("/case_id")
    } else {
        problem
    }
}

async fn check_node(state: &Federation, tx: &mut Tx, to: RegionCode) -> Result<(), Problem> {
    let parent = state.desk.parent();
    if parent.is_some_and(|parent| parent.node == to) || nodes::is_known(tx.conn(), to).await? {
        return Ok(());
    }
    // Every level above hears this node, known by its keys or not.
    let above = parent.is_some() && Place::of(to, *tx.node()) == Place::Above;
    if above {
        return Ok(());
    }
    Err(Problem::new(&codes::UNKNOWN_NODE).at("/to"))
}

/// Whether something can be sent again to a node now: it belongs to the federation, and its key is known. One that was taken off may
/// be linked again; until then nothing is sent.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn is_reachable(
    state: &Federation,
    tx: &mut Tx,
    node: RegionCode,
) -> Result<bool, Problem> {
    let parent = state.desk.parent();
    if parent.is_some_and(|parent| parent.node == node) {
        return Ok(true);
    }
    Ok(nodes::keys_of(tx.conn(), node).await?.is_some())
}

/// The figures that a kind carries, counted by this node's reporting; the values that repeat one of them are filled in.
async fn figures(
    state: &Federation,
    node: RegionCode,
    order: &mut Order,
) -> Result<Option<Value>, Problem> {
    let kind = terms::kind(&state.policy, &order.kind)?;
    let period = order.values.get("period").and_then(Value::as_str);
    // A period that is missing is refused with the other values.
    let (Some(carried), Some(period)) = (&kind.figures, period) else {
        return Ok(None);
    };
    let question = PeriodFigures {
        region: match carried.of {
            By::Sender => node,
            By::Receiver => order.to,
        },
        period: period.to_owned(),
    };
    let answer = state.bus.ask(&question).await.map_err(|problem| {
        if problem.code().status < common::INTERNAL.status {
            problem.at("/values/period")
        } else {
            problem
        }
    })?;
    let counted = serde_json::to_value(answer).map_err(Problem::unexpected)?;
    let figures = terms::carried(carried, &counted);
    order.repeat(kind, &counted)?;
    Ok(Some(figures))
}

async fn check_case(
    state: &Federation,
    tx: &mut Tx,
    order: &Order,
    hands_over: HandsOver,
) -> Result<i32, Problem> {
    let Some(case_id) = order.case_id else {
        return Ok(0);
    };
    let known = store::accountability::find(tx.conn(), case_id).await?;
    let (under_way, refused) = store::requests::standing(tx.conn(), case_id).await?;
    let mediated = match hands_over {
        HandsOver::OnSign => state.bus.ask(&CaseMediated { case_id }).await?.mediated,
        _ => false,
    };
    let standing = Standing {
        known: known.as_ref(),
        under_way,
        refused,
        mediated,
    };
    let node = *tx.node();
    Ok(order.check_case(&state.policy, node, hands_over, &standing)?)
}

/// Collects the case file and seals it. A case intake has not accepted is not this node's to hand over.
async fn seal(
    state: &Federation,
    tx: &mut Tx,
    order: &Order,
    hands_over: HandsOver,
) -> Result<Option<String>, Problem> {
    let kind = terms::kind(&state.policy, &order.kind)?;
    let goes = kind.dossier == DossierGoes::WithRequest;
    let Some(case_id) = order.case_id.filter(|_| goes) else {
        return Ok(None);
    };
    let answer = state.bus.ask(&CaseDossier { case_id }).await;
    // Taken over a moment ago: intake is about to know it.
    let taken_over = store::accountability::find(tx.conn(), case_id)
        .await?
        .is_some();
    let dossier = answer.map_err(|problem| match problem.code() {
        code if code != &common::NOT_FOUND => problem,
        _ if taken_over => Problem::new(&common::UNAVAILABLE),
        _ if hands_over == HandsOver::OnSign => {
            Problem::new(&codes::NOT_ACCOUNTABLE).at("/case_id")
        }
        _ => Problem::new(&common::NOT_FOUND).at("/case_id"),
    })?;
    let sealed = desk::seal(state, tx, order.to, &dossier).await?;
    Ok(Some(sealed))
}

/// The dossier that goes back with this node's signature, where the kind says so. None when intake does not have the case: it is
/// supervised here, and another node works on it.
///
/// # Errors
/// `unknown-node`; `unavailable`.
pub async fn seal_with_signature(
    state: &Federation,
    tx: &mut Tx,
    request: &Request,
    kind: &RequestKind,
) -> Result<Option<String>, Problem> {
    let goes = kind.dossier == DossierGoes::WithSignature;
    let Some(case_id) = request.case_id.filter(|_| goes) else {
        return Ok(None);
    };
    match state.bus.ask(&CaseDossier { case_id }).await {
        Ok(dossier) => match desk::seal(state, tx, request.from_node, &dossier).await {
            // It is signed for all the same.
            Err(problem) if problem.code() == &codes::DOSSIER_TOO_LARGE => {
                tracing::error!(request_id = %request.id, "the dossier is too large to go with the signature");
                Ok(None)
            }
            sealed => sealed.map(Some),
        },
        Err(problem) if problem.code() == &common::NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}
