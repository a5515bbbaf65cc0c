//! Triage 分流: which type, route, track and colour a case has, and who gets it.
//!
//! The rules of the policy pack propose, with their reasons; a person decides, and both are kept (个人信息保护法 24). A
//! decided case is dispatched by an order, which the receiving organisation signs for.
//!
//! States of a case: `accepted`, `triaged`, `dispatched`, `signed`; of an order: `issued`, `signed`.
//! Events in: `matter.accepted` (intake), `organisation.registered` (mediation).
//! Events out: `triage.proposed`, `triage.decided`, `dispatch.issued`, `dispatch.signed`.
//! Clocks: `triage.decide` from the acceptance, `dispatch.sign` from the dispatch.

mod api;
mod clocks;
mod consumers;
pub mod domain;
pub mod routes;
mod schema;
mod store;

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

use consumers::{on_matter_accepted, on_organisation_registered};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state.
pub struct Triage {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
}

impl ServiceModule for Triage {
    const SERVICE: Service = Service::Triage;

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
        Subscriptions::new()
            .on(Service::Intake, on_matter_accepted::apply)
            .on(Service::Mediation, on_organisation_registered::apply)
            .on(Service::Mediation, on_organisation_registered::changed)
    }

    fn diagrams() -> Vec<Diagram> {
        vec![
            Diagram::of::<domain::TriageCase>(),
            Diagram::of::<domain::Order>(),
        ]
    }

    async fn clock_moved(
        &self,
        tx: &mut chassis::db::Tx,
        clock: &chassis::clocks::MovedClock,
    ) -> Result<(), chassis::http::Problem> {
        clocks::moved(tx, clock);
        Ok(())
    }
}
