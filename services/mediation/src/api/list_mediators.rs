//! The mediators of an organisation.

use actix_web::get;
use chassis::http::{
    Data, Page, PageOf, PageParams, Path, Permit, Problem, ProblemResponses, Reply,
};
use contracts::{ids::OrganisationId, roles::permission::RegisterRead};

use super::views::MediatorView;
use crate::{
    Mediation,
    domain::mediator::Mediator,
    store::{mediators, organisations},
};

/// The mediators of an organisation, the earliest first: whom the parties may choose from (人民调解法 19).
#[utoipa::path(
    tag = "register",
    params(("id" = OrganisationId, Path, description = "The organisation"), PageParams),
    responses((status = 200, description = "One page", body = PageOf<MediatorView>), ProblemResponses),
    security(("bearer" = ["register.read"]))
)]
#[get("/organisations/{id}/mediators")]
pub async fn list_mediators(
    state: Data<Mediation>,
    permit: Permit<RegisterRead>,
    id: Path<OrganisationId>,
    page: Page,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let organisation = organisations::load(&mut conn, *id, &permit.scope()).await?;
    let rows = mediators::list(&mut conn, organisation.id, &page).await?;
    let workload = mediators::workload(&mut conn, &rows).await?;
    let view = |row: Mediator| {
        let open = workload.get(&row.id).copied().unwrap_or_default();
        MediatorView::of(row, open)
    };
    Ok(Reply::ok(PageOf::of(&page, rows, |row| row.id, view)?))
}
