//! Every published vector, the rules one by one, and what must not leak.

use chrono::NaiveDate;
use proptest::prelude::*;
use rstest::rstest;

use super::check_digit::check_character;
use super::{DocumentKind, IdentifierError, ResidentId, Sex, UnifiedSocialCreditCode, validate};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// `kind,value,expected,note,source`; notes may hold commas, the first three fields do not.
#[test]
fn every_published_vector_gets_its_verdict() {
    let mut rows = (0, 0, 0, 0);
    for line in include_str!("../../tests/vectors/identifiers.csv")
        .lines()
        .skip(1)
    {
        let fields: Vec<&str> = line.splitn(4, ',').collect();
        let valid = match fields[0] {
            "resident-id" => fields[1].parse::<ResidentId>().is_ok(),
            "uscc" => fields[1].parse::<UnifiedSocialCreditCode>().is_ok(),
            other => panic!("unknown kind {other}"),
        };
        assert_eq!(valid, fields[2] == "valid", "{line}");
        assert!(["valid", "invalid"].contains(&fields[2]), "{line}");
        match (fields[0], valid) {
            ("resident-id", true) => rows.0 += 1,
            ("resident-id", false) => rows.1 += 1,
            (_, true) => rows.2 += 1,
            (_, false) => rows.3 += 1,
        }
    }
    assert_eq!(rows, (14, 7, 67, 2));
}

#[rstest]
#[case("11010519491231002X", day(1949, 12, 31), Sex::Female)]
#[case("440524188001010014", day(1880, 1, 1), Sex::Male)]
#[case(" 11010519491231002x ", day(1949, 12, 31), Sex::Female)]
#[case("１１０１０５１９４９１２３１００２Ｘ", day(1949, 12, 31), Sex::Female)]
#[case("610104620927690", day(1962, 9, 27), Sex::Female)]
#[case("810000199408230021", day(1994, 8, 23), Sex::Female)]
#[case("341302199001011238", day(1990, 1, 1), Sex::Male)]
fn a_number_tells_birth_date_and_sex(
    #[case] text: &str,
    #[case] birth_date: NaiveDate,
    #[case] sex: Sex,
) {
    let id: ResidentId = text.parse().unwrap();
    assert_eq!(id.birth_date(), birth_date);
    assert_eq!(id.sex(), sex);
}

#[rstest]
#[case("", IdentifierError::Length)]
#[case("34130219900101123", IdentifierError::Length)]
#[case("3413021990010112380", IdentifierError::Length)]
#[case("34130219900101123X", IdentifierError::Checksum)]
#[case("341302199001011234", IdentifierError::Checksum)] // the check character is 8
#[case("341302199013011238", IdentifierError::BirthDate)]
#[case("341302199002291238", IdentifierError::BirthDate)]
#[case("341302179901011238", IdentifierError::BirthDate)]
#[case("990426199112010074", IdentifierError::Region)]
#[case("34130219900101A238", IdentifierError::Characters)]
#[case("34130219900101123A", IdentifierError::Characters)]
#[case("3413021990010112宿8", IdentifierError::Characters)]
#[case("61010462092769X", IdentifierError::Characters)]
#[case("610104620932690", IdentifierError::BirthDate)]
fn a_resident_number_is_refused_for(#[case] text: &str, #[case] error: IdentifierError) {
    assert_eq!(text.parse::<ResidentId>(), Err(error));
}

#[test]
fn fifteen_and_eighteen_characters_are_the_same_person() {
    let old: ResidentId = "610104620927690".parse().unwrap();
    assert_eq!(old.expose().len(), 18);
    assert_eq!(old.expose().parse::<ResidentId>(), Ok(old.clone()));
    assert!(old.expose().starts_with("61010419620927690"));
}

#[test]
fn hong_kong_and_macau_are_permits_only() {
    let body = "81010119940823002";
    let number = format!("{body}{}", check_character(body).unwrap());
    assert_eq!(number.parse::<ResidentId>(), Err(IdentifierError::Region));
}

#[test]
fn nobody_is_born_tomorrow() {
    let id: ResidentId = "341302199001011238".parse().unwrap();
    assert!(id.clone().born_by(day(1990, 1, 1)).is_ok());
    assert_eq!(
        id.clone().born_by(day(1989, 12, 31)),
        Err(IdentifierError::BirthDate)
    );
    assert_eq!(id.age_on(day(2007, 12, 31)), Some(17));
    assert_eq!(id.age_on(day(2008, 1, 1)), Some(18));
    assert_eq!(id.age_on(day(1989, 1, 1)), None);
}

#[rstest]
#[case("91350100M000100Y43", Ok(()))]
#[case("91350100m000100y43", Ok(()))]
#[case("91350100M000100Y4Z", Err(IdentifierError::Characters))]
#[case("91350100M000100Y44", Err(IdentifierError::Checksum))]
#[case("913501O0M000100Y43", Err(IdentifierError::Characters))]
#[case("91A50100M000100Y43", Err(IdentifierError::Characters))]
#[case("91350100M000100Y4", Err(IdentifierError::Length))]
fn credit_codes(#[case] text: &str, #[case] expected: Result<(), IdentifierError>) {
    assert_eq!(
        text.parse::<UnifiedSocialCreditCode>().map(|_| ()),
        expected
    );
}

