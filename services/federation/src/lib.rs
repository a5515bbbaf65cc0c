//! Federation 互联, the border desk: what goes between this node and the levels above and below.
//!
//! Every centre runs its own node. Facts of every case go up without personal data, so that each level counts the same
//! things; requests (上报、交办、督办 …) go both ways and are signed for. The engine is NATS: a node writes
//! to its own streams UP and DOWN, which parent and child read across the leaf link; this service checks, counts, asks
//! again for what is missing, and keeps the requests.
//!
//! Events in: every event of the node's own services; on UP and DOWN the messages of `contracts::border`.
//! Events out: `fact.received`, `request.changed`, `accountability.moved`, `case.adopted`,
//! `policy.adopted`.

mod answers;
mod api;
pub mod audits;
mod border;
pub mod consumers;
mod desk;
pub mod domain;
mod jobs;
pub mod links;
mod outgoing;
pub mod routes;
mod schema;
mod sealing;
mod sending;
mod store;
mod work;

use std::sync::Arc;

use border::Desk;
use chassis::{
    bus::{Answers, Border, Bus, BusError, Subscriptions},
    config::{Config, ConfigError, FederationConfig},
    db::{Db, Outbox},
    http::ServiceConfig,
    service::{ServiceContext, ServiceModule, Work},
};
use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::{CurrentPolicy, PackFiles};
use sealing::Sealing;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state.
pub struct Federation {
    db: Db,
    bus: Bus,
    policy: CurrentPolicy,
    policy_files: Arc<PackFiles>,
    desk: Desk,
    sealing: Sealing,
    settings: FederationConfig,
    config: Arc<Config>,
}

impl ServiceModule for Federation {
    const SERVICE: Service = Service::Federation;

    fn migrations() -> EmbeddedMigrations {
        MIGRATIONS
    }

    fn new(context: ServiceContext) -> Result<Self, ConfigError> {
        let desk = Desk::open(&context.config, *context.db.node())
            .map_err(|error| ConfigError::value("federation.directory", error))?;
        let sealing = Sealing::open(&context.config, &desk)?;
        Ok(Self {
            db: context.db,
            bus: context.bus,
            policy: context.policy,
            policy_files: context.policy_files,
            desk,
            sealing,
            settings: context.config.federation.clone(),
            config: context.config,
        })
    }

    fn routes(routes: &mut ServiceConfig<'_>) {
        routes::configure(routes);
    }

    fn subscriptions() -> Subscriptions<Self> {
        consumers::local()
    }

    fn answers() -> Answers<Self> {
        answers::answers()
    }

    fn diagrams() -> Vec<Diagram> {
        vec![Diagram::of::<domain::Request>()]
    }

    async fn borders(&self) -> Result<Vec<Border<Self>>, BusError> {
        let Some((up, down)) = self.desk.connect(&self.config).await? else {
            return Ok(Vec::new());
        };
        // Before the first message comes, which nobody could judge otherwise.
        work::read_members(self)
            .await
            .map_err(|problem| BusError::Database(problem.to_string()))?;
        // Before the first fact leaves, which nobody above could judge otherwise.
        work::announce(self)
            .await
            .map_err(|problem| BusError::Database(problem.to_string()))?;
        Ok(vec![
            Border {
                bus: up,
                outbox: Outbox::Up,
                subscriptions: consumers::from_below(),
            },
            Border {
                bus: down,
                outbox: Outbox::Down,
                subscriptions: consumers::from_above(),
            },
        ])
    }

    const WORK: Option<Work<Self>> = Some(work::run);
}
