//! Intake 受理: one window and every channel (IN-01, IN-08).
//!
//! A person brings a **matter** 诉求事项; the window registers it, then accepts, declines or answers it. Each matter opens
//! a **case**, whose public status and timeline the person can follow to the end.
//!
//! - States of a matter: `registered` → `accepted` | `not_accepted` | `answered` ([`domain::matter`], transitions 1, 3–5).
//! - Events out: `matter.registered`, `matter.accepted`, `matter.declined`, `matter.answered`.
//! - Events in: what every other service makes of the case, for its public status ([`domain::case`]); `case.adopted`: a case
//!   handed over by another node is registered here under the same ids.
//! - Questions answered: `matter_narrative`, `party_of_subject`, `case_parties`, `case_dossier`. Identities never travel in events.
//! - Clock: `matter.accept`, from registration to the window's decision.

mod answers;
mod api;
mod consumers;
pub mod domain;
pub mod routes;
mod schema;
mod store;

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

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The clock from registration to the window's decision.
pub(crate) const ACCEPT_CLOCK: &str = "matter.accept";

/// The service.
pub struct Intake {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Intake {
    const SERVICE: Service = Service::Intake;

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
        vec![Diagram::of::<domain::matter::Matter>()]
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }
}
