//! `POST /requests`.

use actix_web::post;
use chassis::http::{Call, Data, Problem, ProblemResponses, Reply};
use chrono::NaiveDate;
use contracts::{
    ids::CaseId, problems::common, region::RegionCode, roles::permission::RequestSend,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::views::RequestView;
use crate::{Federation, domain::Order, sending, store};

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

/// Send a request to another node: report up, assign, forward, supervise …
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
        let request = Box::pin(sending::send(&state, tx, order, by)).await?;
        let location = format!("/federation/v1/requests/{}", request.id);
        let steps = store::requests::steps(tx.conn(), request.id).await?;
        let version = request.version;
        let view = RequestView::from(request).with_steps(steps);
        Ok(Reply::created(location, view).version(version))
    });
    work.await
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
