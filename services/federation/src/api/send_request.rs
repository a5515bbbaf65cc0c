//! `POST /requests`.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    border::HandsOver,
    ids::{CaseId, RequestId},
    problems::{common, federation as codes},
    questions::CaseDossier,
    region::RegionCode,
    roles::permission::RequestSend,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::views::RequestView;
use crate::{
    Federation, desk,
    domain::{Order, Place, Request, accountability::Standing, terms},
    outgoing,
    store::{self, nodes},
};

/// A request to another node. What it must say is set by its kind in the policy pack.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// Kind code: `report_up` 上报, `assign` 交办, `forward` 转送, `transfer` 转办, `designate` 指定办理, `assist` 协办,
    /// `supervise` 督办, `circulate` 通报, `warn` 预警, `roll_up` 汇总上报, `reference_data` 基础数据下发, `return_data` 数据回流.
    #[schema(examples("report_up"))]
    pub kind: String,
    /// The receiving node.
    pub to: RegionCode,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// Why, in words without personal data.
    pub reason: Option<String>,
    /// With `report_up`: what is asked for (`handle`, `designate`, `co_handle`, `instruct`); the same as the value `ask`.
    pub ask: Option<String>,
    /// Last day for it, in Beijing.
    pub due_on: Option<NaiveDate>,
    /// The values of the kind, texts by code.
    #[schema(value_type = Option<Object>)]
    pub values: Option<Map<String, Value>>,
}

/// Send a request to another node (3-lifecycle 5.5): report up, assign, forward, supervise …
///
/// A kind with a dossier collects the case file and seals it to the receiver; nobody between can open it. The case stays with
/// this node until the receiver signs. Refuses what the kind does not allow (`wrong-direction`, `reason-required`,
/// `deadline-required`, `case-required`), nodes nobody knows (`unknown-node`), cases another node answers for
/// (`not-accountable`), a second hand-over at once (`handover-under-way`), and a case equals have refused too often
/// (`designation-needed`).
#[utoipa::path(
    tag = "requests",
    operation_id = "send_request",
    request_body = SendRequest,
    responses((status = 201, description = "The request", body = RequestView), ProblemResponses),
    security(("bearer" = ["request.send"]))
)]
#[post("/requests")]
pub async fn send_request(
    state: Data<Federation>,
    call: Call<RequestSend, SendRequest>,
) -> Result<Reply, Problem> {
    let work = state.db.command(&call, "send_request", async |tx| {
        if !call.scope().region.contains(tx.node()) {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        state.sealing.check()?;
        let order = Order::from(call.body.clone());
        let by = &call.principal.subject;
        let request = Box::pin(send(&state, tx, order, by)).await?;
        let location = format!("/federation/v1/requests/{}", request.id);
        let steps = store::requests::steps(tx.conn(), request.id).await?;
        let version = request.version;
        let view = RequestView::from(request).with_steps(steps);
        Ok(Reply::created(location, view).version(version))
    });
    work.await
}

async fn send(state: &Federation, tx: &mut Tx, order: Order, by: &str) -> Result<Request, Problem> {
    let (node, now) = (*tx.node(), tx.now());
    let hands_over = order.check(&state.policy, node, now)?;
    check_node(state, tx, order.to).await?;
    check_case(state, tx, &order, hands_over).await?;
    let sealed = seal(state, tx, &order, hands_over).await?;
    let id: RequestId = tx.new_id();
    let sent = order.send(&state.policy, (id, node), hands_over, sealed, (by, now));
    let (request, note) = sent?;
    store::requests::insert(tx.conn(), &request)
        .await
        .map_err(under_way)?;
    store::requests::note(tx.conn(), &note).await?;
    outgoing::send(tx, &request, &note)?;
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

async fn check_case(
    state: &Federation,
    tx: &mut Tx,
    order: &Order,
    hands_over: HandsOver,
) -> Result<(), Problem> {
    let Some(case_id) = order.case_id else {
        return Ok(());
    };
    let known = store::accountability::find(tx.conn(), case_id).await?;
    let (under_way, refused) = store::requests::standing(tx.conn(), case_id).await?;
    let standing = Standing {
        known: known.as_ref(),
        under_way,
        refused,
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
    let Some(case_id) = order.case_id.filter(|_| kind.dossier) else {
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

impl From<SendRequest> for Order {
    fn from(body: SendRequest) -> Self {
        let mut values = body.values.unwrap_or_default();
        if let Some(ask) = body.ask {
            values.insert("ask".to_owned(), Value::String(ask));
        }
        Self {
            kind: body.kind,
            to: body.to,
            case_id: body.case_id,
            reason: body.reason,
            due_on: body.due_on,
            values: Value::Object(values),
        }
    }
}
