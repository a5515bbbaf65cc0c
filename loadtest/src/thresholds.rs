//! What must hold for a rollout to go on, and whether it did.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{
    kinds,
    play::Play,
    summary::{Arrivals, Request},
    tally::Spread,
};

/// The thresholds that are built in.
pub const BUILT_IN: &str = include_str!("../thresholds.toml");

/// The thresholds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Requests that may fail, of 100. A visit that nobody could begin counts as a failed request.
    error_percent: f64,
    /// Facts of acknowledged commands that may be missing in reporting.
    lost_events: usize,
    /// Facts that may be in reporting too often.
    doubled_events: usize,
    /// Cases that may stand in reporting otherwise than they ended.
    wrong_states: usize,
    /// Visits that may begin late since nobody of the test was free, of 100: with more, the test was too small.
    late_percent: Option<f64>,
    /// From sending a command until reporting shows it.
    lag: Limits,
    /// Times by kind of request; `default` is for those not named.
    requests: BTreeMap<String, Limits>,
}

/// Limits of times, milliseconds.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    p95_ms: Option<f64>,
    p99_ms: Option<f64>,
}

/// What the thresholds are held against.
pub struct Measured<'a> {
    /// What was played: a threshold for what does not occur in it is left out.
    pub play: &'a Play,
    /// Times by kind.
    pub requests: &'a [Request],
    /// Who came.
    pub arrivals: &'a Arrivals,
    /// Lag to reporting, when it was measured.
    pub lag: Option<Spread>,
    /// The comparison with reporting.
    pub compared: &'a crate::cases::Compared,
}

/// One threshold held against what was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// What.
    pub name: String,
    /// The most that is allowed.
    pub limit: f64,
    /// What was measured; nothing when it should have been and was not, which breaks the threshold.
    pub measured: Option<f64>,
    /// Whether it holds.
    pub holds: bool,
    /// Whether it is one of those by kind of request.
    #[serde(skip)]
    pub one_of_many: bool,
}

impl Check {
    fn at_most(name: impl Into<String>, limit: f64, measured: f64) -> Self {
        Self {
            name: name.into(),
            limit,
            measured: Some(measured),
            holds: measured <= limit,
            one_of_many: false,
        }
    }

    fn not_measured(name: String, limit: f64) -> Self {
        Self {
            name,
            limit,
            measured: None,
            holds: false,
            one_of_many: false,
        }
    }
}

