//! What operators and orchestrators ask: alive? ready? how much?

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use futures_util::future::join_all;
use serde::Serialize;

use super::permit::Gate;
use super::problem::Problem;
use crate::telemetry::metrics;

type Check =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// The checks that decide whether this process should get requests. Cheap to clone.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Arc<RwLock<Vec<(String, Check)>>>,
}

/// The outcome of one check. Says which, never why: the reason is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Its name: `intake.database`.
    pub name: String,
    /// `ok`, `failing` or `timed_out`.
    pub status: &'static str,
}

#[derive(Serialize)]
struct ReadyReport {
    status: &'static str,
    checks: Vec<CheckReport>,
}

impl Readiness {
    /// Adds a check. It must be quick: it runs whenever the orchestrator asks.
    pub fn register<F, R, E>(&self, name: impl Into<String>, check: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let boxed: Check = Arc::new(move || {
            let running = check();
            Box::pin(async move { running.await.map_err(|error| error.to_string()) })
        });
        self.checks
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push((name.into(), boxed));
    }

    /// Runs every check at once, each for at most `limit`.
    pub async fn report(&self, limit: std::time::Duration) -> Vec<CheckReport> {
        let checks = self
            .checks
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let runs = checks.into_iter().map(|(name, check)| async move {
            let status = match tokio::time::timeout(limit, check()).await {
                Ok(Ok(())) => "ok",
                Ok(Err(error)) => {
                    tracing::warn!(check = name, error, "not ready");
                    "failing"
                }
                Err(_elapsed) => {
                    tracing::warn!(check = name, "not ready: the check timed out");
                    "timed_out"
                }
            };
            CheckReport { name, status }
        });
        join_all(runs).await
    }
}

/// Set when the process was asked to stop: a balancer should send nothing more.
pub(super) struct Stopping(pub(super) tokio_util::sync::CancellationToken);

/// `/livez`: the process answers. Nothing else is looked at, or a slow database would get every process killed.
async fn livez() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "live" }))
}

/// `/readyz`: 200 when every check passes, else 503; each with its status.
async fn readyz(
    gate: web::Data<Gate>,
    readiness: web::Data<Readiness>,
    stopping: web::Data<Stopping>,
) -> HttpResponse {
    let checks = readiness.report(gate.config.ready_timeout).await;
    let status = match () {
        () if stopping.0.is_cancelled() => "stopping",
        () if checks.iter().all(|check| check.status == "ok") => "ready",
        () => "not_ready",
    };
    let report = ReadyReport { status, checks };
    if status == "ready" {
        HttpResponse::Ok().json(report)
    } else {
        HttpResponse::ServiceUnavailable().json(report)
    }
}

/// `/metrics` in the format of Prometheus.
async fn read_metrics() -> Result<HttpResponse, Problem> {
    let text = metrics().text().map_err(Problem::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .body(text))
}

/// The three routes. They take no token: they are for the inside of a node and carry nothing about persons.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/livez").route(web::get().to(livez)))
        .service(web::resource("/readyz").route(web::get().to(readyz)))
        .service(web::resource("/metrics").route(web::get().to(read_metrics)));
}
