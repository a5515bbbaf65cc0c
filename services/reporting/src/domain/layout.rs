//! The rows of a split: which there are, in which order, what they are called, and which one a case's key belongs to.

use contracts::region::{Level, RegionCode, RegionKind, directory};
use policy::{
    PolicyPack, Text,
    sections::{Named, dispute_types::StatisticGroup},
};

use super::{dimension::Dimension, nodes::NodeParts, outcome::Outcome};

/// The rows of a split.
pub struct Layout<'a> {
    /// Code and name, in the order in which they are printed.
    pub rows: Vec<Named>,
    keys: Keys<'a>,
}

/// How a case's key becomes the code of a row.
enum Keys<'a> {
    /// It is the code.
    Same,
    /// A type, in a column set.
    Types(&'a StatisticGroup),
    /// A node, in its part.
    Nodes(NodeParts<'a>),
}

impl<'a> Layout<'a> {
    /// Types, in the columns of a set.
    #[must_use]
    pub fn of_types(group: &'a StatisticGroup) -> Self {
        let column =
            |column: &policy::sections::dispute_types::Column| named(&column.code, &column.name);
        Self {
            rows: group.columns.iter().map(column).collect(),
            keys: Keys::Types(group),
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
            keys: Keys::Same,
        }
    }

    /// Nodes: the parts of a region, with those in which a case was `found`.
    #[must_use]
    pub fn of_nodes(parts: NodeParts<'a>, found: &[&str]) -> Self {
        let row = |code: RegionCode| named(code.as_str(), &parts.name(code));
        Self {
            rows: parts.list(found).into_iter().map(row).collect(),
            keys: Keys::Nodes(parts),
        }
    }

    /// Any other split: what the policy pack lists.
    #[must_use]
    pub fn listed(dimension: Dimension, policy: &'a PolicyPack) -> Self {
        let rows = match dimension {
            Dimension::Type | Dimension::Region | Dimension::Node => Vec::new(),
            Dimension::Source => {
                let sources = policy.intake().sources.iter();
                sources
                    .map(|source| named(&source.code, &source.name))
                    .collect()
            }
            Dimension::Channel => {
                let channels = policy.intake().channels.iter();
                channels
                    .map(|channel| named(&channel.code, &channel.name))
                    .collect()
            }
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
            Dimension::Outcome => Outcome::ALL
                .iter()
                .map(|outcome| {
                    let (zh, en) = outcome.name();
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
        Self {
            rows,
            keys: Keys::Same,
        }
    }

    /// The code of the row a key is counted in; none = the residual.
    #[must_use]
    pub fn row_of<'k>(&'k self, key: Option<&'k str>) -> Option<&'k str> {
        let key = key?;
        let in_row = |code: &str| self.rows.iter().find(|row| row.code == code);
        let row = match &self.keys {
            Keys::Same => in_row(key),
            Keys::Types(group) => in_row(group.column_of(key)),
            Keys::Nodes(parts) => in_row(parts.of(key.parse().ok()?).as_str()),
        };
        row.map(|row| row.code.as_str())
    }
}

fn named(code: &str, name: &Text) -> Named {
    Named {
        code: code.to_owned(),
        name: name.clone(),
    }
}
