//! The run. Goose supplies the people who act at once, the counting and the charts; when they act is not left to them. Goose by
//! itself is a closed loop: each of its users sends, waits for the answer, sends again, so a node that stalls is asked less and
//! looks better than it is (coordinated omission). Here one schedule is made beforehand; whoever is free takes the next visit
//! of it and waits until it is due. When all are busy the visit begins late, and its time counts from when it was due.

use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use goose::{
    GooseAttack,
    client::GooseClientBuilder,
    config::GooseConfiguration,
    goose::{GooseUser, Scenario, Transaction},
    is_killswitch_triggered,
};

use crate::{
    acts,
    hand::Hand,
    play::{Arrival, Play},
    world::World,
};

/// A visit that nobody could begin within this time is given up: people go away.
const GIVEN_UP: Duration = Duration::from_secs(30);
/// How long it takes at most until somebody notices that everybody is there.
const NOTICED: Duration = Duration::from_millis(50);
/// How many hands goose starts a second.
const HANDS_PER_SECOND: usize = 500;

/// The schedule in the hands of all.
struct Run {
    world: Arc<World>,
    schedule: Vec<Arrival>,
    next: AtomicUsize,
    hands: usize,
    present: AtomicUsize,
    /// When the first stage begins: once everybody is there.
    starts: OnceLock<Instant>,
    stages: Vec<String>,
}

/// Plays a play; the report of goose goes to `report`. Gives how many hands there were.
///
/// # Errors
/// Goose cannot run, or the run was broken off.
pub async fn run(world: &Arc<World>, play: &Play, report: &Path) -> Result<usize> {
    let hands = play.hands();
    let run = Arc::new(Run {
        world: Arc::clone(world),
        schedule: play.schedule(),
        next: AtomicUsize::new(0),
        hands,
        present: AtomicUsize::new(0),
        starts: OnceLock::new(),
        stages: play.stages.iter().map(|stage| stage.name.clone()).collect(),
    });
    let act = {
        let run = Arc::clone(&run);
        Transaction::new(Arc::new(move |user: &mut GooseUser| {
            let run = Arc::clone(&run);
            Box::pin(async move {
                run.work(user).await;
                Ok(())
            })
        }))
    };
    let attack = GooseAttack::initialize_with_config(configuration(world, hands, report)?)?;
    let scenario = Scenario::new("people").register_transaction(act.set_name("visits"));
    // The hands send with the client of the world; goose would make one for each of them, which takes its time.
    let unused = GooseClientBuilder::new().without_cookies();
    let attack = attack
        .set_client_builder_without_cookies(unused)
        .map_err(|error| anyhow::anyhow!("goose: {error:?}"))?;
    Box::pin(attack.register_scenario(scenario).execute())
        .await
        .map_err(|error| anyhow::anyhow!("goose: {error:?}"))?;
    let played = run.next.load(Ordering::Relaxed) >= run.schedule.len();
    ensure!(
        played && !is_killswitch_triggered(),
        "the run was broken off"
    );
    Ok(hands)
}

fn configuration(world: &World, hands: usize, report: &Path) -> Result<GooseConfiguration> {
    let (hands, rate) = (hands.to_string(), HANDS_PER_SECOND.to_string());
    let report = report
        .to_str()
        .context("the path of the report is no text")?;
    let arguments = [
        "--host",
        world.target.as_str(),
        "--users",
        &hands,
        "--increase-rate",
        &rate,
        // Each works once: until the schedule has ended.
        "--iterations",
        "1",
        "--report-file",
        report,
        "--no-transaction-metrics",
        "--no-scenario-metrics",
        "--no-print-metrics",
        "--no-telnet",
        "-qq",
    ];
    GooseConfiguration::parse_args_default(&arguments)
        .map_err(|error| anyhow::anyhow!("goose: {error:?}"))
}

impl Run {
    /// One hand: visit after visit until nobody comes any more.
    async fn work(&self, user: &mut GooseUser) {
        let Some(starts) = self.gather().await else {
            return;
        };
        while !is_killswitch_triggered() {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(arrival) = self.schedule.get(number) else {
                return;
            };
            let due = starts + arrival.due;
            // Whoever takes a visit before it is due was free in time.
            let free = Instant::now() <= due;
            while !is_killswitch_triggered() {
                let Some(left) = due.checked_duration_since(Instant::now()) else {
                    break;
                };
                // In short rests, so that Ctrl-C is heard.
                tokio::time::sleep(left.min(Duration::from_millis(500))).await;
            }
            self.announce(number, arrival.stage, starts);
            self.visit(user, arrival, due, free).await;
        }
    }

    /// Waits until everybody is there; gives when it begins, or nothing when it is broken off before.
    async fn gather(&self) -> Option<Instant> {
        if self.present.fetch_add(1, Ordering::Relaxed) + 1 == self.hands {
            // All have noticed by then.
            _ = self.starts.set(Instant::now() + 2 * NOTICED);
        }
        while !is_killswitch_triggered() {
            if let Some(starts) = self.starts.get() {
                return Some(*starts);
            }
            tokio::time::sleep(NOTICED).await;
        }
        None
    }

    async fn visit(&self, user: &mut GooseUser, arrival: &Arrival, due: Instant, free: bool) {
        let (tally, stage) = (&self.world.tally, arrival.stage);
        if due.elapsed() > GIVEN_UP || is_killswitch_triggered() {
            tally.came(stage, |came| came.given_up += 1);
            return;
        }
        tally.came(stage, |came| {
            came.begun += 1;
            came.late += u64::from(!free);
        });
        let mut hand = Hand::new(&self.world, user, stage, due);
        let done = acts::play(&mut hand, arrival.visit).await.is_ok();
        tally.visit(arrival.visit, due.elapsed(), done);
        tally.came(stage, |came| came.done += u64::from(done));
    }

    /// Tells whoever watches that a stage begins.
    fn announce(&self, number: usize, stage: usize, starts: Instant) {
        let before = number.checked_sub(1).and_then(|n| self.schedule.get(n));
        if before.is_none_or(|before| before.stage != stage) {
            let name = self.stages.get(stage).map_or("", String::as_str);
            let at = starts.elapsed().as_secs();
            eprintln!("  {at:>5} s  {name}");
        }
    }
}
