//! The operations, one file each.

pub mod decide_triage;
pub mod dispatch_case;
pub mod get_case;
pub mod get_order;
pub mod list_cases;
pub mod list_orders;
pub mod sign_order;
pub mod views;
