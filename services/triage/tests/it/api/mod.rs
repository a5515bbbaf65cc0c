//! The operations, one file each.

mod change_risk;
mod consultations;
mod decide_triage;
mod dispatch_case;
mod get_case;
mod get_order;
mod give_feedback;
mod hand_over_case;
mod list_cases;
mod list_orders;
mod return_order;
mod sign_order;
mod supervise_case;
mod task_forces;
