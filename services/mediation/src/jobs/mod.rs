//! What follows when a clock runs out.

pub mod expire_choice;
