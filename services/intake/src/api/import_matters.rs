//! Taking over matters of other systems.

use std::collections::BTreeSet;

use actix_web::{
    HttpRequest,
    error::PayloadError,
    http::header::CONTENT_TYPE,
    post,
    web::{Bytes, Payload},
};
use chassis::{
    db::Tx,
    http::{Call, Data, Permit, Problem, ProblemResponses, Query, Reply},
};
use contracts::{
    problems::{ProblemCode, common, intake},
    roles::permission::MatterImport,
};
use futures_util::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::register_matter::RegisterMatter;
use crate::{
    Intake,
    domain::{
        import::{Unreadable, column, registration},
        registration::Desk,
        sheet::{self, Row},
    },
    registering,
    store::imports,
};

/// How a table is taken over.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The system the table comes from: `12345`; needed. A matter is taken over once for its number in this system.
    pub system: Option<String>,
    /// Only check; nothing is registered.
    #[serde(default)]
    pub dry_run: bool,
    /// Register the rows that are right although others are wrong; otherwise all or nothing.
    #[serde(default)]
    pub valid_rows_only: bool,
}

/// What became of a table.
#[derive(Serialize, ToSchema)]
pub struct ImportReport {
    /// Rows with something in them.
    pub rows: usize,
    /// Rows that are right and new. Registered, unless it is only checked or everything was refused.
    pub valid: usize,
    /// Matters registered now.
    pub registered: usize,
    /// Rows that were taken over before; nothing is counted twice.
    pub known: usize,
    /// What is wrong, row by row.
    pub errors: Vec<RowError>,
}

/// What is wrong with a row. Never repeats a cell.
#[derive(Serialize, ToSchema)]
pub struct RowError {
    /// Number of the row in the file; the heading is row 1.
    pub row: usize,
    /// Code of the column.
    pub column: Option<&'static str>,
    /// Stable code of the problem.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl RowError {
    fn of(row: &Row, column: Option<&'static str>, problem: &Problem) -> Self {
        let (code, body) = (problem.code(), problem.body());
        let with = |title: &str, detail: Option<String>| match detail {
            Some(detail) => format!("{title}: {detail}"),
            None => title.to_owned(),
        };
        Self {
            row: row.number,
            column,
            code: code.code,
            zh: with(code.zh, body.detail_zh),
            en: with(code.en, body.detail_en),
        }
    }

    fn plain(row: &Row, column: &'static str, code: &'static ProblemCode) -> Self {
        Self::of(row, Some(column), &Problem::new(code))
    }
}

/// Take over matters of another system 数据导入 (IN-21, IN-22): the body is a CSV file in UTF-8 or an Excel workbook, whose first
/// row names the columns of the policy pack. A table that is sent again counts nothing twice.
#[utoipa::path(
    tag = "matters",
    params(ImportQuery),
    request_body(content = Vec<u8>, content_type = "text/csv", description = "CSV, or an Excel workbook under its own media type"),
    responses((status = 200, description = "What became of it", body = ImportReport), ProblemResponses),
    security(("bearer" = ["matter.import"]))
)]
#[post("/imports")]
pub async fn import_matters(
    state: Data<Intake>,
    permit: Permit<MatterImport>,
    query: Query<ImportQuery>,
    request: HttpRequest,
    content: Payload,
) -> Result<Reply, Problem> {
    let call = Call::of_upload(permit, &request)?;
    let media_type = request.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let kind = sheet::kind(media_type.unwrap_or_default())?;
    let system = query.system.as_deref().unwrap_or_default().trim();
    let policy = &*state.policy;
    if system.is_empty() || system.chars().count() > policy.limits().name_max {
        return Err(Problem::new(&common::INVALID_QUERY).at("/system"));
    }
    let rules = &policy.intake().import;
    let content = whole(content, rules.bytes_max).await?;
    let rows = sheet::read(rules, kind, &content)?;
    let scope = call.scope();
    let call = call.with_content(&content);
    let work = state.db.command(&call, "import_matters", async |tx| {
        let desk = Desk {
            principal: &call.principal,
            scope: &scope,
            node: *tx.node(),
            policy,
            now: tx.now(),
        };
        let ids: Vec<String> = rows.iter().map(|row| row.text("source_id")).collect();
        let known = imports::known(tx.conn(), system, &ids).await?;
        let (valid, errors) = checked(&desk, &rows, &known);
        let wanted = !query.dry_run && (errors.is_empty() || query.valid_rows_only);
        if wanted {
            for (source_id, sent) in &valid {
                take_over(tx, &desk, system, source_id, sent).await?;
            }
        }
        Ok(Reply::ok(ImportReport {
            rows: rows.len(),
            valid: valid.len(),
            registered: if wanted { valid.len() } else { 0 },
            known: rows.iter().filter(|row| is_known(&known, row)).count(),
            errors,
        }))
    });
    work.await
}

