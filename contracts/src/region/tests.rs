//! The code's syntax and algebra, and the lists against what they are known to hold.

use chrono::NaiveDate;
use proptest::prelude::*;
use rstest::rstest;

use super::directory::{self, LIST_DATE};
use super::{Level, Region, RegionCode, RegionCodeError, RegionKind};

fn code(text: &str) -> RegionCode {
    text.parse().unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn on_list_date(level: Level) -> usize {
    directory::list(level)
        .iter()
        .filter(|region| region.valid_on(LIST_DATE))
        .count()
}

fn names(regions: &[Region]) -> Vec<&'static str> {
    regions.iter().map(|region| region.name).collect()
}

#[rstest]
#[case("34", Level::Province, "34")]
#[case("3413", Level::City, "34.13")]
#[case("341302", Level::County, "34.13.02")]
#[case("341302100", Level::Township, "34.13.02.100")]
#[case("341302100201", Level::Village, "34.13.02.100.201")]
#[case("441900003", Level::Township, "44.19.00.003")]
#[case("350527000", Level::Township, "35.05.27.000")]
fn a_code_has_a_level_and_a_subject_form(
    #[case] text: &str,
    #[case] level: Level,
    #[case] subject: &str,
) {
    let code = code(text);
    assert_eq!(code.level(), level);
    assert_eq!(code.to_string(), text);
    assert_eq!(code.subject(), subject);
    assert_eq!(RegionCode::from_subject(subject), Ok(code));
}

#[rstest]
#[case("", RegionCodeError::Length)]
#[case("3", RegionCodeError::Length)]
#[case("34130", RegionCodeError::Length)]
#[case("3413021001", RegionCodeError::Length)]
#[case("3413021002010", RegionCodeError::Length)]
#[case("34a3", RegionCodeError::Characters)]
#[case(" 3413", RegionCodeError::Characters)]
#[case("３４", RegionCodeError::Characters)]
#[case("34.13", RegionCodeError::Characters)]
#[case("3400", RegionCodeError::ZeroPart(Level::City))]
#[case("00", RegionCodeError::ZeroPart(Level::Province))]
#[case("341302100000", RegionCodeError::ZeroPart(Level::Village))]
fn other_texts_are_refused(#[case] text: &str, #[case] error: RegionCodeError) {
    assert_eq!(text.parse::<RegionCode>(), Err(error));
}

#[rstest]
#[case("3413")]
#[case("34..13")]
#[case("34.13.")]
#[case("34.1.302")]
#[case(".34")]
fn other_subjects_are_refused(#[case] subject: &str) {
    assert!(RegionCode::from_subject(subject).is_err());
}

#[rstest]
#[case("620600", "6206")]
#[case("620000000000", "62")]
#[case("620602000", "620602")]
#[case("620602001000", "620602001")]
#[case("620602001001", "620602001001")]
#[case("620602", "620602")]
fn zeros_that_others_add_are_cut(#[case] padded: &str, #[case] plain: &str) {
    assert_eq!(RegionCode::from_padded(padded), Ok(code(plain)));
}

#[test]
fn parents_and_ancestors() {
    let village = code("620602001001");
    let path: Vec<String> = village.ancestors().map(|code| code.to_string()).collect();
    assert_eq!(path, ["620602001", "620602", "6206", "62"]);
    assert_eq!(code("62").parent(), None);
    assert_eq!(village.at(Level::City), Some(code("6206")));
    assert_eq!(code("62").at(Level::City), None);
}

