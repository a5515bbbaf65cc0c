//! Tables `file_documents` and `case_files`.

use chassis::{db::Tx, http::Problem};
use contracts::ids::CaseId;
use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _,
    dsl::exists, select,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::{
    domain::{
        case_file::{CaseFile, FileDocument},
        public_fact::PublicFact,
    },
    schema::{case_files, file_documents, timeline},
};

/// The index of a case's file, in its order.
pub async fn documents(
    conn: &mut AsyncPgConnection,
    case: CaseId,
) -> Result<Vec<FileDocument>, Problem> {
    let query = file_documents::table
        .filter(file_documents::case_id.eq(case))
        .order(file_documents::position);
    Ok(query.select(FileDocument::as_select()).load(conn).await?)
}

/// Adds a document.
pub async fn add(tx: &mut Tx, document: &FileDocument) -> Result<(), Problem> {
    diesel::insert_into(file_documents::table)
        .values(document)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Stores a line as it is right.
pub async fn replace(tx: &mut Tx, document: &FileDocument) -> Result<(), Problem> {
    let line = file_documents::table.find((document.case_id, document.position));
    diesel::update(line)
        .set(document)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The archived file, once it is.
pub async fn find(conn: &mut AsyncPgConnection, case: CaseId) -> Result<Option<CaseFile>, Problem> {
    let query = case_files::table.find(case).select(CaseFile::as_select());
    Ok(query.first(conn).await.optional()?)
}

/// Stores an archived file.
pub async fn insert(tx: &mut Tx, file: &CaseFile) -> Result<(), Problem> {
    diesel::insert_into(case_files::table)
        .values(file)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whether the parties of a case reached an agreement.
pub async fn agreed(conn: &mut AsyncPgConnection, case: CaseId) -> Result<bool, Problem> {
    let facts = [
        PublicFact::Agreed,
        PublicFact::AgreementEffective,
        PublicFact::AgreementEffectiveOnly,
    ];
    let told = timeline::table
        .filter(timeline::case_id.eq(case))
        .filter(timeline::fact.eq_any(facts));
    Ok(select(exists(told)).get_result(conn).await?)
}