fn is_known(known: &BTreeSet<String>, row: &Row) -> bool {
    row.get("source_id").is_some_and(|id| known.contains(id))
}

/// The rows that are right and new, and what is wrong with the others.
fn checked<'a>(
    desk: &Desk<'_>,
    rows: &'a [Row],
    known: &BTreeSet<String>,
) -> (Vec<(&'a str, RegisterMatter)>, Vec<RowError>) {
    let (mut valid, mut errors, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in rows.iter().filter(|row| !is_known(known, row)) {
        let source_id = row.get("source_id").unwrap_or_default();
        if source_id.is_empty() || source_id.chars().count() > desk.policy.limits().name_max {
            errors.push(RowError::plain(
                row,
                "source_id",
                &intake::IMPORT_CELL_INVALID,
            ));
        } else if !seen.insert(source_id) {
            errors.push(RowError::plain(
                row,
                "source_id",
                &intake::IMPORT_ROW_REPEATED,
            ));
        } else {
            match check(desk, row) {
                Ok(sent) => valid.push((source_id, sent)),
                Err(error) => errors.push(error),
            }
        }
    }
    (valid, errors)
}

/// The registration a row stands for, when every rule of a registration holds.
fn check(desk: &Desk<'_>, row: &Row) -> Result<RegisterMatter, RowError> {
    let sent = registration(&desk.policy.intake().import, row)
        .map_err(|Unreadable(column)| RowError::plain(row, column, &intake::IMPORT_CELL_INVALID))?;
    match desk.check(&sent) {
        Ok(()) => Ok(sent),
        Err(refusal) => {
            let problem = Problem::from(refusal);
            let column = problem.pointer().and_then(column);
            Err(RowError::of(row, column, &problem))
        }
    }
}

async fn take_over(
    tx: &mut Tx,
    desk: &Desk<'_>,
    system: &str,
    source_id: &str,
    sent: &RegisterMatter,
) -> Result<(), Problem> {
    let case_id = tx.new_id();
    let (matter, _) = registering::register(tx, desk, case_id, sent).await?;
    imports::note(tx, system, source_id, matter.id);
    Ok(())
}

/// The whole body, up to a limit.
async fn whole(
    mut content: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    limit: usize,
) -> Result<Vec<u8>, Problem> {
    let mut whole = Vec::new();
    while let Some(chunk) = content.next().await {
        let chunk = chunk.map_err(|_broken| {
            Problem::new(&common::BAD_REQUEST)
                .detail("文件未完整送达", "The file did not arrive whole")
        })?;
        if whole.len().saturating_add(chunk.len()) > limit {
            return Err(Problem::new(&intake::IMPORT_TOO_LARGE).detail(
                format!("文件不得超过 {limit} 字节"),
                format!("A file has at most {limit} bytes"),
            ));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_file_has_an_end() {
        let parts =
            || stream::iter([b"abc".as_slice(), b"de"].map(|part| Ok(Bytes::from_static(part))));
        assert_eq!(whole(parts(), 5).await.unwrap(), b"abcde");
        let refused = whole(parts(), 4)
            .await
            .map_err(|problem| problem.code().code);
        assert_eq!(refused, Err("import-too-large"));
    }
}
