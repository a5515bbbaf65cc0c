//! Tasks of a process and its two-stage stop.
//!
//! A *soft* stop asks: no new requests or events, finish what is under way. A *hard* stop drops what is left. SIGTERM or
//! SIGINT asks for a soft stop, the second one or the end of the grace period for a hard one. A background task that
//! ends with an error or a panic stops the whole process with an error: a process that only looks alive helps nobody.

use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Time for tasks to be dropped after a hard stop. A thread that blocks longer is left behind.
const LAST_WAIT: Duration = Duration::from_secs(2);

/// Why a process ended other than by being asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleError {
    /// A background task failed.
    #[error("the task {task} failed: {message}")]
    TaskFailed {
        /// Its name.
        task: &'static str,
        /// Its error or panic.
        message: String,
    },
    /// Work under way was not finished within the grace period and was dropped.
    #[error("the stop was forced; work under way was dropped")]
    Forced,
    /// The signal handlers could not be installed.
    #[error("cannot receive signals: {0}")]
    Signals(String),
}

/// The tasks of one process (or, in tests, of one of several nodes in a process). Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    failure: Mutex<Option<LifecycleError>>,
}

impl Lifecycle {
    /// A lifecycle without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancelled when the process should take nothing new and finish.
    #[must_use]
    pub fn soft(&self) -> &CancellationToken {
        &self.inner.soft
    }

    /// Cancelled when what is left is dropped. Tasks need not watch it.
    #[must_use]
    pub fn hard(&self) -> &CancellationToken {
        &self.inner.hard
    }

    /// Asks every task to finish.
    pub fn stop(&self) {
        self.inner.soft.cancel();
    }

    /// Drops every task.
    pub fn kill(&self) {
        self.inner.soft.cancel();
        self.inner.hard.cancel();
    }

    /// Runs a task on the shared runtime. It should watch [`soft`](Self::soft); its error or panic ends the process, its
    /// plain end does not.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub fn spawn<F, E>(&self, name: &'static str, future: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Display + Send,
    {
        let this = self.clone();
        self.inner
            .tasks
            .spawn(async move { this.supervise(name, future).await });
    }

    /// Runs a task whose future stays on one thread (a consumer), on a thread of its own with its own runtime.
    /// `tokio::task::spawn_local` works inside.
    pub fn spawn_local_thread<M, F, E>(&self, name: &'static str, make: M)
    where
        M: FnOnce() -> F + Send + 'static,
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let this = self.clone();
        // Held by the thread: the tracker is empty only when the thread is done.
        let token = self.inner.tasks.token();
        let body = move || {
            let _token = token;
            match tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
            {
                Ok(runtime) => {
                    let local = tokio::task::LocalSet::new();
                    local.block_on(&runtime, async {
                        this.supervise(name, async { make().await }).await
                    });
                }
                Err(error) => this.fail(name, format!("no runtime: {error}")),
            }
        };
        if let Err(error) = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(body)
        {
            self.fail(name, format!("no thread: {error}"));
        }
    }

    /// Waits until everything has stopped: after a signal, [`stop`](Self::stop), or a task's failure. `grace` is the
    /// time between the soft and the hard stop.
    ///
    /// # Errors
    /// The first task that failed, or that the stop had to be forced. The process should end with a non-zero status.
    pub async fn run_until_stopped(&self, grace: Duration) -> Result<(), LifecycleError> {
        let mut signals = Signals::install()?;
        tokio::select! {
            () = self.inner.soft.cancelled() => {}
            name = signals.next() => tracing::info!(signal = name, "stopping; a second signal stops at once"),
        }
        self.stop();
        tokio::select! {
            result = self.wait(grace) => result,
            name = signals.next() => {
                tracing::warn!(signal = name, "stopping at once");
                self.wait(Duration::ZERO).await
            }
        }
    }

    /// Stops softly, waits for `grace`, then hard. For a node inside a test, which receives no signals.
    ///
    /// # Errors
    /// As [`run_until_stopped`](Self::run_until_stopped).
    pub async fn wait(&self, grace: Duration) -> Result<(), LifecycleError> {
        self.stop();
        self.inner.tasks.close();
        let in_time = tokio::time::timeout(grace, self.inner.tasks.wait())
            .await
            .is_ok();
        if !in_time {
            self.inner.hard.cancel();
            if tokio::time::timeout(LAST_WAIT, self.inner.tasks.wait())
                .await
                .is_err()
            {
                tracing::error!("a task did not let itself be dropped");
            }
        }
        let failure = self
            .inner
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match failure {
            Some(failure) => Err(failure),
            None if in_time => Ok(()),
            None => Err(LifecycleError::Forced),
        }
    }

    /// Runs a task until it ends or is dropped by a hard stop; the first failure stops the process.
    async fn supervise<F, E>(&self, name: &'static str, future: F)
    where
        F: Future<Output = Result<(), E>>,
        E: Display,
    {
        let ended = tokio::select! {
            () = self.inner.hard.cancelled() => return,
            ended = AssertUnwindSafe(future).catch_unwind() => ended,
        };
        match ended {
            Ok(Ok(())) => tracing::debug!(task = name, "task ended"),
            Ok(Err(error)) => self.fail(name, error.to_string()),
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
                self.fail(name, format!("panicked: {}", text.unwrap_or_default()));
            }
        }
    }

    fn fail(&self, task: &'static str, message: String) {
        tracing::error!(
            task,
            error = message,
            "a background task failed; the process stops"
        );
        let mut failure = self
            .inner
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert(LifecycleError::TaskFailed { task, message });
        drop(failure);
        self.stop();
    }
}

/// The two signals that ask a process to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn install() -> Result<Self, LifecycleError> {
        let install =
            |kind| signal(kind).map_err(|error| LifecycleError::Signals(error.to_string()));
        Ok(Self {
            terminate: install(SignalKind::terminate())?,
            interrupt: install(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
