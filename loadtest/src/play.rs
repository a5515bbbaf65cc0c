//! What is played: stages one after another, each with the visits a second of every kind; and from that the schedule, which
//! says when each visit is due. The schedule does not wait for answers: people come when they come.

use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};

/// The plays that are built in.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("quick", include_str!("../plays/quick.toml")),
    ("mixed", include_str!("../plays/mixed.toml")),
    ("lifecycle", include_str!("../plays/lifecycle.toml")),
    ("spike", include_str!("../plays/spike.toml")),
    ("soak", include_str!("../plays/soak.toml")),
];

/// Why somebody comes: one visit is a few requests of one person, or of those who carry a case on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Visit {
    /// A person at the window: registered and accepted by a clerk.
    Window,
    /// A call to the hotline.
    Hotline,
    /// A person registers by the QR code 解纷码 and looks how it stands; a clerk accepts.
    Code,
    /// Desk work: a list, a case opened, its next step.
    Desk,
    /// Search in registers and ledger.
    Search,
    /// The leader's figures.
    Dashboard,
    /// A whole case: CREATE → DISPATCH → SETTLE → SEARCH.
    Lifecycle,
}

impl Visit {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Window,
        Self::Hotline,
        Self::Code,
        Self::Desk,
        Self::Search,
        Self::Dashboard,
        Self::Lifecycle,
    ];
}

/// A play.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// Its name in reports.
    pub name: String,
    /// How many people can be under way at once; unset: ten for each visit a second at the peak.
    hands: Option<usize>,
    /// Its stages.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
}

/// A stretch of time with constant rates.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name in reports.
    pub name: String,
    /// How long it lasts, seconds.
    pub seconds: f64,
    #[serde(default)]
    window: f64,
    #[serde(default)]
    hotline: f64,
    #[serde(default)]
    code: f64,
    #[serde(default)]
    desk: f64,
    #[serde(default)]
    search: f64,
    #[serde(default)]
    dashboard: f64,
    #[serde(default)]
    lifecycle: f64,
}

/// A visit that is due.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrival {
    /// When, from the start.
    pub due: Duration,
    /// In which stage, from 0.
    pub stage: usize,
    /// What for.
    pub visit: Visit,
}

impl Play {
    /// A built-in play by its name, or the one in a file.
    ///
    /// # Errors
    /// There is neither, or it cannot be played.
    pub fn load(name: &str) -> Result<Self> {
        let text = match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => (*text).to_owned(),
            None => std::fs::read_to_string(Path::new(name)).with_context(|| {
                let known = BUILT_IN.map(|(known, _)| known).join(", ");
                format!("{name} is no file and none of the plays {known}")
            })?,
        };
        Self::parse(&text).with_context(|| format!("play {name}"))
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        let play: Self = toml::from_str(text)?;
        for stage in &play.stages {
            let rates = Visit::ALL.map(|visit| stage.rate(visit));
            ensure!(
                stage.seconds > 0.0
                    && stage.seconds.is_finite()
                    && rates.iter().all(|rate| (0.0..=10_000.0).contains(rate)),
                "stage {}: seconds are more than 0, rates from 0 to 10000",
                stage.name
            );
        }
        ensure!(play.hands != Some(0), "hands is at least 1");
        match play.schedule().is_empty() {
            true => bail!("nobody comes: a play needs a stage with a rate"),
            false => Ok(play),
        }
    }

    /// Whether any of these visits is made in it.
    pub fn has(&self, visits: &[Visit]) -> bool {
        let mut stages = self.stages.iter();
        stages.any(|stage| visits.iter().any(|visit| stage.rate(*visit) > 0.0))
    }

    /// The same with all rates and all lengths multiplied.
    #[must_use]
    pub fn scaled(mut self, rate: f64, length: f64) -> Self {
        for stage in &mut self.stages {
            stage.seconds *= length;
            for rate_of in [
                &mut stage.window,
                &mut stage.hotline,
                &mut stage.code,
                &mut stage.desk,
                &mut stage.search,
                &mut stage.dashboard,
                &mut stage.lifecycle,
            ] {
                *rate_of *= rate;
            }
        }
        self
    }

    /// How long it lasts.
    pub fn length(&self) -> Duration {
        Duration::from_secs_f64(self.stages.iter().map(|stage| stage.seconds).sum())
    }

    /// How many people can be under way at once.
    pub fn hands(&self) -> usize {
        let peak = self.stages.iter().map(Stage::total).fold(0.0, f64::max);
        // One decimal is enough, and the range is checked.
        let wanted = format!("{:.0}", (peak * 10.0).clamp(10.0, 2000.0));
        self.hands.unwrap_or_else(|| wanted.parse().unwrap_or(10))
    }

    /// Everybody who comes, in order: in each stage the visits of a kind are evenly spaced.
    pub fn schedule(&self) -> Vec<Arrival> {
        let mut arrivals = Vec::new();
        let mut begins = 0.0;
        for (number, stage) in self.stages.iter().enumerate() {
            for visit in Visit::ALL {
                let rate = stage.rate(visit);
                // The first in the middle of its share of time, so that kinds with equal rates do not come as one crowd at 0.
                let mut at = 0.5;
                while rate > 0.0 && at / rate < stage.seconds {
                    let due = Duration::from_secs_f64(begins + at / rate);
                    arrivals.push(Arrival {
                        due,
                        stage: number,
                        visit,
                    });
                    at += 1.0;
                }
            }
            begins += stage.seconds;
        }
        arrivals.sort_by_key(|arrival| arrival.due);
        arrivals
    }
}

