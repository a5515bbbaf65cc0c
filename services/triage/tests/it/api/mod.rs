//! The operations, one file each.

mod decide_triage;
mod dispatch_case;
mod get_case;
mod get_order;
mod list_cases;
mod list_orders;
mod sign_order;
