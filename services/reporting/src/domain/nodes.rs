//! The parts of a split by node: the asked region's own node and each node under it, down to a level.

use contracts::region::{Level, RegionCode, RegionKind, directory};
use policy::{Text, sections::reporting::Integrated};

/// How nodes are put together: what lies below `level` counts with the node of that level it lies in, and two nodes that run
/// as one centre 市区一体化 are one part.
#[derive(Debug, Clone, Copy)]
pub struct NodeParts<'a> {
    within: RegionCode,
    level: Level,
    integrated: &'a [Integrated],
}

impl<'a> NodeParts<'a> {
    /// The parts of a region.
    #[must_use]
    pub fn new(within: RegionCode, level: Level, integrated: &'a [Integrated]) -> Self {
        Self {
            within,
            level,
            integrated,
        }
    }

    /// The part a node is counted in, by the code of the part. It may lie outside the region: then the cases are residual.
    #[must_use]
    pub fn of(&self, node: RegionCode) -> RegionCode {
        let part = node.at(self.level).unwrap_or(node);
        match self.pair(part) {
            Some(pair) if self.within.contains(&pair.with) => pair.with,
            // Asked about the district alone, the centre is the district's.
            Some(pair) => pair.centre,
            None => part,
        }
    }

    /// The codes of the parts: the region itself, every city and county of the next level, and each in which a case was
    /// `found`. Townships seldom have a node of their own; they are listed when they do.
    #[must_use]
    pub fn list(&self, found: &[&str]) -> Vec<RegionCode> {
        let mut nodes = vec![self.within];
        nodes.extend(
            found
                .iter()
                .filter_map(|code| code.parse::<RegionCode>().ok()),
        );
        if self.level.above() == Some(self.within.level()) && self.level <= Level::County {
            let children = directory::children(self.within).iter();
            let in_force = children.filter(|region| {
                region.valid_to.is_none() && region.kind == RegionKind::Administrative
            });
            nodes.extend(in_force.map(|region| region.code));
        }
        let mut parts: Vec<RegionCode> = nodes.into_iter().map(|node| self.of(node)).collect();
        parts.retain(|part| self.within.contains(part));
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// What a part is called.
    #[must_use]
    pub fn name(&self, part: RegionCode) -> Text {
        let name = |code: RegionCode| {
            directory::name(code).map_or_else(|| code.to_string(), str::to_owned)
        };
        if let Some(pair) = self.pair(part) {
            let (city, district) = (name(pair.with), name(pair.centre));
            return Text {
                zh: format!("{city}、{district}(市区一体)"),
                en: format!("{city} and {district} as one centre"),
            };
        }
        let own = part == self.within && self.level > part.level();
        let name = name(part);
        Text {
            zh: if own {
                format!("{name}本级")
            } else {
                name.clone()
            },
            en: if own { format!("{name} itself") } else { name },
        }
    }

    /// The pair a part is one of. With rows of the city's own level and above, the district is in the city anyway.
    fn pair(&self, part: RegionCode) -> Option<&Integrated> {
        self.integrated.iter().find(|pair| {
            self.level >= pair.centre.level() && [pair.centre, pair.with].contains(&part)
        })
    }
}
