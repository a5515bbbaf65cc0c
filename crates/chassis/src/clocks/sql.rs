//! The statements whose speed depends on an index; public for the bench and for the test that asks PostgreSQL for their plans.

use contracts::region::RegionCode;

use super::store::columns;
use crate::http::Scope;

/// Locks the clocks whose wake time has come: `$1` now, `$2` how many. One that another process holds is passed over.
pub const CLAIM: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM clocks WHERE wake_at <= $1 ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED"
);

/// Which of the open clocks a caller may see. Applicants see none: no role of theirs may read clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of the node.
    Node,
    /// Those of a region and all under it.
    Region,
    /// Those of an organisation; in its region, in those under it, and in those above it, which may entrust it with a case.
    Organisation,
}

impl Reach {
    /// How far a scope reaches at a node.
    #[must_use]
    pub fn of(node: &RegionCode, scope: &Scope) -> Self {
        match scope.organisation {
            Some(_) => Self::Organisation,
            None if scope.region.contains(node) => Self::Node,
            None => Self::Region,
        }
    }
}

/// A page of open clocks by their end: `$1`, `$2` end and id after which it begins, `$3` latest end, `$4` states, `$5` kind, `$6`
/// assignee (null = any), `$7` how many; within a region or organisation `$8`, `$9` the bounds of the region; within an
/// organisation `$10` which, `$11` the regions above.
#[must_use]
pub fn open_clocks(reach: Reach) -> String {
    let within = match reach {
        Reach::Node => "",
        Reach::Region => "AND region >= $8 AND region < $9",
        Reach::Organisation => {
            "AND organisation_id = $10 AND (region >= $8 AND region < $9 OR region = ANY ($11))"
        }
    };
    format!(
        "SELECT id, kind, rule, object_id, case_id, region, organisation_id, due_at, provisional, course, paused_at, pause_reason
         FROM clocks WHERE ended_at IS NULL AND (due_at, id) > ($1, $2) AND due_at <= $3 AND state = ANY ($4)
             AND ($5 IS NULL OR kind = $5) AND ($6 IS NULL OR assignee = $6) {within}
         ORDER BY due_at, id LIMIT $7"
    )
}
