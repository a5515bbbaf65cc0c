//! Reads the lists in `policies/reference/regions`, which are part of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::directory::LIST_DATE;
use super::{Level, Region, RegionCode, RegionKind};

const PROVINCES: &str = include_str!("../../../policies/reference/regions/provinces.csv");
const CITIES: &str = include_str!("../../../policies/reference/regions/cities.csv");
const COUNTIES: &str = include_str!("../../../policies/reference/regions/areas.csv");
const TOWNSHIP_LIST: &str = include_str!("../../../policies/reference/regions/streets.csv");
const CHANGES: &str = include_str!("../../../policies/reference/regions/changes.csv");

/// The first year of the ministry's list: "in or before".
const FIRST_YEAR: i32 = 1981;

/// The levels down to the county.
pub(super) static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::read);

/// The townships, by code. Apart, because nine tenths of all rows are theirs and many programs never ask.
pub(super) static TOWNSHIPS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let mut townships: Vec<Region> = TOWNSHIP_LIST
        .lines()
        .filter_map(code_and_name)
        .map(|(code, name)| listed_only(code, name, township_kind(code)))
        .collect();
    townships.sort_by_key(|region| region.code);
    townships
});

/// Everything in the lists.
#[derive(Default)]
pub(super) struct Reference {
    provinces: Vec<Region>,
    cities: Vec<Region>,
    counties: Vec<Region>,
    /// What the ministry's list has beyond the four lists, by code, the oldest first.
    former: Vec<Region>,
}

impl Reference {
    pub(super) fn listed(&self, level: Level) -> &[Region] {
        match level {
            Level::Province => &self.provinces,
            Level::City => &self.cities,
            Level::County => &self.counties,
            Level::Township => &TOWNSHIPS,
            Level::Village => &[],
        }
    }

    pub(super) fn former(&self) -> &[Region] {
        &self.former
    }

    fn read() -> Self {
        let mut ministry: BTreeMap<RegionCode, Vec<Region>> = BTreeMap::new();
        for region in CHANGES.lines().filter_map(change) {
            ministry.entry(region.code).or_default().push(region);
        }
        let mut reference = Self::default();
        for line in [PROVINCES, CITIES, COUNTIES]
            .iter()
            .flat_map(|list| list.lines())
        {
            if let Some((code, name)) = code_and_name(line) {
                let region =
                    reference.merge(code, name, ministry.remove(&code).unwrap_or_default());
                reference.push(region);
            }
        }
        for mut periods in ministry.into_values() {
            match periods.pop() {
                Some(last) if last.valid_from.is_some_and(|from| from > LIST_DATE) => {
                    reference.push(last)
                }
                Some(last) => reference.former.push(last),
                None => {}
            }
            reference.former.append(&mut periods);
        }
        reference.sort();
        reference
    }

    /// A row of the statistical list with what the ministry's list has under its code, the oldest first.
    fn merge(&mut self, code: RegionCode, name: &'static str, mut periods: Vec<Region>) -> Region {
        let administrative = periods.iter().any(|period| period.valid_on(LIST_DATE));
        let latest = if administrative { periods.pop() } else { None };
        self.former.append(&mut periods);
        latest.unwrap_or_else(|| listed_only(code, name, self.kind_of_filler(code, name)))
    }

    /// The kind of a row that is in the statistical list only: it fills a level when it is a city (no such city exists) or
    /// repeats its city's name. The levels are read from the top, so a county finds its city.
    fn kind_of_filler(&self, code: RegionCode, name: &str) -> RegionKind {
        let repeats_city = || {
            self.cities
                .iter()
                .any(|city| Some(city.code) == code.parent() && city.name == name)
        };
        if code.level() == Level::City || repeats_city() {
            RegionKind::Placeholder
        } else {
            RegionKind::Statistical
        }
    }

    fn push(&mut self, region: Region) {
        match region.level() {
            Level::Province => self.provinces.push(region),
            Level::City => self.cities.push(region),
            Level::County => self.counties.push(region),
            Level::Township | Level::Village => self.former.push(region),
        }
    }

    fn sort(&mut self) {
        for regions in [
            &mut self.provinces,
            &mut self.cities,
            &mut self.counties,
            &mut self.former,
        ] {
            regions.sort_by_key(|region| (region.code, region.valid_from));
        }
    }
}

fn listed_only(code: RegionCode, name: &'static str, kind: RegionKind) -> Region {
    Region {
        code,
        name,
        kind,
        valid_from: None,
        valid_to: None,
        successors: Vec::new(),
    }
}

/// Township part 000: a county without townships (金门县); 400–599: 类似乡级单位, such as an industrial park or a farm.
fn township_kind(code: RegionCode) -> RegionKind {
    match code.as_str().as_bytes() {
        [.., b'0', b'0', b'0'] => RegionKind::Placeholder,
        [.., b'4' | b'5', _, _] => RegionKind::Statistical,
        _ => RegionKind::Administrative,
    }
}

/// `110101001,"东华门街道",…`; none for the heading.
fn code_and_name(line: &'static str) -> Option<(RegionCode, &'static str)> {
    let mut fields = line.split(',');
    let code = fields.next()?.parse().ok()?;
    Some((code, fields.next()?.trim_matches('"')))
}

/// `340223,南陵县,…`: code, name, first year, last year, successors; none for the heading.
fn change(line: &'static str) -> Option<Region> {
    let (code, name) = code_and_name(line)?;
    let mut years = line.split(',').skip(2);
    let first: i32 = years.next()?.parse().ok()?;
    let last: Option<i32> = years.next()?.parse().ok();
    Some(Region {
        code,
        name,
        kind: RegionKind::Administrative,
        valid_from: if first > FIRST_YEAR {
            NaiveDate::from_ymd_opt(first, 1, 1)
        } else {
            None
        },
        valid_to: last.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31)),
        successors: years
            .next()?
            .split(';')
            .filter_map(|code| code.parse().ok())
            .collect(),
    })
}
