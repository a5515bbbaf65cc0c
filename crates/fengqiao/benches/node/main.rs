//! Speed and memory of a node.
//!
//! `make bench`, or `cargo bench -p fengqiao --bench node`. On an empty node, and on the same one filled with cases ([`seed`]):
//!
//! 1. whole lifecycles over HTTP by clients that wait for each answer ([`load`]): cases a second, times of the four steps,
//!    memory and processor time of `serve all`;
//! 2. in turns with that, pgbench with as many clients on the same server: the statements PostgreSQL logged for a lifecycle
//!    ([`recording`], [`script`]), while the node is held. The ratio says what the node costs beside its SQL;
//! 3. at half of the rate, on a schedule that does not wait: how long from a command until reporting shows it.
//!
//! Progress goes to stderr, tables to stdout, everything to `target/bench/report.json`. It asserts nothing. What can be set, by
//! environment variables, is in [`options`].

mod api;
mod lifecycle;
mod load;
mod measure;
mod node;
mod options;
mod people;
mod pgbench;
mod process;
mod recording;
mod report;
mod script;
mod seed;
mod seed_table;
mod sql_text;
mod statements;
mod tables;
mod world;

use std::{path::Path, process::ExitCode};

use anyhow::{Context as _, Result, bail};
use tokio::signal::unix::{SignalKind, signal};

use crate::{options::Options, report::Report};

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
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/bench");
    std::fs::create_dir_all(&directory)?;
    let directory = directory.canonicalize()?;
    let data = directory.join("data");
    if data.exists() {
        std::fs::remove_dir_all(&data).with_context(|| data.display().to_string())?;
    }
    std::fs::create_dir_all(&data)?;
    let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
    let report = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        // Leaving drops the servers, which stops them.
        tokio::select! {
            report = Box::pin(measure::all(options, &data)) => report,
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                bail!("interrupted")
            }
            _ = terminate.recv() => bail!("terminated"),
        }
    })?;
    if !options.keep {
        std::fs::remove_dir_all(&data)?;
    }
    print(&report, &directory)
}

#[expect(clippy::print_stdout, reason = "what the bench is for")]
fn print(report: &Report, directory: &Path) -> Result<()> {
    println!("{}", tables::text(report)?);
    let file = directory.join("report.json");
    std::fs::write(&file, serde_json::to_string_pretty(report)?)?;
    println!("{}", file.display());
    Ok(())
}
