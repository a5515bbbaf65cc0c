//! Archiving the file of a case.

use actix_web::post;
use chassis::http::{Call, Data, Path, Problem, ProblemResponses, Reply};
use contracts::{ids::CaseId, problems::common, roles::permission::CaseArchive};
use serde::Deserialize;
use utoipa::ToSchema;

use super::file_views::FileView;
use crate::{
    ARCHIVE_CLOCK, Intake, REOPEN_CLOCK,
    domain::{
        Refusal,
        case::CaseStatus,
        case_file::{Archiving, Sheet},
        public_fact::PublicFact,
    },
    store::{
        case_acts, cases, files,
        numbers::{self, Numbered},
    },
};

/// What the paper file holds.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveCase {
    /// The documents of the paper file, in its order.
    pub paper: Vec<PaperDocument>,
    /// How long it is kept: a code of the policy pack; its default when not given.
    pub retention: Option<String>,
}

/// A document of the paper file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperDocument {
    /// A code of the policy pack's list of documents.
    pub kind: String,
    /// Its pages.
    pub pages: i64,
}

/// Archive the file of a closed case 归档 (transition 30) under the next number of its organisation and year, once the time for
/// opening the case again has passed (`reopen-window-open` names its last day). Every document that
/// must be there is in the index (`file-incomplete` names those that are not), and the paper file is as the index says
/// (`paper-differs` names each difference).
#[utoipa::path(
    tag = "files",
    params(("id" = CaseId, Path, description = "The case")),
    request_body = ArchiveCase,
    responses((status = 200, description = "The archived file", body = FileView), ProblemResponses),
    security(("bearer" = ["case.archive"]))
)]
#[post("/cases/{id}/archive")]
pub async fn archive_case(
    state: Data<Intake>,
    call: Call<CaseArchive, ArchiveCase>,
    id: Path<CaseId>,
) -> Result<Reply, Problem> {
    let (id, scope) = (id.into_inner(), call.scope());
    let work = state.db.command(&call, "archive_case", async |tx| {
        cases::load(tx.conn(), id, &scope).await?;
        let rules = &state.policy.intake().file;
        let code = call
            .body
            .retention
            .as_ref()
            .unwrap_or(&rules.retention_default);
        let retention = rules
            .retention_class(code)
            .ok_or(Refusal::UnknownRetention)?;
        let paper: Vec<_> = call
            .body
            .paper
            .iter()
            .map(|document| Sheet {
                kind: document.kind.clone(),
                pages: document.pages,
            })
            .collect();
        let case = case_acts::lock(tx, &[id]).await?.into_iter().next();
        let case = case.ok_or_else(|| Problem::new(&common::NOT_FOUND))?;
        let archiving = Archiving {
            documents: &files::documents(tx.conn(), id).await?,
            paper: &paper,
            agreed: files::agreed(tx.conn(), id).await?,
            retention,
            by: &call.principal.subject,
            reopen_until: case
                .closed_at
                .map(|at| state.policy.due(REOPEN_CLOCK, None, at))
                .transpose()
                .map_err(Problem::unexpected)?,
        };
        case.check_archivable(&archiving, rules, tx.now())?;
        let matters = case_acts::matters_of(tx.conn(), id).await?;
        let window = matters
            .into_iter()
            .find_map(|matter| matter.organisation_id);
        let organisation = case.organisation_id.or(window);
        let number = numbers::next(tx, Numbered::File, &rules.number, organisation).await?;
        let now = tx.now();
        let (file, archived) = case.archive(&archiving, number, organisation, now);
        files::insert(tx, &file).await?;
        tx.stop_clock(ARCHIVE_CLOCK, id);
        cases::note_own(tx, id, PublicFact::Archived, now);
        let line = tx.new_id();
        let led = (PublicFact::Archived, CaseStatus::Archived);
        case_acts::note_led(tx, id, line, led, now);
        tx.publish(id, &archived)?;
        Ok(Reply::ok(
            FileView::load(tx.conn(), id, &state.policy).await?,
        ))
    });
    work.await
}
