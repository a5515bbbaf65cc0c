//! Load test of a node, for the rollout gate: who comes when is decided beforehand ([`play`]), people with tokens ([`people`])
//! act through the public API ([`acts`]), times count from when something was due ([`attack`], [`hand`]), in the end every
//! case is looked for in reporting ([`cases`]), and thresholds decide ([`thresholds`]). Only listed test targets are touched
//! ([`targets`]).

pub mod acts;
pub mod attack;
pub mod cases;
pub mod hand;
pub mod kinds;
pub mod options;
pub mod people;
pub mod play;
pub mod report;
pub mod summary;
pub mod tally;
pub mod targets;
pub mod thresholds;
pub mod world;

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::{Context as _, Result, ensure};

use self::{
    hand::now,
    options::Options,
    people::People,
    play::Play,
    summary::Summary,
    targets::Targets,
    thresholds::{Measured, Thresholds},
    world::World,
};

/// Runs the test and writes its reports.
///
/// # Errors
/// It could not be run: the target is not listed, not ready, a file cannot be read, or the run was broken off.
pub async fn run(options: &Options) -> Result<Summary> {
    let play = Play::load(&options.play)?;
    let factors = [options.rate, options.length];
    ensure!(
        factors
            .iter()
            .all(|factor| *factor > 0.0 && factor.is_finite()),
        "--rate and --length are more than 0"
    );
    let play = play.scaled(options.rate, options.length);
    let thresholds = Thresholds::parse(&file_or(&options.thresholds, thresholds::BUILT_IN)?)
        .context("thresholds")?;
    let targets = Targets::parse(&file_or(&options.targets, targets::BUILT_IN)?)
        .context("list of test targets")?;
    let target = targets::address(&options.target)?;
    let people = People::read(&options.tokens, now() + play.length())?;
    targets.allow(&target, &people.issuer)?;

    let world = Arc::new(World::meet(target, people, Duration::from_secs(options.wait)).await?);
    std::fs::create_dir_all(&options.report)
        .with_context(|| options.report.display().to_string())?;
    let page = options.report.join("report.html");
    let began_at = now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    eprintln!(
        "{} at {}: {} visits in {} s, {} people with tokens",
        play.name,
        world.target,
        play.schedule().len(),
        play.length().as_secs(),
        world.people.count()
    );
    let hands = attack::run(&world, &play, &page).await?;
    let cases = world.all_cases();
    eprintln!("  comparing {} cases with reporting", cases.len());
    let patience = Duration::from_secs(options.patience);
    let compared = cases::compare(&world, &cases, patience).await?;

    let mut summary = Summary::new(&play, hands, &world.tally, compared);
    ensure!(
        summary.arrivals.begun > 0,
        "nobody came: rates or lengths are too small"
    );
    summary.target = world.target.to_string();
    summary.began_at = began_at;
    summary.thresholds = thresholds.judge(&Measured {
        play: &play,
        requests: &summary.requests,
        arrivals: &summary.arrivals,
        lag: summary.lag_to_reporting,
        compared: &summary.compared,
    });
    summary.passed = summary.thresholds.iter().all(|check| check.holds);
    report::complete(&page, &summary)?;
    let json = serde_json::to_string_pretty(&summary)?;
    std::fs::write(options.report.join("summary.json"), json)?;
    Ok(summary)
}

fn file_or(file: &Option<std::path::PathBuf>, built_in: &str) -> Result<String> {
    match file {
        Some(file) => read(file),
        None => Ok(built_in.to_owned()),
    }
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| file.display().to_string())
}
