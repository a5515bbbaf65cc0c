//! Private PostgreSQL and nats-server processes, for tests and for a node on a laptop.
//!
//! Each server runs on the loopback address, on a free port of its own, and touches nothing outside its directory. It ends
//! with the value that owns it, and with the process that started it even when that one is killed: the kernel delivers the
//! stop signal ([`process`]). Both can be killed and started again on the same port and data, which is what fault tests do.
//!
//! ```no_run
//! # async fn demo() -> Result<(), servers::Error> {
//! use servers::{NatsOptions, PostgresOptions, PrivateNats, PrivatePostgres};
//!
//! let mut postgres = PrivatePostgres::start(".data/postgres".as_ref(), PostgresOptions::default()).await?;
//! let mut nats = PrivateNats::start(".data/nats".as_ref(), NatsOptions::default()).await?;
//! let (_database, _bus) = (postgres.admin_url(), nats.url());
//! nats.stop().await?;
//! postgres.stop().await?;
//! # Ok(()) }
//! ```

mod account;
mod binaries;
mod cluster;
mod error;
mod nats;
mod ports;
mod postgres;
pub mod process;

pub use binaries::{nats_server, postgres_programs};
pub use cluster::{Auth, Cluster, PostgresOptions};
pub use error::Error;
pub use nats::{NatsOptions, PrivateNats};
pub use ports::free_port;
pub use postgres::PrivatePostgres;
