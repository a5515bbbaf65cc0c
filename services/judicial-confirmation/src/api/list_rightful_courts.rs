//! List the courts that have an agreement.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Query, Reply};
use contracts::{ids::AgreementId, region::RegionCode, roles::permission::ConfirmationRead};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{agreement_seen, terms, views::RightfulCourtView};
use crate::{JudicialConfirmation, domain::venue};

/// What else counts.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListRightfulCourts {
    /// A party's domicile, or where the subject matter is.
    pub place: Option<RegionCode>,
}

/// The courts to which an application to confirm the agreement may go, each with the reason and the article (民事诉讼法 205): the
/// court that invited the organisation, and then no other; else those of a party's domicile, of the place of the subject matter
/// and of the organisation's place. The intermediate court of the place when the dispute is for one.
#[utoipa::path(
    tag = "agreements", operation_id = "list_rightful_courts",
    params(("id" = AgreementId, Path, description = "The agreement"), ListRightfulCourts),
    responses((status = 200, body = Vec<RightfulCourtView>), ProblemResponses),
    security(("bearer" = ["confirmation.read"]))
)]
#[get("/agreements/{id}/courts")]
pub async fn list_rightful_courts(
    state: Data<JudicialConfirmation>,
    permit: Permit<ConfirmationRead>,
    id: Path<AgreementId>,
    query: Query<ListRightfulCourts>,
) -> Result<Reply, Problem> {
    let (agreement, _) = agreement_seen(&state, &permit.scope(), *id).await?;
    let confirmation = state.policy.confirmation();
    let mut conn = state.db.read().await?;
    let places = terms::places(&mut conn, &agreement, &[], query.place, confirmation).await?;
    let courts = venue::rightful(&agreement, &places, confirmation);
    let views: Vec<_> = courts.iter().map(RightfulCourtView::of).collect();
    Ok(Reply::ok(views))
}
