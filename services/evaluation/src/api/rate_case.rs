//! Rate a case.

use actix_web::post;
use chassis::{
    db::Tx,
    http::{Call, Data, Path, Problem, ProblemResponses, Reply},
};
use contracts::{
    ids::{CaseId, PartyId},
    problems::common,
    roles::permission::RatingGive,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::views::RatingView;
use crate::{
    Evaluation,
    domain::{rating::Rating, refusal::Refusal},
    store,
};

/// A rating.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateCase {
    /// Score on the policy pack's scale.
    pub score: u8,
    /// What the party says.
    pub comment: Option<String>,
    /// The party an evaluator records it for; a party's own account need not name it.
    pub party_id: Option<PartyId>,
}

/// A party rates how its case was handled 群众评价 (EV-02), or an evaluator records what it said. Once a party, after the
/// work on the case has ended.
#[utoipa::path(
    tag = "cases", operation_id = "rate_case",
    params(("case_id" = CaseId, Path, description = "The case")),
    request_body = RateCase,
    responses((status = 201, body = RatingView), ProblemResponses),
    security(("bearer" = ["rating.give"]))
)]
#[post("/cases/{case_id}/rating")]
pub async fn rate_case(
    state: Data<Evaluation>,
    call: Call<RatingGive, RateCase>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (scope, body) = (call.scope(), &call.body);
    let comment_max = state.policy.limits().comment_max;
    let comment = super::text(body.comment.as_deref(), comment_max, "/comment")?;
    let own = state.bus.own_party(&scope, *case_id).await?;
    let party_id = own.or(body.party_id).ok_or_else(|| {
        Problem::new(&common::INVALID_BODY).at("/party_id").detail(
            "代为登记时须写明当事人",
            "Name the party this is recorded for",
        )
    })?;
    if body.party_id.is_some_and(|named| named != party_id) {
        return Err(Refusal::NotAParty.into());
    }
    let work = async |tx: &mut Tx| {
        let case = store::cases::load(tx.conn(), *case_id, &scope).await?;
        let scale = &state.policy.evaluation().rating;
        let (party, said) = ((party_id, own.is_some()), (body.score, comment.clone()));
        let (rating, event) = Rating::give(tx.new_id(), &case, party, said, scale, tx.now())?;
        if !store::ratings::insert(tx, &rating).await? {
            return Err(Refusal::AlreadyRated.into());
        }
        tx.publish(case.id, &event)?;
        let location = format!("/evaluation/v1/cases/{}", case.id);
        Ok(Reply::created(location, RatingView::from(rating)))
    };
    state.db.command(&call, "rate_case", work).await
}
