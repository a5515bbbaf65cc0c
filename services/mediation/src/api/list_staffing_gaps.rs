//! Organisations that are short of staff.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::OrganisationId, roles::permission::RegisterRead};
use policy::clock::due::beijing_date;

use super::{list_organisations::OrganisationFilter, views::UnderstaffedView};
use crate::{
    Mediation,
    domain::staffing,
    store::{mediators, organisations},
};

/// How many organisations are looked at at once.
const BATCH: i64 = 200;

/// The organisations of the caller's region that are short of staff, the earliest first (ME-03): fewer members than the law asks
/// for, no woman or no director among them (人民调解法 8), a term that is over (人民调解法 9), fewer active mediators, of a class or
/// of any, than the policy pack asks for.
#[utoipa::path(
    tag = "register",
    params(OrganisationFilter, PageParams),
    responses((status = 200, description = "One page", body = PageOf<UnderstaffedView>), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/staffing-gaps")]
pub async fn list_staffing_gaps(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    query: PageQuery<OrganisationFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let (scope, today) = (permit.scope(), beijing_date(state.db.time().now()));
    let wanted = usize::try_from(page.fetch()).unwrap_or(usize::MAX);
    let mut conn = state.db.read().await?;
    let mut after = page.after::<OrganisationId>()?;
    let mut short = Vec::new();
    loop {
        let batch = organisations::after(&mut conn, &scope, &filter, after, BATCH).await?;
        after = batch.last().map(|organisation| organisation.id);
        let ids: Vec<_> = batch.iter().map(|organisation| organisation.id).collect();
        let active = mediators::active(&mut conn, &ids).await?;
        for organisation in batch {
            let active = active.get(&organisation.id).cloned().unwrap_or_default();
            let gaps = staffing::gaps(&organisation, &active, &state.policy, today);
            if !gaps.is_empty() {
                short.push(UnderstaffedView::of(organisation, gaps));
            }
        }
        if after.is_none() || short.len() >= wanted {
            break;
        }
    }
    short.truncate(wanted);
    let page = PageOf::of(&page, short, |view| view.organisation_id, |view| view)?;
    Ok(Reply::ok(page))
}
