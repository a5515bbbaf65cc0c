//! Judicial confirmation 司法确认: the parties of a mediation agreement jointly ask a court to confirm it within 30 days of
//! its effect (民事诉讼法 205), and the court rules (民事诉讼法 206).
//!
//! - Application: `preparing` → `await_other_party` → `joint_submitted` → `court_received` → `court_accepted` |
//!   `court_refused`; → `reviewing` → `confirmed` | `dismissed`; `supplement` while the court waits for what it asked for;
//!   `objection` against a confirmation → `confirmed` | `revoked`; also `withdrawn`, `court_withdrawn` and `expired`. A
//!   suspicion of sham mediation is an overlay. The table is [`domain::transitions`].
//! - Effect application: another way to give an agreement effect (notary, payment order, arbitration, court mediation paper):
//!   `await_other_party` → `submitted` → `accepted` | `refused` → `decided`; also `withdrawn`. What the ways are is the policy
//!   pack's ([`domain::effect`]).
//!
//! In: `agreement.effective`, `agreement.amended`, the telling that a sham is suspected or cleared, `organisation.registered`,
//! `performance.defaulted`, `performance.fulfilled` (mediation), `accountability.moved` (federation): while another node answers for a
//! case nothing is applied for (`case-elsewhere`), and what is before a court goes on. Out: `confirmation.*`, `effect.*`. Clocks: those
//! of [`domain::clock`], and those the ways to effect name.

use chassis::{
    bus::{Bus, Subscriptions},
    clocks::{DueClock, MovedClock},
    config::ConfigError,
    db::{Db, Tx},
    http::{Problem, ServiceConfig},
    service::{ServiceContext, ServiceModule},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::{CurrentPolicy, clock::BreachEffect};

mod api;
mod consumers;
pub mod domain;
mod jobs;
pub mod routes;
mod schema;
mod standstill;
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
        vec![
            Diagram::of::<domain::application::Application>(),
            Diagram::of::<domain::effect::EffectApplication>(),
        ]
    }

    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        match clock.kind.as_str() {
            domain::clock::APPLY if clock.breach == BreachEffect::Expire => {
                jobs::expire_application::run(tx, clock.object_id.into()).await
            }
            domain::clock::APPLY => Ok(()),
            domain::clock::SUPPLEMENT => jobs::lapse_supplement::run(tx, &self.policy, clock).await,
            _ => jobs::lapse_effect::run(tx, &self.policy, clock).await,
        }
    }

    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        jobs::move_window::run(tx, clock);
        Ok(())
    }
}
