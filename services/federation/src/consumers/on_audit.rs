//! A level above compares its numbers with this node's; a node below answers.

use chassis::{db::Tx, http::Problem};
use contracts::{
    border::{AuditAnswered, AuditAsked},
    events::Envelope,
    ids::CaseId,
};

use crate::{Federation, store::audits};

/// Answers with what this node and those below it have sent.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn asked(
    state: &Federation,
    tx: &mut Tx,
    _: &Envelope,
    asked: AuditAsked,
) -> Result<(), Problem> {
    let within = state.desk.node();
    let answer = audits::own(tx.conn(), &asked, within).await?;
    let about: CaseId = tx.new_id();
    tx.send_up(about, &answer)
}

/// Keeps the answer.
///
/// # Errors
/// `internal` when it cannot be written as JSON.
pub fn answered(
    _: &Federation,
    tx: &mut Tx,
    envelope: &Envelope,
    answer: AuditAnswered,
) -> Result<(), Problem> {
    audits::answered(tx, envelope.source, &answer)
}
