//! Which regions exist: the national statistical list, and every code of county level and above in force since 1981.
//!
//! Where the lists come from and what they leave open is in `policies/reference/regions/ATTRIBUTION.md`. They are read
//! once, at first use. Villages are not listed.

use chrono::NaiveDate;

use super::reference::REFERENCE;
use super::{Level, RegionCode};

/// The date of the statistical list. A region without `valid_from` has existed since this date at the latest.
pub const LIST_DATE: NaiveDate = match NaiveDate::from_ymd_opt(2023, 6, 30) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

crate::text_enum! {
    /// What a listed code stands for.
    pub enum RegionKind {
        /// An administrative division 行政区划.
        Administrative => "administrative",
        /// An area made for statistics (开发区 and the like with county part 71–79; 类似乡级单位 with township part
        /// 400–599): it has people and disputes, but no government of its level.
        Statistical => "statistical",
        /// A row that only fills a level (市辖区, 省直辖县级行政区划, the county row of a city without counties).
        Placeholder => "placeholder",
    }
}

/// A region, under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its own name, without the names above it: 凉州区.
    pub name: &'static str,
    /// What the code stands for.
    pub kind: RegionKind,
    /// First day under this code and name; none when it is only known to exist on [`LIST_DATE`] (or, for an abolished
    /// one, in 1981). Years are what the source knows: 1 January of the year of the change.
    pub valid_from: Option<NaiveDate>,
    /// Last day; none while in force. 31 December of the year of the change, so that within that year both codes do.
    pub valid_to: Option<NaiveDate>,
    /// The codes that took its place; may be empty for an abolished prefecture.
    pub successors: Vec<RegionCode>,
}

impl Region {
    /// The region's level.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.code.level()
    }

    /// The region one level up by code, listed or not.
    #[must_use]
    pub fn parent(&self) -> Option<RegionCode> {
        self.code.parent()
    }

    /// Whether the region is valid on a date. An unknown beginning counts as always.
    #[must_use]
    pub fn valid_on(&self, date: NaiveDate) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// The regions of a level in the statistical list and those founded since, by code. Empty for villages.
#[must_use]
pub fn list(level: Level) -> &'static [Region] {
    REFERENCE.listed(level)
}

/// The region with this code: the listed one, else the last one that had the code. None for a village.
#[must_use]
pub fn get(code: RegionCode) -> Option<&'static Region> {
    let listed = list(code.level());
    listed
        .binary_search_by_key(&code, |region| region.code)
        .ok()
        .and_then(|index| listed.get(index))
        .or_else(|| former(code).last())
}

/// What else had this code, the oldest first: earlier names, abolished regions.
#[must_use]
pub fn former(code: RegionCode) -> &'static [Region] {
    run(REFERENCE.former(), |region| region.code.cmp(&code))
}

/// The listed regions one level down, by code. Empty for townships and villages.
#[must_use]
pub fn children(code: RegionCode) -> &'static [Region] {
    let Some(level) = code.level().below() else {
        return &[];
    };
    run(list(level), |region| {
        region.code.at(code.level()).cmp(&Some(code))
    })
}

/// The region's own name: 凉州区.
#[must_use]
pub fn name(code: RegionCode) -> Option<&'static str> {
    get(code).map(|region| region.name)
}

/// The region's name with those above it, placeholders left out: 甘肃省武威市凉州区.
#[must_use]
pub fn full_name(code: RegionCode) -> Option<String> {
    let own = get(code)?;
    let mut path: Vec<&Region> = code
        .ancestors()
        .filter_map(get)
        .filter(|region| region.kind != RegionKind::Placeholder)
        .collect();
    path.reverse();
    path.push(own);
    Some(path.iter().map(|region| region.name).collect())
}

/// Whether a region had this code on a date; a village when its township had.
#[must_use]
pub fn valid_on(code: RegionCode, date: NaiveDate) -> bool {
    let code = listable(code);
    get(code).is_some_and(|region| region.valid_on(date))
        || former(code).iter().any(|region| region.valid_on(date))
}

/// The regions in force that have taken the place of this one: itself while in force, nothing when unknown or when the
/// source names no successor.
#[must_use]
pub fn current(code: RegionCode) -> Vec<&'static Region> {
    let mut found: Vec<&'static Region> = Vec::new();
    let mut seen = vec![code];
    let mut next = 0;
    while let Some(code) = seen.get(next).copied() {
        next += 1;
        match get(code) {
            Some(region) if region.valid_to.is_none() => found.push(region),
            Some(region) => {
                let unseen: Vec<RegionCode> = region
                    .successors
                    .iter()
                    .copied()
                    .filter(|code| !seen.contains(code))
                    .collect();
                seen.extend(unseen);
            }
            None => {}
        }
    }
    found
}

pub(super) fn is_known(code: RegionCode) -> bool {
    get(listable(code)).is_some()
}

/// The code that a list could hold: a village's township.
fn listable(code: RegionCode) -> RegionCode {
    code.at(Level::Township).unwrap_or(code)
}

/// The run of equal regions in a list sorted by what is compared.
fn run(
    regions: &'static [Region],
    compare: impl Fn(&Region) -> std::cmp::Ordering,
) -> &'static [Region] {
    let start = regions.partition_point(|region| compare(region).is_lt());
    let end = regions.partition_point(|region| compare(region).is_le());
    regions.get(start..end).unwrap_or_default()
}
