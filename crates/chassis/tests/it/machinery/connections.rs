//! Connections are driven by the shared runtime, not by the worker that opened them.

use std::{sync::mpsc, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use chassis::db::Db;
use testkit::TestService;

use super::Service;

/// Asks the database from a worker with a runtime of its own, as an HTTP worker has.
fn ask(db: &Db) -> Result<()> {
    let worker = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let asked = async { tokio::time::timeout(Duration::from_secs(10), db.ping()).await };
    worker
        .block_on(asked)?
        .map_err(|problem| anyhow!("{problem:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_busy_holds_up_no_other() -> Result<()> {
    let service: Service = TestService::start_with(|config| config.database.pool_size = 1).await?;
    let db = service.db()?;
    let (opened, is_open) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let of_busy = db.clone();
    let busy = std::thread::spawn(move || {
        let worker = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        worker.block_on(async {
            let asked = of_busy
                .ping()
                .await
                .map_err(|problem| anyhow!("{problem:?}"));
            opened.send(asked.is_ok())?;
            // Blocks this worker, and everything its runtime would do.
            _ = released.recv();
            asked
        })
    });
    let of_other = db.clone();
    let other = tokio::task::spawn_blocking(move || {
        anyhow::ensure!(is_open.recv()?, "no connection");
        ask(&of_other)
    });
    other
        .await?
        .context("the connection that the busy worker opened")?;
    assert_eq!(db.status().size, 1, "the same connection");
    release.send(())?;
    busy.join().map_err(|_| anyhow!("panicked"))?
}
