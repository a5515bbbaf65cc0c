//! A service's pool of connections.

use std::{sync::Arc, time::Instant};

use contracts::{Service, problems::common, region::RegionCode};
use diesel::ConnectionError;
use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool},
    },
};
use futures_util::FutureExt as _;
use tokio::{runtime::Handle, sync::Notify};

use super::{DbUrl, SessionError};
use crate::{config::Config, http::Problem, telemetry::metrics, time::Time};

/// A service's database: its pool, its time and what its events are stamped with. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<AsyncPgConnection>,
    url: DbUrl,
    runtime: Handle,
    service: Service,
    node: RegionCode,
    time: Time,
    max_attempts: u32,
    committed: Notify,
}

/// How many connections there are.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    /// Open connections.
    pub size: usize,
    /// Those nobody uses.
    pub available: usize,
    /// Tasks waiting for one.
    pub waiting: usize,
}

impl Db {
    /// A pool for `service`. Nothing is connected yet. Must be called on the shared multi-thread runtime: connections are
    /// driven there, so that a busy HTTP worker never holds up another worker's query.
    ///
    /// # Errors
    /// When the configured address cannot be read.
    pub fn new(
        config: &Config,
        service: Service,
        node: RegionCode,
        time: Time,
    ) -> Result<Self, SessionError> {
        let runtime = Handle::current();
        let url = DbUrl::of_service(&config.database, service)?;
        let mut manager = ManagerConfig::default();
        manager.recycling_method = RecyclingMethod::Fast;
        let (opener, handle) = (url.clone(), runtime.clone());
        manager.custom_setup = Box::new(move |_| open_on(opener.clone(), handle.clone()).boxed());
        let pool = Pool::builder(AsyncDieselConnectionManager::new_with_config("", manager))
            .max_size(config.database.pool_size)
            .wait_timeout(Some(config.database.acquire_timeout))
            .create_timeout(Some(config.database.connect_timeout))
            .runtime(deadpool_runtime::Runtime::Tokio1)
            .build()
            .map_err(|e| SessionError::Connect(e.to_string()))?;
        let max_attempts = config.database.max_attempts.max(1);
        Ok(Self {
            inner: Arc::new(Inner {
                pool,
                url,
                runtime,
                service,
                node,
                time,
                max_attempts,
                committed: Notify::new(),
            }),
        })
    }

    /// The service whose schema this is.
    #[must_use]
    pub fn service(&self) -> Service {
        self.inner.service
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &RegionCode {
        &self.inner.node
    }

    /// Time and ids.
    #[must_use]
    pub fn time(&self) -> &Time {
        &self.inner.time
    }

    /// The shared runtime.
    #[must_use]
    pub fn runtime(&self) -> &Handle {
        &self.inner.runtime
    }

    /// How to open a connection outside the pool.
    #[must_use]
    pub fn url(&self) -> &DbUrl {
        &self.inner.url
    }

    /// Signalled when a transaction with events has committed.
    pub(crate) fn committed(&self) -> &Notify {
        &self.inner.committed
    }

    /// How often a transaction is tried.
    pub(super) fn max_attempts(&self) -> u32 {
        self.inner.max_attempts
    }

    /// How many connections there are.
    #[must_use]
    pub fn status(&self) -> PoolStatus {
        let status = self.inner.pool.status();
        PoolStatus {
            size: status.size,
            available: status.available,
            waiting: status.waiting,
        }
    }

    /// A connection for reading. It is not in a transaction.
    ///
    /// # Errors
    /// `unavailable` when none can be had in time.
    pub async fn read(&self) -> Result<Object<AsyncPgConnection>, Problem> {
        let asked = Instant::now();
        let got = self.inner.pool.get().await;
        metrics().db_pool_wait(self.inner.service.as_str(), asked.elapsed());
        got.map_err(|e| {
            Problem::new(&common::UNAVAILABLE).internal(format!("connection pool: {e}"))
        })
    }

    /// Whether the database answers now.
    ///
    /// # Errors
    /// `unavailable` when it does not.
    pub async fn ping(&self) -> Result<(), Problem> {
        let mut conn = self.read().await?;
        diesel_async::RunQueryDsl::execute(diesel::sql_query("SELECT 1"), &mut conn).await?;
        Ok(())
    }
}

/// Opens a connection with its driver on `runtime`.
async fn open_on(url: DbUrl, runtime: Handle) -> diesel::ConnectionResult<AsyncPgConnection> {
    let bad = |e: String| ConnectionError::BadConnection(e);
    let opened = runtime.spawn(async move {
        let (client, connection) = url.open().await.map_err(|e| e.to_string())?;
        AsyncPgConnection::try_from_client_and_connection(client, connection)
            .await
            .map_err(|e| e.to_string())
    });
    opened.await.map_err(|e| bad(e.to_string()))?.map_err(bad)
}