impl Thresholds {
    /// Reads them.
    ///
    /// # Errors
    /// They cannot be read, or name a kind of request that does not exist.
    pub fn parse(text: &str) -> Result<Self> {
        let thresholds: Self = toml::from_str(text)?;
        for name in thresholds.requests.keys() {
            ensure!(
                name == "default" || kinds::ALL.iter().any(|kind| kind.name == name),
                "there is no kind of request called {name:?}; there are {}",
                kinds::ALL
                    .iter()
                    .map(|k| k.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
        Ok(thresholds)
    }

    /// Holds them against what was measured. Those for what the play should have shown and did not are broken.
    pub fn judge(&self, measured: &Measured<'_>) -> Vec<Check> {
        let sent: u64 = measured
            .requests
            .iter()
            .map(|request| request.times.count)
            .sum();
        let failed: u64 = measured
            .requests
            .iter()
            .map(|request| request.times.errors)
            .sum();
        let given_up = measured.arrivals.given_up;
        let compared = measured.compared;
        let mut checks = vec![
            Check::at_most(
                "errors, %",
                self.error_percent,
                percent(failed + given_up, sent + given_up),
            ),
            Check::at_most(
                "lost events",
                number(self.lost_events),
                number(compared.lost_events),
            ),
            Check::at_most(
                "doubled events",
                number(self.doubled_events),
                number(compared.doubled_events),
            ),
            Check::at_most(
                "wrong end states",
                number(self.wrong_states),
                number(compared.wrong_states),
            ),
        ];
        if let Some(limit) = self.late_percent {
            let late = percent(measured.arrivals.late, measured.arrivals.begun);
            checks.push(Check::at_most("visits begun late, %", limit, late));
        }
        let commands = kinds::visits(kinds::REGISTER);
        if measured.lag.is_some() || measured.play.has(commands) {
            self.lag
                .check("command → reporting", measured.lag, &mut checks);
        }
        let default = self.requests.get("default").copied().unwrap_or_default();
        for request in measured.requests {
            let limits = self.requests.get(request.name).copied().unwrap_or(default);
            let first = checks.len();
            limits.check(request.name, Some(request.times), &mut checks);
            for check in checks.iter_mut().skip(first) {
                check.one_of_many = true;
            }
        }
        for kind in kinds::ALL {
            let occurred = |request: &Request| request.name == kind.name && request.times.count > 0;
            if let Some(limits) = self.requests.get(kind.name)
                && measured.play.has(kinds::visits(*kind))
                && !measured.requests.iter().any(occurred)
            {
                limits.check(kind.name, None, &mut checks);
            }
        }
        checks
    }
}

impl Limits {
    fn check(self, name: &str, times: Option<Spread>, checks: &mut Vec<Check>) {
        let limits = [
            ("p95", self.p95_ms, times.map(|times| times.p95_ms)),
            ("p99", self.p99_ms, times.map(|times| times.p99_ms)),
        ];
        for (which, limit, time) in limits {
            let name = format!("{name}, {which} ms");
            let Some(limit) = limit else { continue };
            checks.push(match time {
                Some(time) => Check::at_most(name, limit, time),
                None => Check::not_measured(name, limit),
            });
        }
    }
}

/// A share of 100; 0 of nothing.
fn percent(part: u64, all: u64) -> f64 {
    let float = |n: u64| u32::try_from(n).map_or(f64::from(u32::MAX), f64::from);
    if all == 0 {
        return 0.0;
    }
    100.0 * float(part) / float(all)
}

fn number(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Measured, Thresholds};
    use crate::{
        cases::Compared,
        play::Play,
        summary::{Arrivals, Request},
        tally::Spread,
    };

    fn spread(p95_ms: f64, p99_ms: f64, errors: u64) -> Spread {
        Spread {
            count: 1000,
            errors,
            p50_ms: 1.0,
            p95_ms,
            p99_ms,
            max_ms: p99_ms,
        }
    }

    fn broken(text: &str, requests: &[Request], compared: &Compared, lag: f64) -> Vec<String> {
        // With nothing in it that must occur.
        let play =
            Play::parse("name = \"t\"\n[[stage]]\nname = \"a\"\nseconds = 1\ndesk = 1\n").unwrap();
        let lag = Some(spread(lag, lag, 0));
        broken_in(&play, text, requests, compared, lag)
    }

    fn broken_in(
        play: &Play,
        text: &str,
        requests: &[Request],
        compared: &Compared,
        lag: Option<Spread>,
    ) -> Vec<String> {
        let arrivals = Arrivals {
            begun: 100,
            ..Arrivals::default()
        };
        let measured = Measured {
            play,
            requests,
            arrivals: &arrivals,
            lag,
            compared,
        };
        let checks = Thresholds::parse(text).unwrap().judge(&measured);
        checks
            .into_iter()
            .filter(|check| !check.holds)
            .map(|check| check.name)
            .collect()
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let text = "error_percent = 0.1\nlost_events = 0\ndoubled_events = 0\nwrong_states = 0\nlag = { p95_ms = 500 }\n\
                    [requests]\ndefault = { p95_ms = 200 }\nstatistics = { p95_ms = 1000, p99_ms = 2000 }\n";
        let requests = [
            Request {
                method: "GET",
                name: "statistics",
                times: spread(900.0, 1900.0, 0),
            },
            Request {
                method: "POST",
                name: "accept a matter",
                times: spread(199.0, 5000.0, 1),
            },
        ];
        let good = Compared::default();
        assert_eq!(broken(text, &requests, &good, 500.0), Vec::<String>::new());
        assert_eq!(
            broken(text, &requests, &good, 501.0),
            ["command → reporting, p95 ms"]
        );
        let lost = Compared {
            lost_events: 1,
            ..Compared::default()
        };
        assert_eq!(broken(text, &requests, &lost, 1.0), ["lost events"]);
        let slow = [Request {
            method: "POST",
            name: "accept a matter",
            times: spread(201.0, 201.0, 2),
        }];
        assert_eq!(
            broken(text, &slow, &good, 1.0),
            ["errors, %", "accept a matter, p95 ms"]
        );
    }

    #[test]
    fn what_should_have_been_measured_and_was_not_is_broken() {
        let of = |name| {
            let play = Play::load(name).unwrap();
            broken_in(&play, BUILT_IN, &[], &Compared::default(), None)
        };
        let lag = ["command → reporting, p95 ms", "command → reporting, p99 ms"];
        let kind = |name: &str| ["p95", "p99"].map(|which| format!("{name}, {which} ms"));
        let ledger = kind("search the ledger").to_vec();
        // Nobody looks at figures in a spike.
        assert_eq!(
            of("spike"),
            [lag.map(str::to_owned).to_vec(), ledger.clone()].concat()
        );
        let mixed = of("mixed");
        for name in [
            "search the matters",
            "search the ledger",
            "statistics",
            "indicators",
        ] {
            assert!(
                kind(name).iter().all(|check| mixed.contains(check)),
                "{name}"
            );
        }
    }

    #[test]
    fn the_built_in_thresholds_can_be_read_and_a_slip_is_refused() {
        Thresholds::parse(BUILT_IN).unwrap();
        let slip = BUILT_IN.replace("statistics", "statistic");
        assert!(
            Thresholds::parse(&slip)
                .unwrap_err()
                .to_string()
                .contains("no kind of request")
        );
    }
}
