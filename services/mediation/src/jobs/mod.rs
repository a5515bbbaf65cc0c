//! What follows when a clock warns or runs out.

pub mod end_overdue;
pub mod end_pause;
pub mod expire_choice;
pub mod urge_performance;
