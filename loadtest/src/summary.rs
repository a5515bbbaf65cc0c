//! What a run came to: for programs as JSON, for people as tables.

use std::collections::BTreeMap;

use comfy_table::{Cell, CellAlignment, Table, presets::NOTHING};
use serde::Serialize;

use crate::{
    cases::Compared,
    play::{Play, Visit},
    tally::{Came, Lag, Spread, Tally},
    thresholds::Check,
};

/// What stands beside a threshold that does not hold.
pub const BROKEN: &str = "BROKEN";

/// Times of a kind of request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Request {
    /// HTTP method.
    pub method: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its times.
    #[serde(flatten)]
    pub times: Spread,
}

/// Who came, in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Arrivals {
    /// Visits on the schedule.
    pub due: usize,
    /// Begun.
    pub begun: u64,
    /// Begun late since nobody of the test was free.
    pub late: u64,
    /// Ended as they should.
    pub done: u64,
    /// Given up: nobody was free for 30 s.
    pub given_up: u64,
    /// How many could be under way at once.
    pub hands: usize,
}

/// What a stage came to.
#[derive(Debug, Clone, Serialize)]
pub struct StageSummary {
    name: String,
    seconds: f64,
    visits_per_second: f64,
    #[serde(flatten)]
    came: Came,
    requests: Spread,
}

/// What a run came to.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Whether every threshold holds.
    pub passed: bool,
    /// The play.
    pub play: String,
    /// The node.
    pub target: String,
    /// When it began.
    pub began_at: String,
    /// The thresholds.
    pub thresholds: Vec<Check>,
    /// Who came.
    pub arrivals: Arrivals,
    /// The stages.
    pub stages: Vec<StageSummary>,
    /// Times by kind of request.
    pub requests: Vec<Request>,
    /// Visits from when they were due to their end, by what for.
    pub visits: BTreeMap<Visit, Spread>,
    /// The four steps of a lifecycle.
    pub steps: BTreeMap<&'static str, Spread>,
    /// From sending a command until reporting shows it.
    pub lag_to_reporting: Option<Spread>,
    /// From the answer to a command until the next service knows.
    pub lag_to_next_service: Option<Spread>,
    /// The comparison with reporting.
    pub compared: Compared,
    /// The errors and how often each.
    pub errors: BTreeMap<String, u64>,
}

impl Summary {
    /// What was measured, not judged yet.
    pub fn new(play: &Play, hands: usize, tally: &Tally, compared: Compared) -> Self {
        let mut by_stage = tally.by_stage();
        let stages: Vec<StageSummary> = play
            .stages
            .iter()
            .enumerate()
            .map(|(number, stage)| StageSummary {
                name: stage.name.clone(),
                seconds: stage.seconds,
                visits_per_second: stage.total(),
                came: tally.came_in(number),
                requests: by_stage.remove(&number).unwrap_or_default().spread(),
            })
            .collect();
        let sum = |of: fn(&Came) -> u64| stages.iter().map(|stage| of(&stage.came)).sum();
        let by_kind = tally.by_kind().into_iter();
        let spread = |lag| tally.lag_of(lag).map(|times| times.spread());
        Self {
            passed: false,
            play: play.name.clone(),
            target: String::new(),
            began_at: String::new(),
            thresholds: Vec::new(),
            arrivals: Arrivals {
                due: play.schedule().len(),
                begun: sum(|came| came.begun),
                late: sum(|came| came.late),
                done: sum(|came| came.done),
                given_up: sum(|came| came.given_up),
                hands,
            },
            requests: by_kind
                .map(|(kind, times)| Request {
                    method: kind.method,
                    name: kind.name,
                    times: times.spread(),
                })
                .collect(),
            visits: tally
                .visits()
                .into_iter()
                .map(|(v, t)| (v, t.spread()))
                .collect(),
            steps: tally
                .steps()
                .into_iter()
                .map(|(s, t)| (s, t.spread()))
                .collect(),
            lag_to_reporting: spread(Lag::Reporting),
            lag_to_next_service: spread(Lag::NextService),
            compared,
            errors: tally.errors(),
            stages,
        }
    }

