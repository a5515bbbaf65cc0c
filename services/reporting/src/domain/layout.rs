//! The rows of a split: which there are, in which order, what they are called, and which one a case's key belongs to.

use contracts::{
    events::mediation::MediationOutcome,
    region::{Level, RegionCode, RegionKind, directory},
};
use policy::{
    PolicyPack, Text,
    sections::{Named, dispute_types::StatisticGroup},
};

use super::{dimension::Dimension, names};

/// The rows of a split.
pub struct Layout<'a> {
    /// Code and name, in the order in which they are printed.
    pub rows: Vec<Named>,
    /// The column set, when types are counted.
    group: Option<&'a StatisticGroup>,
}

impl<'a> Layout<'a> {
    /// Types, in the columns of a set.
    #[must_use]
    pub fn of_types(group: &'a StatisticGroup) -> Self {
        let column =
            |column: &policy::sections::dispute_types::Column| named(&column.code, &column.name);
        Self {
            rows: group.columns.iter().map(column).collect(),
            group: Some(group),
        }
    }

    /// Regions of a level within `within`: those in the directory when it is the next level, and those that are `found`.
    #[must_use]
    pub fn of_regions(within: RegionCode, level: Level, found: &[&str]) -> Self {
        let mut codes: Vec<RegionCode> =
            found.iter().filter_map(|code| code.parse().ok()).collect();
        if level.above() == Some(within.level()) {
            let children = directory::children(within).iter();
            let in_force = children.filter(|region| {
                region.valid_to.is_none() && region.kind != RegionKind::Placeholder
            });
            codes.extend(in_force.map(|region| region.code));
        }
        codes.sort_unstable();
        codes.dedup();
        let row = |code: RegionCode| {
            let name = directory::name(code).map_or_else(|| code.to_string(), str::to_owned);
            let name = Text {
                zh: name.clone(),
                en: name,
            };
            named(code.as_str(), &name)
        };
        Self {
            rows: codes.into_iter().map(row).collect(),
            group: None,
        }
    }

    /// Any other split: what the policy pack lists.
    #[must_use]
    pub fn listed(dimension: Dimension, policy: &'a PolicyPack) -> Self {
        let rows = match dimension {
            Dimension::Type => Vec::new(),
            Dimension::Region => Vec::new(),
            Dimension::Source => policy.intake().sources.clone(),
            Dimension::Channel => policy.intake().channels.clone(),
            Dimension::Class => {
                let classes = policy.intake().classes.iter();
                classes
                    .map(|class| named(class.code.as_str(), &class.name))
                    .collect()
            }
            Dimension::Route => {
                let routes = policy.routes().routes.iter();
                routes
                    .map(|route| named(&route.code, &route.name))
                    .collect()
            }
            Dimension::Track => {
                let tracks = policy.triage().file().tracks.iter();
                tracks
                    .map(|track| named(track.code.as_str(), &track.name))
                    .collect()
            }
            Dimension::Colour => {
                let colours = policy.triage().file().colours.iter();
                colours
                    .map(|colour| named(colour.code.as_str(), &colour.name))
                    .collect()
            }
            Dimension::Outcome => MediationOutcome::ALL
                .iter()
                .map(|outcome| {
                    let (zh, en) = names::outcome(*outcome);
                    named(
                        outcome.as_str(),
                        &Text {
                            zh: zh.to_owned(),
                            en: en.to_owned(),
                        },
                    )
                })
                .collect(),
        };
        Self { rows, group: None }
    }

    /// The code of the row a key is counted in; none = the residual.
    #[must_use]
    pub fn row_of<'k>(&'k self, key: Option<&'k str>) -> Option<&'k str> {
        let key = key?;
        let code = self.group.map_or(key, |group| group.column_of(key));
        self.rows.iter().any(|row| row.code == code).then_some(code)
    }
}

fn named(code: &str, name: &Text) -> Named {
    Named {
        code: code.to_owned(),
        name: name.clone(),
    }
}
