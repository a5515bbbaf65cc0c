//! A node on this machine: private servers, a development issuer, reference data.

mod issuer;
mod node;
mod organisations;
mod up;

pub use node::{Keep, LocalNode};
pub use organisations::{Desk, local_court, register as register_organisations};
pub use up::up;
