//! `GET /reporting/v1/ledger/{case_id}`.

use actix_web::get;
use chassis::http::{Data, Path, Permit, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, roles::permission::LedgerRead};

use crate::{Reporting, domain::entry::LedgerEntry, store::ledger};

/// Read a case's row of the ledger 台账.
#[utoipa::path(get, path = "/reporting/v1/ledger/{case_id}", tag = "ledger", operation_id = "get_ledger_entry",
    params(("case_id" = CaseId, Path)), responses((status = 200, body = LedgerEntry), ProblemResponses),
    security(("bearer" = ["ledger.read"])))]
#[get("/ledger/{case_id}")]
pub async fn get_ledger_entry(
    state: Data<Reporting>,
    permit: Permit<LedgerRead>,
    case_id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let mut conn = state.db.read().await?;
    let entry = ledger::load(&mut conn, *case_id, &permit.scope()).await?;
    Ok(Reply::ok(entry))
}
