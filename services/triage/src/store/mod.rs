//! Reading and writing the tables. Every read goes through the table's `visible`.

pub mod cases;
pub mod colour_changes;
pub mod consultations;
pub mod feedbacks;
pub mod order_acts;
pub mod orders;
pub mod organisations;
pub mod returns;
pub mod rosters;
pub mod supervisions;
pub mod task_forces;
pub mod urges;

use chassis::http::Scope;
use contracts::region::RegionCode;

/// `LIKE` pattern of everything in the caller's region.
fn within(scope: &Scope) -> String {
    format!("{}%", scope.region)
}

/// Regions above the caller's own whose cases it may see too: an organisation of a township can be given a case of its
/// county, and what limits it is its own id.
fn above(scope: &Scope) -> Vec<RegionCode> {
    match scope.organisation {
        Some(_) => scope.region.ancestors().collect(),
        None => Vec::new(),
    }
}
