//! Comparing this node's facts with its children's (对账): for `fengqiao reconcile`.

use chassis::{
    db::{Cause, Db, Tx},
    http::Problem,
};
use chrono::NaiveDate;
use contracts::{
    border::{AuditAnswered, AuditAsked},
    ids::{AuditId, CaseId, EventId},
    region::RegionCode,
};

use crate::store::{audits, nodes, sent};

/// The children that are linked.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn children(db: &Db) -> Result<Vec<RegionCode>, Problem> {
    let mut conn = db.read().await?;
    nodes::children(&mut conn).await
}

/// What is compared.
#[derive(Debug, Clone)]
pub struct Scope {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Of this node only.
    pub node: Option<RegionCode>,
    /// Of this kind only.
    pub kind: Option<String>,
    /// Ids after this one only: they come in pages.
    pub after: Option<EventId>,
}

/// Asks a child what it has; the answer comes over the link.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn ask(db: &Db, child: RegionCode, scope: &Scope) -> Result<AuditId, Problem> {
    db.tx("audit", &Cause::new(db.time()), async |tx: &mut Tx| {
        let audit_id: AuditId = tx.new_id();
        audits::asked(tx, audit_id, child);
        let about: CaseId = tx.new_id();
        tx.send_down(child, about, &question(audit_id, scope))?;
        Ok(audit_id)
    })
    .await
}

/// The child's answer, when it has come.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn answer(db: &Db, id: AuditId) -> Result<Option<AuditAnswered>, Problem> {
    let mut conn = db.read().await?;
    audits::answer(&mut conn, id).await
}

/// Sends something up that changes nothing at the node above: an answer nobody has asked for, which every release takes. Gives what
/// it is about.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn call_up(db: &Db) -> Result<CaseId, Problem> {
    let cause = Cause::new(db.time());
    db.tx("call_up", &cause, async |tx: &mut Tx| {
        let about: CaseId = tx.new_id();
        let nothing = AuditAnswered {
            audit_id: tx.new_id(),
            rows: Vec::new(),
            ids: Vec::new(),
            more: false,
        };
        tx.send_up(about, &nothing)?;
        Ok(about)
    })
    .await
}

/// Whether the node above has confirmed what was sent about it.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn is_confirmed(db: &Db, about: CaseId) -> Result<bool, Problem> {
    let mut conn = db.read().await?;
    sent::is_confirmed(&mut conn, about).await
}

/// What this node has of the same.
///
/// # Errors
/// `unavailable` when PostgreSQL is.
pub async fn own(db: &Db, child: RegionCode, scope: &Scope) -> Result<AuditAnswered, Problem> {
    let asked = question(db.time().id(), scope);
    let mut conn = db.read().await?;
    audits::own(&mut conn, &asked, child).await
}

fn question(audit_id: AuditId, scope: &Scope) -> AuditAsked {
    AuditAsked {
        audit_id,
        from: scope.from,
        to: scope.to,
        node: scope.node,
        kind: scope.kind.clone(),
        after: scope.after,
    }
}
