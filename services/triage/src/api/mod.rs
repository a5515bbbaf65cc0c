//! The operations, one file each.

pub mod approve_return;
pub mod ask_return;
pub mod assist_case;
pub mod close_supervision;
pub mod decide_triage;
pub mod designate_case;
pub mod dispatch_case;
pub mod get_case;
pub mod get_order;
pub mod get_supervision;
pub mod hand_over_case;
pub mod history_views;
pub mod list_cases;
pub mod list_orders;
pub mod list_supervisions;
pub mod recall_order;
pub mod reject_return;
pub mod reply_supervision;
pub mod report_up_order;
pub mod sign_order;
pub mod supervise_case;
pub mod supervision_views;
pub mod urge_case;
pub mod views;
