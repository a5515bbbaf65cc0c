//! Which courts have an application (民事诉讼法 205).

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::region::RegionCode;
use judicial_confirmation::domain::{
    agreement::Agreement,
    refusal::Refusal,
    venue::{Places, choose, rightful},
};
use policy::PolicyPack;
use rstest::rstest;

use crate::support::{COURT, OTHER_COURT, effective};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

const INTERMEDIATE: &str = "01900000-0000-7000-8000-000000006206";

fn region(code: &str) -> RegionCode {
    code.parse().unwrap()
}

fn agreement(type_code: &str, amount_fen: i64) -> Agreement {
    let at: DateTime<Utc> = testkit::service::BEGINNING.parse().unwrap();
    let mut event = effective(at);
    event.type_code = type_code.to_owned();
    event.amount_fen = amount_fen;
    let due = POLICY.due("confirmation.apply", None, at).unwrap();
    Agreement::of(event, &due)
}

fn found(agreement: &Agreement, places: &Places) -> Vec<(String, String)> {
    let courts = rightful(agreement, places, POLICY.confirmation());
    courts
        .iter()
        .map(|one| (one.court.code.clone(), one.basis.code.clone()))
        .collect()
}

#[rstest]
#[case::basic("contract.debt", 1_200_000, "liangzhou")]
#[case::large_amount("contract.debt", 5_000_000_000, "wuwei")]
#[case::intellectual_property("other.intellectual_property", 100, "wuwei")]
fn the_level_depends_on_the_dispute(
    #[case] type_code: &str,
    #[case] amount_fen: i64,
    #[case] court: &str,
) {
    let places = Places {
        organisations: vec![region("620602")],
        declared: Vec::new(),
    };
    let courts = found(&agreement(type_code, amount_fen), &places);
    let basis = "organisation_place".to_owned();
    assert_eq!(courts, [(court.to_owned(), basis)]);
}

#[test]
fn domicile_subject_matter_and_every_organisation_count() {
    let places = Places {
        organisations: vec![region("620602"), region("620622101")],
        declared: vec![("domicile".to_owned(), region("620621"))],
    };
    let courts = found(&agreement("contract.debt", 100), &places);
    let courts: Vec<_> = courts
        .iter()
        .map(|(c, b)| (c.as_str(), b.as_str()))
        .collect();
    assert_eq!(
        courts,
        [
            ("minqin", "domicile"),
            ("liangzhou", "organisation_place"),
            ("gulang", "organisation_place"),
        ]
    );
}

#[test]
fn an_inviting_court_has_it_alone() {
    let mut agreement = agreement("contract.debt", 100);
    agreement.inviting_court_id = Some(OTHER_COURT.parse().unwrap());
    let places = Places {
        organisations: vec![region("620602")],
        declared: Vec::new(),
    };
    let inviting = ("minqin".to_owned(), "inviting_court".to_owned());
    assert_eq!(found(&agreement, &places), [inviting]);
    let other = (COURT.parse().unwrap(), "organisation_place");
    let refused = choose(&agreement, other, &places, POLICY.confirmation());
    assert!(
        matches!(&refused, Err(Refusal::WrongCourt("民事诉讼法 205 (1)", courts)) if courts[0].zh == "民勤县人民法院")
    );
}

#[rstest]
#[case::basis(COURT, "somewhere", "unknown basis")]
#[case::court(
    "01900000-0000-7000-8000-00000000ffff",
    "organisation_place",
    "unknown court"
)]
#[case::no_place(COURT, "domicile", "place missing")]
#[case::elsewhere(OTHER_COURT, "organisation_place", "wrong court")]
#[case::not_invited(COURT, "inviting_court", "wrong court")]
#[case::too_high(INTERMEDIATE, "organisation_place", "wrong court")]
fn another_choice_is_refused(#[case] court: &str, #[case] basis: &str, #[case] why: &str) {
    let places = Places {
        organisations: vec![region("620602")],
        declared: Vec::new(),
    };
    let agreement = agreement("contract.debt", 100);
    let chosen = (court.parse().unwrap(), basis);
    let told = match choose(&agreement, chosen, &places, POLICY.confirmation()) {
        Err(Refusal::UnknownCourtBasis) => "unknown basis",
        Err(Refusal::UnknownCourt) => "unknown court",
        Err(Refusal::PlaceMissing) => "place missing",
        Err(Refusal::WrongCourt(..)) => "wrong court",
        _ => "something else",
    };
    assert_eq!(told, why);
}
