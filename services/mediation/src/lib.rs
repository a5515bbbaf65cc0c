//! Mediation 调解: the register of organisations and mediators, proceedings, agreements, performance.
//!
//! - Proceeding: `consent_pending` → `mediating` → `agreed`, or one of `failed`, `refused`, `withdrawn`, `self_settled`.
//!   Nobody is mediated without the consent of every party (人民调解法 17).
//! - Agreement: `drafted` → `performing` with the last act it needs (人民调解法 29) → `performed` or `defaulted`;
//!   `lapsed` when the proceeding ended before.
//! - Obligation: `open` → `fulfilled` or `defaulted`.
//!
//! Events in: intake `matter.accepted` (the parties), triage `dispatch.signed` (orders to be worked on). Events out:
//! `organisation.registered`, `mediator.registered`, `mediation.*`, `agreement.*`, `performance.*`. Asks intake who of the
//! parties an account is; answers evaluation whether an account mediates a case.

mod answers;
mod api;
mod consumers;
pub mod domain;
mod moved;
pub mod routes;
mod schema;
mod store;

pub use chassis::db::json;

use chassis::{
    bus::{Answers, Bus, Subscriptions},
    config::ConfigError,
    db::Db,
    http::ServiceConfig,
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::CurrentPolicy;

/// The clock from opening to the parties' answers.
pub(crate) const CONSENT_CLOCK: &str = "mediation.consent";
/// The clock from the start to the end that the law sets.
pub(crate) const STATUTORY_CLOCK: &str = "mediation.statutory";
/// The clock of an obligation.
pub(crate) const PERFORMANCE_CLOCK: &str = "performance.obligation";

/// The service.
pub struct Mediation {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Mediation {
    const SERVICE: Service = Service::Mediation;

    fn migrations() -> EmbeddedMigrations {
        const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        Ok(Self {
            db: context.db,
            bus: context.bus,
            policy: context.policy,
        })
    }

    fn routes(routes: &mut ServiceConfig<'_>) {
        routes::configure(routes);
    }

    fn subscriptions() -> Subscriptions<Self> {
        consumers::subscriptions()
    }

    fn diagrams() -> Vec<Diagram> {
        vec![
            Diagram::of::<domain::proceeding::Proceeding>(),
            Diagram::of::<domain::agreement::Agreement>(),
            Diagram::of::<domain::obligation::Obligation>(),
        ]
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }

    async fn clock_moved(
        &self,
        tx: &mut chassis::db::Tx,
        clock: &chassis::clocks::MovedClock,
    ) -> Result<(), chassis::http::Problem> {
        moved::apply(tx, clock);
        Ok(())
    }
}
