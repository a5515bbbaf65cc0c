//! How large a tree of nodes can get: one server above, many servers below, linked over TLS as the product links them.
//!
//! `make bench-federation`, or `cargo bench -p accounts --bench federation`. It prints
//!
//! 1. the memory a child costs the server above, and what a server below needs itself;
//! 2. how fast what was published during a cut arrives (the server above is stopped meanwhile), as a ratio to what a server of
//!    the same configuration takes over from a stream of its own, and how long it waits before;
//! 3. how late a message is at a steady rate, on an open-loop schedule: a message that is due is sent, whatever happened to
//!    those before.
//!
//! Progress goes to stderr; a table and one line of JSON to stdout. It asserts nothing but that everything arrives, once.
//! What can be set, by environment variables, is in [`options`].

#![expect(
    clippy::disallowed_methods,
    reason = "the bench is a client of the server: it publishes, and reads the clock"
)]

mod catch_up;
mod fact;
mod lag;
mod local;
mod memory;
mod node;
mod options;
mod report;
mod tree;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use crate::options::Options;
use crate::report::Report;

fn main() -> ExitCode {
    match bench() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<()> {
    let options = Options::from_environment()?;
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    let report = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        // Leaving drops the servers, which stops them, and then their directories.
        tokio::select! {
            report = Box::pin(measure(options)) => report,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                bail!("interrupted")
            }
            _ = terminate.recv() => bail!("terminated"),
        }
    })?;
    report.print()
}

async fn measure(options: Options) -> Result<Report> {
    let (mut tree, memory) = Box::pin(memory::measure(&options)).await?;
    let catch_up = Box::pin(catch_up::measure(&mut tree, &options)).await?;
    let after = tree.hub.memory().await?;
    let lag = lag::measure(&tree, &options).await?;
    let stored = tree.hub.stored().await?;
    Ok(Report {
        version: tree.hub.version(),
        options,
        memory,
        after,
        catch_up,
        lag,
        stored,
    })
}
