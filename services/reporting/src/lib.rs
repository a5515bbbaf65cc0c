//! Reporting 研判: the ledger 台账, the timeline of a case, statistics and indicators.
//!
//! Owns no state of a case. Applies every event of the node and, from the border desk, every fact of the nodes below (events
//! in: all): each is kept once in the event log, and what it says about a case is merged into the case's row of the ledger. [`domain::entry`] says how, so
//! that the order of arrival does not matter and [`rebuild`] gives the same numbers again.
//!
//! Numbers are counted over the cases accepted in a period of Asia/Shanghai days. Every table reconciles: its total is
//! the sum of its parts and the residual (RP-10). Settled/received and settled/concluded are two figures, never one.
//!
//! A period that has ended is closed 结账 (event out: `period.closed`): its numbers are kept version by version with a digest
//! ([`domain::snapshot`]), and a level above names every difference between a child's report and its own count
//! ([`domain::comparison`]). Counts and digests of each node's facts, day by day, show what is missing where.

use chassis::{
    bus::{Answers, Subscriptions},
    config::ConfigError,
    db::Db,
    http::ServiceConfig,
    service::{ServiceContext, ServiceModule},
};
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::CurrentPolicy;

mod answers;
pub mod api;
mod closing;
pub mod consumers;
pub mod domain;
mod rebuild;
pub mod routes;
mod store;

pub use rebuild::rebuild;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state.
pub struct Reporting {
    /// Its schema.
    pub db: Db,
    /// Names, column sets, formulas.
    pub policy: CurrentPolicy,
}

impl ServiceModule for Reporting {
    const SERVICE: Service = Service::Reporting;

    fn migrations() -> EmbeddedMigrations {
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        Ok(Self {
            db: context.db,
            policy: context.policy,
        })
    }

    fn routes(routes: &mut ServiceConfig<'_>) {
        routes::configure(routes);
    }

    fn subscriptions() -> Subscriptions<Self> {
        consumers::subscriptions()
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }
}
