//! What follows from the clocks, and what sets them going again.

pub mod expire_application;
pub mod lapse_effect;
pub mod lapse_supplement;
pub mod move_window;
pub mod reopen_window;
