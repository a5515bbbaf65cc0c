//! `GET /requests`.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{
    ids::{CaseId, RequestBatchId},
    roles::permission::RequestRead,
    text_enum,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::views::RequestView;
use crate::{Federation, domain::RequestState, store};

text_enum! {
    /// Which way a request goes, seen from this node.
    pub enum RequestDirection {
        /// From another node.
        Incoming => "incoming",
        /// To another node.
        Outgoing => "outgoing",
    }
}

impl RequestDirection {
    /// Whether this node sends.
    #[must_use]
    pub fn outgoing(self) -> bool {
        self == Self::Outgoing
    }
}

/// Which requests are wanted.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RequestFilter {
    /// Only requests that go this way.
    pub direction: Option<RequestDirection>,
    /// Only requests in this state.
    pub state: Option<RequestState>,
    /// Only requests of this kind.
    pub kind: Option<String>,
    /// Only requests about this case.
    pub case_id: Option<CaseId>,
    /// Only requests sent with each other; with `state`, who has not signed.
    pub batch_id: Option<RequestBatchId>,
}

/// Requests to and from other nodes, the newest first.
#[utoipa::path(
    tag = "requests",
    operation_id = "list_requests",
    params(RequestFilter, PageParams),
    responses((status = 200, description = "A page of requests", body = PageOf<RequestView>), ProblemResponses),
    security(("bearer" = ["request.read"]))
)]
#[get("/requests")]
pub async fn list_requests(
    state: Data<Federation>,
    permit: Permit<RequestRead>,
    query: PageQuery<RequestFilter>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let PageQuery { filter, page } = query;
    let rows = store::requests::list(&mut conn, &permit.scope(), &filter, &page).await?;
    let key = |request: &crate::domain::Request| (request.sent_at, request.id);
    let page = PageOf::of(&page, rows, key, RequestView::from)?;
    Ok(Reply::ok(page))
}
