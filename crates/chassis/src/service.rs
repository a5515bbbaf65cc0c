//! What a service is: its schema, its routes, the events it applies, the questions it answers, its clocks.

use std::sync::Arc;

use contracts::{Service, lifecycle::Diagram};
use diesel_migrations::EmbeddedMigrations;
use futures_util::future::LocalBoxFuture;
use policy::{CurrentPolicy, PackFiles};
use tokio_util::sync::CancellationToken;

use crate::{
    bus::{Answers, Border, Bus, BusError, Subscriptions},
    clocks::{DueClock, MovedClock, list_clocks},
    config::{Config, ConfigError},
    db::{Db, ServiceSchema, Tx},
    http::{Problem, ServiceConfig},
    upper_policy,
};

/// What a service is given at its start.
#[derive(Clone)]
pub struct ServiceContext {
    /// Its schema.
    pub db: Db,
    /// Its connection to the bus.
    pub bus: Bus,
    /// The policy pack in force.
    pub policy: CurrentPolicy,
    /// The files it is built from, without what a superior has handed down.
    pub policy_files: Arc<PackFiles>,
    /// The node's configuration.
    pub config: Arc<Config>,
}

/// What a service does of its own accord until the stop.
pub type Work<S> = fn(Arc<S>, CancellationToken) -> LocalBoxFuture<'static, ()>;

/// A business service. The implementing type is its state, shared by handlers, consumers and jobs.
#[expect(
    async_fn_in_trait,
    reason = "hooks run on the service's own thread; no Send bound is wanted"
)]
pub trait ServiceModule: Send + Sync + Sized + 'static {
    /// Which service.
    const SERVICE: Service;

    /// Its own migrations, embedded.
    fn migrations() -> EmbeddedMigrations;

    /// Its state.
    ///
    /// # Errors
    /// When its section of the configuration cannot be read.
    fn new(context: ServiceContext) -> Result<Self, ConfigError>;

    /// Its paths: the table of contents in `routes.rs`.
    fn routes(routes: &mut ServiceConfig<'_>);

    /// The events it applies of its own.
    fn subscriptions() -> Subscriptions<Self>;

    /// The events it applies, and those that the chassis applies for every service.
    #[must_use]
    fn consumes() -> Subscriptions<Self> {
        let subscriptions = Self::subscriptions();
        // The border desk keeps what was handed down before it says so.
        if Self::SERVICE == Service::Federation {
            return subscriptions;
        }
        subscriptions.note(Service::Federation, upper_policy::apply)
    }

    /// The questions it answers.
    #[must_use]
    fn answers() -> Answers<Self> {
        Answers::new()
    }

    /// Its objects with states, drawn for the docs.
    #[must_use]
    fn diagrams() -> Vec<Diagram> {
        Vec::new()
    }

    /// The streams between nodes it writes and reads; only the border desk has any.
    ///
    /// # Errors
    /// When their account on the bus cannot be reached.
    async fn borders(&self) -> Result<Vec<Border<Self>>, BusError> {
        Ok(Vec::new())
    }

    /// What it does of its own accord until the stop, on a thread of its own.
    const WORK: Option<Work<Self>> = None;

    /// What follows when one of its clocks ran out, in the transaction that notes it.
    ///
    /// # Errors
    /// A problem leaves the clock running and it is tried again.
    async fn clock_breached(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        _ = (tx, clock);
        Ok(())
    }

    /// What follows when an announced year, or the time its case was elsewhere, moved one of its clocks, in the transaction that notes
    /// it: the service puts right the copies of the end it keeps.
    ///
    /// # Errors
    /// A problem leaves the clock as it was and it is tried again.
    async fn clock_moved(&self, tx: &mut Tx, clock: &MovedClock) -> Result<(), Problem> {
        _ = (tx, clock);
        Ok(())
    }

    /// What follows when one of its clocks warns, before its end or after it, in the transaction that notes it.
    ///
    /// # Errors
    /// A problem leaves the warning to be given and it is tried again.
    async fn clock_warned(&self, tx: &mut Tx, clock: &DueClock) -> Result<(), Problem> {
        _ = (tx, clock);
        Ok(())
    }

    /// Its paths, and those that every service has.
    fn all_routes(routes: &mut ServiceConfig<'_>) {
        Self::routes(routes);
        routes.service(list_clocks);
    }

    /// Its schema, for `migrate`.
    #[must_use]
    fn schema() -> ServiceSchema {
        ServiceSchema {
            service: Self::SERVICE,
            migrations: Self::migrations,
        }
    }
}
