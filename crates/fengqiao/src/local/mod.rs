//! A node on this machine: private servers, a development issuer, reference data.

mod federated;
mod issuer;
mod node;
mod organisations;
mod up;

pub use federated::{Federated, credentials, service_credentials};
pub use issuer::write_private;
pub use node::{Keep, LocalNode, LocalOptions, random_hex, start_postgres};
pub use organisations::{Desk, local_court, register as register_organisations};
pub use up::up;