#[rstest]
#[case(
    DocumentKind::ResidentId,
    "341302199001011238",
    Ok("341***********1238")
)]
#[case(
    DocumentKind::ResidentId,
    "810000199408230021",
    Err(IdentifierError::Kind)
)]
#[case(
    DocumentKind::ResidencePermit,
    "810000199408230021",
    Ok("810***********0021")
)]
#[case(
    DocumentKind::ResidencePermit,
    "830000198802110027",
    Ok("830***********0027")
)]
#[case(
    DocumentKind::ResidencePermit,
    "341302199001011238",
    Err(IdentifierError::Kind)
)]
#[case(DocumentKind::Passport, "e12345678", Ok("E******78"))]
#[case(DocumentKind::Passport, "E123", Err(IdentifierError::Length))]
#[case(DocumentKind::Passport, "ABCDEFGH", Err(IdentifierError::Characters))]
#[case(DocumentKind::Passport, "E1234-5678", Err(IdentifierError::Characters))]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "911124198108030024",
    Ok("911***********0024")
)]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "911124198108030023",
    Err(IdentifierError::Checksum)
)]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "341302199001011238",
    Err(IdentifierError::Kind)
)]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "can110081080310",
    Ok("CAN********0310")
)]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "C1N110081080310",
    Err(IdentifierError::Characters)
)]
#[case(
    DocumentKind::ForeignPermanentResidence,
    "911124",
    Err(IdentifierError::Length)
)]
#[case(
    DocumentKind::UnifiedSocialCreditCode,
    "91350100M000100Y43",
    Ok("913***********0Y43")
)]
fn documents(
    #[case] kind: DocumentKind,
    #[case] text: &str,
    #[case] expected: Result<&str, IdentifierError>,
) {
    let result = validate(kind, text);
    assert_eq!(
        result
            .as_ref()
            .map(|number| number.masked())
            .as_deref()
            .map_err(|error| **error),
        expected
    );
    assert!(result.is_err() || result.unwrap().kind() == kind);
}

#[test]
fn numbers_do_not_leak() {
    let number = "341302199001011238";
    let id: ResidentId = number.parse().unwrap();
    let document = validate(DocumentKind::ResidentId, number).unwrap();
    let code: UnifiedSocialCreditCode = "91350100M000100Y43".parse().unwrap();
    let shown = format!("{id:?} {document:?} {code:?}");
    assert_eq!(
        shown,
        "ResidentId(***) Normalised(resident-id, ***) UnifiedSocialCreditCode(***)"
    );
    let error = serde_json::from_str::<ResidentId>(r#""341302199001011234""#)
        .unwrap_err()
        .to_string();
    assert!(!error.contains("3413"), "{error}");
    let error = serde_json::from_str::<ResidentId>("341302199001011238")
        .unwrap_err()
        .to_string();
    assert!(
        !error.contains("3413"),
        "a number in place of a string is not repeated: {error}"
    );
}

#[test]
fn reasons_are_distinct_and_in_two_languages() {
    let codes: std::collections::BTreeSet<&str> = IdentifierError::ALL
        .iter()
        .map(|error| error.code())
        .collect();
    assert_eq!(codes.len(), IdentifierError::ALL.len());
    for error in IdentifierError::ALL {
        assert!(!error.zh().is_ascii() && error.en().is_ascii());
    }
}

fn number() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["341302", "620602", "370481", "610922"]),
        0..30_000_i64,
        0..1000_u32,
    )
        .prop_map(|(region, days, order)| {
            let born = day(1930, 1, 1) + chrono::Duration::days(days);
            let body = format!("{region}{}{order:03}", born.format("%Y%m%d"));
            let check = check_character(&body).unwrap();
            format!("{body}{check}")
        })
}

proptest! {
    #[test]
    fn a_made_number_is_valid(number in number()) {
        let id: ResidentId = number.parse().unwrap();
        prop_assert_eq!(id.expose(), number.as_str());
        prop_assert_eq!(id.masked().chars().filter(|c| *c == '*').count(), 11);
    }

    #[test]
    fn one_wrong_digit_is_found(number in number(), place in 0..18_usize, digit in 0..10_u8) {
        let mut wrong = number.clone().into_bytes();
        prop_assume!(wrong[place] != b'0' + digit);
        wrong[place] = b'0' + digit;
        prop_assert!(String::from_utf8(wrong).unwrap().parse::<ResidentId>().is_err());
    }

    #[test]
    fn two_neighbours_exchanged_are_found(number in number(), place in 0..16_usize) {
        let mut wrong = number.clone().into_bytes();
        prop_assume!(wrong[place] != wrong[place + 1]);
        wrong.swap(place, place + 1);
        prop_assert!(String::from_utf8(wrong).unwrap().parse::<ResidentId>().is_err());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,20}", kind in prop::sample::select(DocumentKind::ALL)) {
        let _ = validate(kind, &text);
    }
}
