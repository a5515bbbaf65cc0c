//! A process: one service or all of them, on one port. The same code either way; nothing is called in-process that would
//! go over the bus between processes.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use contracts::{Service, region::RegionCode};
use policy::{CurrentPolicy, PackFiles};

use crate::{
    bus::{self, Bus, BusError, Subscriptions},
    clocks::{self, ClockDesk},
    config::{Config, ConfigError},
    db::{Db, MigrateError, Outbox, SessionError, check_release},
    http::{Auth, AuthError, Readiness, Server, ServiceApi},
    lifecycle::Lifecycle,
    service::{ServiceContext, ServiceModule},
    time::Time,
    upper_policy::UpperPolicy,
};

/// Why a process could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The region code of the node.
    #[error("node.region: {0}")]
    Region(String),
    /// The policy pack.
    #[error("{0}")]
    Policy(String),
    /// PostgreSQL.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The schema.
    #[error(transparent)]
    Schema(#[from] MigrateError),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// The issuer's keys.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// The HTTP server.
    #[error("http: {0}")]
    Http(#[from] std::io::Error),
}

/// A process that is being put together.
pub struct Node {
    config: Arc<Config>,
    region: RegionCode,
    policy: Arc<PackFiles>,
    own_policy: CurrentPolicy,
    time: Time,
    lifecycle: Lifecycle,
    readiness: Readiness,
    server: Server,
}

impl Node {
    /// Reads region, policy pack and the issuer's keys. Must be called on the shared multi-thread runtime.
    ///
    /// # Errors
    /// An unknown region, a wrong policy pack, an issuer that cannot be configured.
    pub async fn new(config: Config, time: Time, lifecycle: Lifecycle) -> Result<Self, StartError> {
        let region: RegionCode = config
            .node
            .region
            .parse()
            .map_err(|e: contracts::region::RegionCodeError| StartError::Region(e.to_string()))?;
        let policy = PackFiles::read(config.policy.dir.as_deref());
        // Before anything is connected; with what a superior has handed down, again for each service.
        let own_policy = policy
            .pack(&region, None)
            .map_err(|e| StartError::Policy(e.to_string()))?;
        let readiness = Readiness::default();
        let auth = Auth::new(&config.auth).await?;
        let server = Server::new(&config.http, auth, readiness.clone());
        Ok(Self {
            config: Arc::new(config),
            region,
            policy: Arc::new(policy),
            own_policy: CurrentPolicy::new(own_policy),
            time,
            lifecycle,
            readiness,
            server,
        })
    }

    /// Adds a service: checks its schema, connects it, starts its relay, consumer, answers and clocks.
    ///
    /// # Errors
    /// A schema this release may not use, a bus that cannot be reached, a wrong section of the configuration.
    pub async fn add<S: ServiceModule>(mut self) -> Result<Self, StartError> {
        let service = S::SERVICE;
        let db = Db::new(&self.config, service, self.region, self.time.clone())?;
        check_release(db.url(), &S::schema()).await?;
        let bus = Bus::connect(&self.config.nats, service).await?;
        self.register_checks(service, &db, &bus);
        let policy = UpperPolicy::open(db.clone(), Arc::clone(&self.policy), &self.own_policy)
            .await
            .map_err(StartError::Policy)?;
        let context = ServiceContext {
            db: db.clone(),
            bus: bus.clone(),
            policy: policy.current(),
            policy_files: Arc::clone(&self.policy),
            config: Arc::clone(&self.config),
        };
        let state = Arc::new(S::new(context)?);
        let policy_in_force = policy.current();
        self.spawn_work(&state, &db, &bus, policy_in_force.clone());
        let follow = policy.follow(self.config.policy.poll_interval, self.lifecycle.clone());
        self.lifecycle.spawn("policy", follow);
        for border in state.borders().await? {
            self.spawn_relay(&db, &border.bus, border.outbox);
            self.spawn_consumer(&state, &db, &border.bus, move || border.subscriptions);
        }
        let desk = ClockDesk {
            db,
            policy: policy_in_force,
        };
        let api = ServiceApi::new(service, S::all_routes);
        self.server = self.server.service(api.state(state).state(Arc::new(desk)));
        Ok(self)
    }

    fn register_checks(&self, service: Service, db: &Db, bus: &Bus) {
        let (db, bus) = (db.clone(), bus.clone());
        self.readiness
            .register(format!("{service}.database"), move || {
                let db = db.clone();
                async move { db.ping().await }
            });
        self.readiness.register(format!("{service}.bus"), move || {
            let bus = bus.clone();
            async move { bus.check().await }
        });
    }

    fn spawn_work<S: ServiceModule>(
        &self,
        state: &Arc<S>,
        db: &Db,
        bus: &Bus,
        policy: CurrentPolicy,
    ) {
        let lifecycle = &self.lifecycle;
        self.spawn_relay(db, bus, Outbox::Events);
        lifecycle.spawn("notifier", bus::notify(db.clone(), lifecycle.clone()));
        self.spawn_consumer(state, db, bus, S::consumes);
        if let Some(work) = S::WORK {
            let (owned, stop) = (Arc::clone(state), lifecycle.soft().clone());
            lifecycle.spawn_local_thread("work", move || async move {
                work(owned, stop).await;
                Ok::<(), Infallible>(())
            });
        }
        let (owned, owned_bus, of_lifecycle) = (Arc::clone(state), bus.clone(), lifecycle.clone());
        lifecycle.spawn_local_thread("answers", move || {
            bus::answer(owned, S::answers(), owned_bus, of_lifecycle)
        });
        let (owned, owned_db, clocks) = (Arc::clone(state), db.clone(), self.config.clocks.clone());
        let of_lifecycle = lifecycle.clone();
        lifecycle.spawn_local_thread("clocks", move || {
            clocks::run(owned, owned_db, policy, clocks, of_lifecycle)
        });
    }

    fn spawn_relay(&self, db: &Db, bus: &Bus, outbox: Outbox) {
        let relay = bus::relay(
            db.clone(),
            bus.clone(),
            outbox,
            self.config.outbox.clone(),
            i32::try_from(self.config.node.epoch).unwrap_or(i32::MAX),
            self.lifecycle.clone(),
        );
        self.lifecycle.spawn("relay", relay);
        let (settings, lifecycle) = (self.config.outbox.clone(), self.lifecycle.clone());
        let sweep = bus::sweep(db.clone(), outbox, settings, lifecycle);
        self.lifecycle.spawn("sweep", sweep);
    }

    fn spawn_consumer<S: ServiceModule>(
        &self,
        state: &Arc<S>,
        db: &Db,
        bus: &Bus,
        subscriptions: impl FnOnce() -> Subscriptions<S> + Send + 'static,
    ) {
        let (state, db, bus) = (Arc::clone(state), db.clone(), bus.clone());
        let (config, lifecycle) = (self.config.consumers.clone(), self.lifecycle.clone());
        self.lifecycle.spawn_local_thread("consumer", move || {
            bus::consume(state, subscriptions(), db, bus, config, lifecycle)
        });
    }

    /// Opens the port and gives its address. The process then works until its lifecycle is stopped.
    ///
    /// # Errors
    /// When the port cannot be opened.
    pub fn start(self) -> Result<SocketAddr, StartError> {
        Ok(self.server.start(&self.lifecycle)?)
    }
}
