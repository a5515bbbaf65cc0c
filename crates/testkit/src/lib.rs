//! What every test needs: databases, message servers, broken networks, tokens. Real servers, nothing simulated.
//!
//! ```no_run
//! # async fn demo() -> anyhow::Result<()> {
//! use testkit::{TestDatabase, TestIssuer, TestNats};
//!
//! let database = TestDatabase::empty().await?;
//! let nats = TestNats::start().await?;
//! let issuer = TestIssuer::new()?;
//! let token = issuer.token().roles(["window_clerk"]).region("620602").sign()?;
//! # let _ = (database.admin_url(), nats.url(), token);
//! # Ok(()) }
//! ```
//!
//! Nothing has to be running: the first test that asks for a database starts the shared PostgreSQL, see [`servers`].

pub mod centre;
pub mod http;
pub mod jwks;
pub mod machines;
pub mod nats;
pub mod postgres;
pub mod proxy;
pub mod servers;
pub mod service;
pub mod tokens;

pub use centre::TestCentre;
pub use jwks::JwksServer;
pub use nats::TestNats;
pub use postgres::{Template, TestDatabase, TestPostgres};
pub use proxy::ChaosProxy;
pub use service::TestService;
pub use tokens::{TestIssuer, TokenBuilder};
