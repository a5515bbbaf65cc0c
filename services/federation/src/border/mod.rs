//! The streams between nodes: who may send what, and how they are shaped.

mod desk;
mod guard;
mod keys;
mod sign;

pub use desk::Desk;
pub use guard::{from_above, from_below};
