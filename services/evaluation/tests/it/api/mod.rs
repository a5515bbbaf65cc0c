//! The operations.

mod close_case;
mod complete_follow_up;
mod get_evaluation;
mod list_follow_ups;
mod rate_case;