    /// The tables. Of the thresholds by kind of request only those that are broken, unless `all` are wanted.
    pub fn tables(&self, all: bool) -> Vec<(&'static str, Table)> {
        let mut requests = table(&[
            "request", "count", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms",
        ]);
        for request in &self.requests {
            requests.add_row(row(
                format!("{} {}", request.method, request.name),
                &request.times,
            ));
        }
        let mut whole = table(&[
            "from due to done",
            "count",
            "failed",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "max ms",
        ]);
        for (step, times) in &self.steps {
            whole.add_row(row((*step).to_owned(), times));
        }
        for (visit, times) in &self.visits {
            whole.add_row(row(format!("visit: {visit:?}").to_lowercase(), times));
        }
        for (name, lag) in [
            ("lag: command → reporting", self.lag_to_reporting),
            ("lag: command → next service", self.lag_to_next_service),
        ] {
            if let Some(times) = lag {
                whole.add_row(row(name.to_owned(), &times));
            }
        }
        let mut stages = table(&[
            "stage",
            "s",
            "visits/s",
            "begun",
            "late",
            "done",
            "requests p95 ms",
            "p99 ms",
        ]);
        for stage in &self.stages {
            let (came, times) = (stage.came, &stage.requests);
            let figures = [
                format!("{:.0}", stage.seconds),
                format!("{:.1}", stage.visits_per_second),
                came.begun.to_string(),
                came.late.to_string(),
                came.done.to_string(),
                ms(times.p95_ms),
                ms(times.p99_ms),
            ];
            stages.add_row(cells(stage.name.clone(), figures));
        }
        let mut thresholds = table(&["threshold", "limit", "measured", ""]);
        for check in self
            .thresholds
            .iter()
            .filter(|check| all || !check.holds || !check.one_of_many)
        {
            let holds = if check.holds { "holds" } else { BROKEN };
            let figures = [
                figure(check.limit),
                check
                    .measured
                    .map_or_else(|| "not measured".to_owned(), figure),
                holds.to_owned(),
            ];
            thresholds.add_row(cells(check.name.clone(), figures));
        }
        let mut tables = vec![
            ("Stages", stages),
            ("Requests", requests),
            ("Whole visits", whole),
        ];
        if !self.errors.is_empty() {
            let mut errors = table(&["error", "count"]);
            for (error, count) in &self.errors {
                errors.add_row(cells(error.clone(), [count.to_string()]));
            }
            tables.push(("Errors", errors));
        }
        tables.push(("Thresholds", thresholds));
        tables
    }

    /// The run in one sentence, and what it found in the end.
    pub fn verdict(&self) -> String {
        let broken = self.thresholds.iter().filter(|check| !check.holds).count();
        let verdict = match broken {
            0 => "PASSED".to_owned(),
            1 => "FAILED: 1 threshold is broken".to_owned(),
            n => format!("FAILED: {n} thresholds are broken"),
        };
        let compared = &self.compared;
        format!(
            "{verdict}. {} of {} visits done; {} cases compared with reporting by id: {} facts, {} lost, {} doubled, {} cases \
             that stand otherwise.",
            self.arrivals.done,
            self.arrivals.due,
            compared.cases,
            compared.facts,
            compared.lost_events,
            compared.doubled_events,
            compared.wrong_states,
        )
    }
}

fn table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    table.set_header(heads);
    table
}

fn cells(name: String, figures: impl IntoIterator<Item = String>) -> Vec<Cell> {
    let figures = figures
        .into_iter()
        .map(|figure| Cell::new(figure).set_alignment(CellAlignment::Right));
    std::iter::once(Cell::new(name)).chain(figures).collect()
}

fn row(name: String, times: &Spread) -> Vec<Cell> {
    let figures = [
        times.count.to_string(),
        times.errors.to_string(),
        ms(times.p50_ms),
        ms(times.p95_ms),
        ms(times.p99_ms),
        ms(times.max_ms),
    ];
    cells(name, figures)
}

fn ms(value: f64) -> String {
    format!("{value:.1}")
}

/// A figure without decimals it does not need.
fn figure(value: f64) -> String {
    match value.fract() == 0.0 {
        true => format!("{value:.0}"),
        false => format!("{value:.2}"),
    }
}
