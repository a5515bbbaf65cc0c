//! The rows: free functions over a connection, one file a table.
//!
//! A command loads its aggregate `FOR UPDATE`: two acts on one proceeding at the same time (both parties consent) wait for
//! each other instead of refusing one.

/// What of a table a caller may see: its region and all under it; its organisation's, when it is bound to one. Whether an
/// applicant is a party of the case is asked before ([`crate::api::own_party`]). Every read and every command uses it.
macro_rules! visible {
    ($table:ident, $scope:expr) => {{
        let scope: &chassis::http::Scope = $scope;
        let anyone =
            diesel::IntoSql::into_sql::<diesel::sql_types::Bool>(scope.organisation.is_none());
        let organisation = scope
            .organisation
            .unwrap_or_else(|| uuid::Uuid::nil().into());
        $table::region
            .like(format!("{}%", scope.region))
            .and($table::organisation_id.eq(organisation).or(anyone))
    }};
}

pub mod agreements;
pub mod mediators;
pub mod numbers;
pub mod obligations;
pub mod orders;
pub mod organisations;
pub mod proceedings;
pub mod records;
pub mod sessions;

use chassis::http::Problem;
use contracts::problems::common;

/// One row must have changed; otherwise somebody else was quicker.
fn changed_one(rows: usize) -> Result<(), Problem> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Problem::new(&common::STALE_VERSION))
    }
}
