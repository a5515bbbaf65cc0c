//! Federation 互联, the border desk: what goes between this node and the levels above and below.
//!
//! Every centre runs its own node. Facts of every case go up without personal data, so that each level counts the same
//! things; requests (上报、交办、督办 … 3-lifecycle 5.5) go both ways and are signed for. The engine is NATS: a node writes
//! to its own streams UP and DOWN, which parent and child read across the leaf link; this service checks, counts, asks
//! again for what is missing, and keeps the requests.
//!
//! Events in: every event of the node's own services; on UP and DOWN the messages of `contracts::border`.
//! Events out: `fact.received`, `request.changed`, `accountability.moved`, `case.adopted`.

pub mod routes;

use std::sync::Arc;

use chassis::{
    bus::Subscriptions,
    config::ConfigError,
    db::Db,
    http::ServiceConfig,
    service::{ServiceContext, ServiceModule},
};
use contracts::Service;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use policy::PolicyPack;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The service's state.
pub struct Federation {
    db: Db,
    policy: Arc<PolicyPack>,
}

impl ServiceModule for Federation {
    const SERVICE: Service = Service::Federation;

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
        Subscriptions::new()
    }
}
