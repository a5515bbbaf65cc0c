//! Evaluation 评价: when the work on a case has ended, it is visited (回访), rated (评价) and closed with feedback to the
//! person (办结).
//!
//! States of a case here: `open` → `follow_up` → `closed`; `merged` when it goes on in another. States of a follow-up:
//! `planned` → `done`.
//!
//! In: `matter.registered`, `matter.answered`, `case.reopened`, `case.merged`, `case.parties_changed`, `petition.ended` (intake),
//! `triage.decided`, `risk.changed`, `dispatch.completed`, `dispatch.reworked` (triage), `mediation.ended`, `performance.fulfilled`,
//! `performance.defaulted` (mediation).
//! Out: `follow_up.scheduled`, `follow_up.done`, `rating.given`, `case.closed`.
//! Clocks: `followup.visit`, `case.close`.

use chassis::{
    bus::{Bus, Subscriptions},
    config::ConfigError,
    db::Db,
    http::ServiceConfig,
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::CurrentPolicy;

mod api;
mod consumers;
pub mod domain;
mod moved;
mod planning;
pub mod routes;
mod schema;
mod store;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state, shared by handlers and consumers.
pub struct Evaluation {
    /// Its schema.
    pub db: Db,
    /// Its connection to the bus.
    pub bus: Bus,
    /// The node's policy pack.
    pub policy: CurrentPolicy,
}

impl ServiceModule for Evaluation {
    const SERVICE: Service = Service::Evaluation;

    fn migrations() -> EmbeddedMigrations {
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
            Diagram::of::<domain::case::Case>(),
            Diagram::of::<domain::follow_up::FollowUp>(),
        ]
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
