//! Judicial confirmation 司法确认: the parties of a mediation agreement jointly ask a court to confirm it within 30 days of
//! its effect (民事诉讼法 205), and the court rules (民事诉讼法 206).
//!
//! States of an application: `await_other_party` → `joint_submitted` → `court_received` → `court_accepted` | `court_refused`
//! → `confirmed` | `dismissed`; also `withdrawn` and `expired`. The table is [`domain::application`].
//!
//! In: `agreement.effective` (mediation). Out: `confirmation.applied`, `.joint_completed`, `.court_received`, `.accepted`,
//! `.refused`, `.ruled`, `.withdrawn`, `.expired`. Clocks: `confirmation.apply`, `court.accept`, `court.confirm`.

use chassis::{
    bus::{Bus, Subscriptions},
    clocks::DueClock,
    config::ConfigError,
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::{CurrentPolicy, clock::BreachEffect};

mod access;
mod api;
mod consumers;
pub mod domain;
mod jobs;
pub mod routes;
mod schema;
mod store;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state, shared by handlers, consumers and jobs.
pub struct JudicialConfirmation {
    /// Its schema.
    pub db: Db,
    /// Its connection to the bus.
    pub bus: Bus,
    /// The node's policy pack.
    pub policy: CurrentPolicy,
}

impl ServiceModule for JudicialConfirmation {
    const SERVICE: Service = Service::JudicialConfirmation;

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
        vec![Diagram::of::<domain::application::Application>()]
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        if clock.kind == domain::clock::APPLY && clock.breach == BreachEffect::Expire {
            jobs::expire_application::run(tx, clock.object_id.into()).await?;
        }
        Ok(())
    }

    async fn clock_moved(
        &self,
        tx: &mut chassis::db::Tx,
        clock: &chassis::clocks::MovedClock,
    ) -> Result<(), chassis::http::Problem> {
        jobs::move_window::run(tx, clock);
        Ok(())
    }
}
