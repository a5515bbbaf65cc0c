//! Whole nodes under test: the real program with its own database and message server, as one process or as seven, and the
//! people who use it through its public API.
//!
//! [`node`] starts and breaks it, [`client`] talks to it, [`cast`] are the people, [`flow`] is the way of a case. [`scenario`] has the
//! steps of a case as the law names them, on a day that the test sets.

pub mod cast;
pub mod client;
pub mod collector;
pub mod flow;
pub mod node;
mod process;
mod program;
pub mod reconciled;
pub mod scenario;
pub mod stored;

pub use client::Api;
pub use node::{Mode, Settings, TestNode};
pub use program::program;