impl Stage {
    /// Visits of a kind a second.
    pub fn rate(&self, visit: Visit) -> f64 {
        match visit {
            Visit::Window => self.window,
            Visit::Hotline => self.hotline,
            Visit::Code => self.code,
            Visit::Desk => self.desk,
            Visit::Search => self.search,
            Visit::Dashboard => self.dashboard,
            Visit::Lifecycle => self.lifecycle,
        }
    }

    /// Visits a second.
    pub fn total(&self) -> f64 {
        Visit::ALL.map(|visit| self.rate(visit)).iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Play, Visit};

    #[test]
    fn the_built_in_plays_can_be_played() {
        for (name, _) in BUILT_IN {
            assert_eq!(Play::load(name).unwrap().name, name);
        }
    }

    #[test]
    fn the_spike_is_the_one_that_was_agreed() {
        let spike = Play::load("spike").unwrap();
        let rates: Vec<f64> = spike
            .stages
            .iter()
            .map(|s| s.rate(Visit::Lifecycle))
            .collect();
        assert_eq!(rates, [1.0, 15.0, 1.0, 25.0, 2.0, 35.0, 10.0, 0.0]);
        assert_eq!(spike.hands(), 350);
    }

    #[test]
    fn as_many_come_as_the_rates_say_evenly_spaced_and_in_order() {
        let text = "name = \"t\"\n[[stage]]\nname = \"a\"\nseconds = 10\nwindow = 2\nsearch = 0.5\n\
                    [[stage]]\nname = \"b\"\nseconds = 5\nlifecycle = 4\n";
        let play = Play::parse(text).unwrap();
        let schedule = play.schedule();
        let of = |visit| schedule.iter().filter(move |a| a.visit == visit);
        assert_eq!(of(Visit::Window).count(), 20);
        assert_eq!(of(Visit::Search).count(), 5);
        assert_eq!(of(Visit::Lifecycle).count(), 20);
        assert!(schedule.is_sorted_by_key(|a| a.due));
        let due: Vec<u128> = of(Visit::Window)
            .take(3)
            .map(|a| a.due.as_millis())
            .collect();
        assert_eq!(due, [250, 750, 1250]);
        assert!(of(Visit::Lifecycle).all(|a| a.due.as_secs() >= 10 && a.stage == 1));
        assert_eq!(play.scaled(2.0, 0.5).schedule().len(), 45);
    }

    #[test]
    fn a_play_with_a_slip_is_refused() {
        for text in [
            "name = \"t\"\nstage = []\n",
            "name = \"t\"\n[[stage]]\nname = \"a\"\nseconds = 1\nwindows = 1\n",
            "name = \"t\"\n[[stage]]\nname = \"a\"\nseconds = -1\nwindow = 1\n",
        ] {
            assert!(Play::parse(text).is_err(), "{text}");
        }
    }
}