#[test]
fn json_is_a_checked_string() {
    assert_eq!(serde_json::to_string(&code("6206")).unwrap(), r#""6206""#);
    assert_eq!(
        serde_json::from_str::<RegionCode>(r#""6206""#).unwrap(),
        code("6206")
    );
    for bad in [r#""62061""#, "6206", "null", r#""6200""#] {
        assert!(serde_json::from_str::<RegionCode>(bad).is_err(), "{bad}");
    }
    let error = serde_json::from_str::<RegionCode>(r#""13900001111x""#)
        .unwrap_err()
        .to_string();
    assert!(
        !error.contains("13900001111"),
        "an error repeats no input: {error}"
    );
}

#[test]
fn the_schema_is_a_string_with_a_pattern() {
    let schema = serde_json::to_value(<RegionCode as utoipa::PartialSchema>::schema()).unwrap();
    assert_eq!(schema["type"], "string");
    assert_eq!(
        schema["pattern"],
        "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"
    );
}

#[test]
fn the_lists_are_whole() {
    assert_eq!(
        Level::ALL
            .iter()
            .map(|level| on_list_date(*level))
            .collect::<Vec<_>>(),
        [31, 342, 2978, 41352, 0]
    );
    let since: Vec<&str> = directory::list(Level::County)
        .iter()
        .filter(|region| !region.valid_on(LIST_DATE))
        .map(|region| region.name)
        .collect();
    assert_eq!(since, ["和康县", "和安县"]);
}

#[test]
fn every_listed_region_has_its_place() {
    for level in Level::ALL {
        for region in directory::list(*level) {
            assert_eq!(region.level(), *level);
            assert!(
                region
                    .parent()
                    .is_none_or(|parent| directory::get(parent).is_some()),
                "{region:?}"
            );
            assert_eq!(directory::get(region.code), Some(region));
            assert!(
                !region.name.is_empty() && !region.name.contains(['"', ',']),
                "{region:?}"
            );
        }
        assert!(directory::list(*level).is_sorted_by(|a, b| a.code < b.code));
        let below = level
            .below()
            .map_or(0, |below| directory::list(below).len());
        assert_eq!(
            directory::list(*level)
                .iter()
                .map(|region| directory::children(region.code).len())
                .sum::<usize>(),
            below
        );
    }
}

#[rstest]
#[case("3413", "宿州市", 7, 122)]
#[case("6206", "武威市", 4, 108)]
#[case("3704", "枣庄市", 6, 66)]
fn the_pilot_cities(
    #[case] city: &str,
    #[case] name: &str,
    #[case] counties: usize,
    #[case] townships: usize,
) {
    assert_eq!(directory::name(code(city)), Some(name));
    let children = directory::children(code(city));
    assert_eq!(children.len(), counties);
    assert_eq!(
        children
            .iter()
            .map(|county| directory::children(county.code).len())
            .sum::<usize>(),
        townships
    );
}

#[test]
fn shiquan_has_eleven_towns() {
    let towns = names(directory::children(code("610922")));
    assert_eq!(towns.len(), 11);
    assert_eq!(
        (towns.first(), towns.last()),
        (Some(&"城关镇"), Some(&"曾溪镇"))
    );
}

#[rstest]
#[case("341302", RegionKind::Administrative)]
#[case("341371", RegionKind::Statistical)]
#[case("341372", RegionKind::Statistical)]
#[case("370481", RegionKind::Administrative)] // 滕州市: from 81 up are county-level cities
#[case("232761", RegionKind::Statistical)]
#[case("632857", RegionKind::Statistical)]
#[case("620201", RegionKind::Placeholder)]
#[case("441900", RegionKind::Placeholder)]
#[case("1101", RegionKind::Placeholder)]
#[case("5002", RegionKind::Placeholder)]
#[case("4190", RegionKind::Placeholder)]
#[case("419001", RegionKind::Administrative)]
#[case("110101001", RegionKind::Administrative)]
#[case("110115403", RegionKind::Statistical)]
#[case("350527000", RegionKind::Placeholder)]
fn kinds(#[case] text: &str, #[case] kind: RegionKind) {
    assert_eq!(directory::get(code(text)).unwrap().kind, kind);
}

#[test]
fn county_parts_71_to_79_are_never_administrative() {
    for county in directory::list(Level::County) {
        if matches!(county.code.as_str().as_bytes(), [.., b'7', b'1'..=b'9']) {
            assert_eq!(county.kind, RegionKind::Statistical, "{county:?}");
        }
    }
    let statistical = directory::list(Level::County)
        .iter()
        .filter(|county| county.kind == RegionKind::Statistical)
        .count();
    assert_eq!(statistical, 132);
}

#[rstest]
#[case("62", Some("甘肃省"))]
#[case("620602", Some("甘肃省武威市凉州区"))]
#[case("110101001", Some("北京市东城区东华门街道"))]
#[case("441900003", Some("广东省东莞市东城街道"))]
#[case("419001", Some("河南省济源市"))]
#[case("1101", Some("北京市市辖区"))]
#[case("342221", Some("安徽省宿县地区砀山县"))]
#[case("620602001001", None)]
#[case("99", None)]
fn full_names(#[case] text: &str, #[case] name: Option<&str>) {
    assert_eq!(directory::full_name(code(text)).as_deref(), name);
}

#[rstest]
#[case("6206", true)]
#[case("620602001", true)]
#[case("620602001999", true)]
#[case("620602999001", false)]
#[case("620699", false)]
#[case("620600", false)]
#[case("620602000", false)]
#[case("99", false)]
#[case("342221", true)]
#[case("71", true)]
#[case("460302", true)]
fn known_is_more_than_syntax(#[case] text: &str, #[case] known: bool) {
    assert_eq!(code(text).known(), known);
}

#[rstest]
#[case("610928", day(2020, 12, 31), true)] // 旬阳县, a city since 2021: both codes in the year of the change
#[case("610928", day(2021, 12, 31), true)]
#[case("610928", day(2022, 1, 1), false)]
#[case("610981", day(2020, 12, 31), false)]
#[case("610981", day(2021, 1, 1), true)]
#[case("653228", day(2023, 12, 31), false)]
#[case("653228", day(2025, 1, 1), true)]
#[case("220602", day(1990, 1, 1), true)] // under its first name
#[case("341371", day(2024, 1, 1), true)]
#[case("610922100001", day(2024, 1, 1), true)]
#[case("610922999001", day(2024, 1, 1), false)]
fn validity(#[case] text: &str, #[case] date: NaiveDate, #[case] valid: bool) {
    assert_eq!(directory::valid_on(code(text), date), valid);
}

#[rstest]
#[case("610928", &["610981"])]
#[case("342223", &["341302"])] // 宿县 → 宿州市 342201 → 埇桥区 341302
#[case("6206", &["6206"])]
#[case("99", &[])]
fn successors_lead_to_what_is_in_force(#[case] text: &str, #[case] expected: &[&str]) {
    let current: Vec<&str> = directory::current(code(text))
        .iter()
        .map(|region| region.code.as_str())
        .collect();
    assert_eq!(current, expected);
}

#[test]
fn successors_are_known_and_names_are_kept() {
    let former: Vec<&Region> = Level::ALL
        .iter()
        .flat_map(|level| directory::list(*level))
        .flat_map(|region| directory::former(region.code))
        .collect();
    assert!(
        former
            .iter()
            .all(|region| region.valid_to.is_some() && region.valid_from < region.valid_to)
    );
    assert_eq!(
        names(directory::former(code("220602"))),
        ["八道江区", "八道江区"]
    );
    assert_eq!(directory::name(code("220602")), Some("浑江区"));
    let abolished = directory::get(code("371202")).unwrap(); // 莱城区, in Jinan since
    assert_eq!(abolished.successors, [code("370116")]);
    for region in super::reference::REFERENCE.former() {
        assert!(
            region.successors.iter().all(RegionCode::known),
            "{region:?}"
        );
    }
}

fn any_code() -> impl Strategy<Value = RegionCode> {
    (
        "[1-9][0-9][0-9][1-9][0-9]{2}[0-9]{2}[1-9][0-9]{2}[1-9]",
        0..5_usize,
    )
        .prop_map(|(digits, level)| {
            digits
                .get(..Level::ALL[level].digits())
                .unwrap()
                .parse()
                .unwrap()
        })
}

/// Codes that are often related: over few digits.
fn close_code() -> impl Strategy<Value = RegionCode> {
    ("1[12]1[12]1[12]00[12]00[12]", 0..5_usize).prop_map(|(digits, level)| {
        digits
            .get(..Level::ALL[level].digits())
            .unwrap()
            .parse()
            .unwrap()
    })
}

proptest! {
    #[test]
    fn text_and_subject_round_trip(code in any_code()) {
        prop_assert_eq!(code.as_str().parse::<RegionCode>(), Ok(code));
        prop_assert_eq!(RegionCode::from_subject(&code.subject()), Ok(code));
        prop_assert_eq!(serde_json::from_value::<RegionCode>(serde_json::to_value(code).unwrap()).unwrap(), code);
    }

    #[test]
    fn containment_is_a_partial_order(a in close_code(), b in close_code(), c in close_code()) {
        prop_assert!(a.contains(&a));
        prop_assert!(!(a.contains(&b) && b.contains(&a)) || a == b);
        prop_assert!(!(a.contains(&b) && b.contains(&c)) || a.contains(&c));
        prop_assert_eq!(a.contains(&b), b == a || b.ancestors().any(|ancestor| ancestor == a));
    }

    #[test]
    fn codes_are_ordered_as_their_texts(a in close_code(), b in close_code()) {
        prop_assert_eq!(a.cmp(&b), a.as_str().cmp(b.as_str()));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,14}") {
        let _ = text.parse::<RegionCode>();
        let _ = RegionCode::from_subject(&text);
        let _ = RegionCode::from_padded(&text);
    }
}
