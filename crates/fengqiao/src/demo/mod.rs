//! `fengqiao demo`: a city's half year, over three levels. 武威 published for the first half of 2022 that its centres received
//! 3,436 disputes and settled 3,410 (its published summary). The demo brings as many real questions, some of them several times, through the public API
//! of its four counties; city and province count them, while links are cut and a county is killed. In the end all levels
//! must have the same numbers, and those must be the published ones. A second act plays one hard case.

mod api;
mod check;
mod disturb;
mod levels;
mod link;
mod matters;
mod memory;
mod persons;
mod play;
mod report;
mod requests;
mod second_act;
mod seen;
mod stages;
mod tree;

use std::{path::Path, time::Instant};

use anyhow::{Context as _, Result, ensure};
use chassis::telemetry;

pub use api::Api;

use play::Casts;
use second_act::SecondAct;
use tree::Tree;

/// Plays, checks, prints the table and writes the report; an error when any figure is not as published.
pub async fn run(data: &Path, report: &Path, every: usize) -> Result<()> {
    let mut logs = chassis::config::TelemetryConfig::default();
    "error".clone_into(&mut logs.log_filter);
    let _telemetry = telemetry::init(&logs, "fengqiao-demo", tree::CITY).context("telemetry")?;
    begin_anew(data)?;
    let mut tree = Tree::start(data).await?;
    let memory = memory::Peak::default();
    let played = tokio::select! {
        played = play_on(&mut tree, every) => played,
        never = memory.watch() => match never {},
    };
    tree.stop().await?;
    let (mut outcome, act) = played?;
    outcome.memory_mib = memory.mib();
    report::print(&outcome);
    if let Ok(act) = &act {
        second_act::print(act);
    }
    report::write(&outcome, act.as_ref().ok(), report)?;
    check::verdict(&outcome, every)?;
    second_act::verdict(&act.context("second act")?)
}

/// Empties what an earlier demo has left, also one of a release that did not mark its directory, and nothing else.
fn begin_anew(data: &Path) -> Result<()> {
    let ours = data.join("made-by-fengqiao-demo");
    let unmarked = data.join(tree::PROVINCE).is_dir() && data.join(tree::CITY).is_dir();
    let empty = data
        .read_dir()
        .map_or(true, |mut entries| entries.next().is_none());
    ensure!(
        empty || ours.exists() || unmarked,
        "{} holds other files: name a directory that the demo may empty",
        data.display()
    );
    let begun = || {
        if data.exists() {
            std::fs::remove_dir_all(data)?;
        }
        std::fs::create_dir_all(data)?;
        std::fs::write(&ours, "")
    };
    begun().with_context(|| format!("empty {}", data.display()))
}

/// Plays and checks on running nodes: the half year, and when it is counted the second act, which may fail by itself.
async fn play_on(tree: &mut Tree, every: usize) -> Result<(check::Outcome, Result<SecondAct>)> {
    let matters = matters::of_the_half_year(every)?;
    eprintln!(
        "{} matters at four counties of 武威; the nodes:",
        matters.len()
    );
    for node in tree.nodes() {
        let region = &node.config.node.region;
        eprintln!("  {region:6}  http://{}/docs/", node.address);
    }
    let started = Instant::now();
    let casts = Casts::gather(&tree.counties).await?;
    let cases = play::receive(&casts, &matters).await?;
    let mut requests = requests::play(tree, &cases).await?;
    let (cases, disturbed) = disturb::during(tree, play::mediate(&casts, cases)).await?;
    let played = play::finish(&casts, cases).await?;
    requests::finish(tree, &mut requests).await?;
    let outcome = check::check(tree, &played, requests, disturbed, started).await?;
    Ok((outcome, second_act::play(tree).await))
}
