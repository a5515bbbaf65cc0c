//! Close a case.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseClose};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::EvaluatedCaseView;
use crate::{
    Evaluation,
    domain::{case::CloseCommand, clock, follow_up::FollowUpState},
    store,
};

/// How a case is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseCase {
    /// What the person was told about the result.
    pub feedback: Option<String>,
    /// How it was told: a way of contact of the policy pack.
    pub feedback_way: Option<String>,
    /// Whether the person was asked for a rating; it need not have given one.
    #[serde(default)]
    pub rating_asked: bool,
}

/// A case is closed with feedback to the person 办结 (transition 28; EV-01), as the policy pack asks: the first visit done
/// (`follow-up-outstanding`), a rating asked for (`rating-not-asked`). Visits planned already are still made.
#[utoipa::path(
    tag = "cases", operation_id = "close_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = CloseCase,
    responses((status = 200, body = EvaluatedCaseView), ProblemResponses),
    security(("bearer" = ["case.close"]))
)]
#[post("/cases/{case_id}/close")]
pub async fn close_case(
    state: Data<Evaluation>,
    call: Call<CaseClose, CloseCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, body) = (call.scope(), &call.body);
    let note_max = state.policy.limits().note_max;
    let feedback = super::text(body.feedback.as_deref(), note_max, "/feedback")?;
    let known_way = |way: &str| state.policy.mediation().contact_way(way).is_some();
    // Feedback without a way of giving it was not given.
    let way_fits = match &body.feedback_way {
        Some(way) => known_way(way),
        None => feedback.is_none(),
    };
    if !way_fits {
        let problem = Problem::new(&common::INVALID_BODY).at("/feedback_way");
        return Err(problem.detail("未知的反馈方式", "The way of feedback is unknown"));
    }
    let work = async |tx: &mut Tx| {
        let case = store::cases::load(tx.conn(), *case_id, &scope).await?;
        call.check_version(case.version)?;
        let visits = store::follow_ups::of_case(tx.conn(), *case_id).await?;
        let ratings = store::ratings::of_case(tx.conn(), *case_id).await?;
        let command = CloseCommand {
            feedback: feedback.clone(),
            feedback_way: body.feedback_way.clone(),
            rating_asked: body.rating_asked || !ratings.is_empty(),
            first_visit_done: visits
                .iter()
                .any(|visit| visit.visit == 1 && visit.state == FollowUpState::Done),
        };
        let rules = &state.policy.evaluation().closing;
        let (case, event) = case.close(command, rules, tx.now())?;
        store::cases::update(tx, &case).await?;
        tx.stop_clock(clock::CLOSE, *case_id);
        tx.publish(case.id, &event)?;
        let version = case.version;
        let view = EvaluatedCaseView::of(case, visits, ratings, None);
        Ok(Reply::ok(view).version(version))
    };
    state.db.command(&call, "close_case", work).await
}
