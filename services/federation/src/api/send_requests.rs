//! `POST /request-batches`.

use std::collections::BTreeSet;

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Problem, ProblemResponses, Reply},
};
use chrono::NaiveDate;
use contracts::{
    ids::RequestBatchId,
    problems::{common, federation as codes},
    region::RegionCode,
    roles::permission::RequestSend,
    text_enum,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::views::{RequestBatch, RequestView};
use crate::{
    Federation,
    domain::Order,
    sending,
    store::{self, nodes},
};

text_enum! {
    /// The nodes below that are meant together.
    pub enum RequestReach {
        /// The nodes directly below.
        Children => "children",
        /// Every node below that this one knows.
        Below => "below",
    }
}

/// One request to several nodes: a circular 通报, a warning, reference data. Either `to` or `reach`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequests {
    /// Kind code, of a kind that need not be about a case.
    #[schema(examples("circulate"))]
    pub kind: String,
    /// The receiving nodes.
    pub to: Option<Vec<RegionCode>>,
    /// Instead of naming them.
    pub reach: Option<RequestReach>,
    /// Why, in words without personal data.
    pub reason: Option<String>,
    /// Last day for it, in Beijing.
    pub due_on: Option<NaiveDate>,
    /// The values of the kind, texts by code.
    #[schema(value_type = Option<Object>)]
    pub values: Option<Map<String, Value>>,
}

/// Send one request to several nodes at once: to those named, to all directly below, or to all below.
///
/// Each node gets its own, signs for it and answers it by itself; `GET /requests?batch_id=&state=delivered` shows who has not signed.
/// All are sent or none: refuses what `POST /requests` refuses, with the place in `to`, and `unknown-node` when no node is
/// below.
#[utoipa::path(
    tag = "requests",
    operation_id = "send_requests",
    request_body = SendRequests,
    responses((status = 201, description = "The requests, one a node", body = RequestBatch), ProblemResponses),
    security(("bearer" = ["request.send"]))
)]
#[post("/request-batches")]
pub async fn send_requests(
    state: Data<Federation>,
    call: Call<RequestSend, SendRequests>,
) -> Result<Reply, Problem> {
    let work = state.db.command(&call, "send_requests", async |tx| {
        if !call.scope().region.contains(tx.node()) {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        state.sealing.check()?;
        let receivers = receivers(tx, &call.body).await?;
        let id: RequestBatchId = tx.new_id();
        let by = &call.principal.subject;
        let mut requests = Vec::with_capacity(receivers.len());
        let mut seen = BTreeSet::new();
        for (place, to) in receivers.into_iter().enumerate() {
            if !seen.insert(to) {
                continue;
            }
            let order = call.body.clone().order(to);
            let sent = Box::pin(sending::send(&state, tx, order, by)).await;
            let request = sent.map_err(|problem| match problem.pointer() {
                Some("/to") => problem.at(format!("/to/{place}")),
                _ => problem,
            })?;
            store::requests::note_batch(tx, request.id, id);
            requests.push(RequestView::from(request));
        }
        let location = format!("/federation/v1/requests?batch_id={id}");
        Ok(Reply::created(location, RequestBatch { id, requests }))
    });
    work.await
}

async fn receivers(tx: &mut Tx, body: &SendRequests) -> Result<Vec<RegionCode>, Problem> {
    let node = *tx.node();
    let found = match (&body.to, body.reach) {
        (Some(to), None) if !to.is_empty() => return Ok(to.clone()),
        (None, Some(RequestReach::Children)) => nodes::children(tx.conn()).await?,
        (None, Some(RequestReach::Below)) => nodes::below(tx.conn(), node).await?,
        _ => {
            return Err(Problem::new(&common::INVALID_BODY).at("/to").detail(
                "须填写 to(至少一个节点)或 reach,二者择一",
                "Either `to` with at least one node, or `reach`",
            ));
        }
    };
    if found.is_empty() {
        return Err(Problem::new(&codes::UNKNOWN_NODE)
            .at("/reach")
            .detail("本节点没有下级节点", "There is no node below"));
    }
    Ok(found)
}

impl SendRequests {
    fn order(self, to: RegionCode) -> Order {
        Order {
            kind: self.kind,
            to,
            case_id: None,
            reason: self.reason,
            due_on: self.due_on,
            values: Value::Object(self.values.unwrap_or_default()),
        }
    }
}
