//! A node with all under it, as bounds of a column of region codes. Unlike `LIKE`, bounds use an index whatever the plan.

use contracts::region::RegionCode;

/// The least text of the subtree, and the least above it: `source >= least AND source < above`.
#[must_use]
pub fn bounds(node: RegionCode) -> (String, String) {
    // `:` comes right after `9`.
    (node.to_string(), format!("{node}:"))
}
