//! The public status.

use chrono::{DateTime, Duration, Utc};
use intake::domain::{case::CaseStatus, public_fact::PublicFact};
use proptest::prelude::*;

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_000) + Duration::minutes(minutes)
}

/// The status after these facts have arrived in this order.
fn status(facts: &[(PublicFact, i64)]) -> Option<CaseStatus> {
    let mut standing: Option<(i64, CaseStatus)> = None;
    for (fact, minutes) in facts {
        let status = fact.status();
        let order = status.order(at(*minutes));
        if standing.is_none_or(|(before, _)| before < order) {
            standing = Some((order, status));
        }
    }
    standing.map(|(_, status)| status)
}

#[test]
fn a_late_fact_does_not_move_it_back() {
    use PublicFact::*;
    assert_eq!(
        status(&[(Registered, 0), (MediationStarted, 9), (Triaged, 5)]),
        Some(CaseStatus::Mediating)
    );
    // Even with a clock that is wrong at another service.
    assert_eq!(
        status(&[(MediationStarted, 9), (Triaged, 12)]),
        Some(CaseStatus::Mediating)
    );
    assert_eq!(
        status(&[(Closed, 20), (Performed, 25)]),
        Some(CaseStatus::Closed)
    );
}

#[test]
fn confirmation_comes_and_goes_while_the_agreement_stands() {
    use PublicFact::*;
    let mut facts = vec![
        (Agreed, 1),
        (AgreementEffective, 1),
        (ConfirmationApplied, 2),
    ];
    assert_eq!(status(&facts), Some(CaseStatus::Confirming));
    facts.push((ConfirmedValid, 3));
    assert_eq!(status(&facts), Some(CaseStatus::Performing));
    facts.push((Performed, 4));
    facts.push((ConfirmationExpired, 5));
    assert_eq!(status(&facts), Some(CaseStatus::Performed));
}

fn facts() -> impl Strategy<Value = Vec<(PublicFact, i64)>> {
    prop::collection::vec((prop::sample::select(PublicFact::ALL), 0_i64..5), 1..12)
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter((facts, shuffled) in facts().prop_flat_map(|facts| {
        (Just(facts.clone()), Just(facts).prop_shuffle())
    })) {
        prop_assert_eq!(status(&facts), status(&shuffled));
    }

    #[test]
    fn archived_is_the_end(mut facts in facts(), minutes in 0_i64..5) {
        facts.insert(0, (PublicFact::Archived, minutes));
        prop_assert_eq!(status(&facts), Some(CaseStatus::Archived));
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    let names = CaseStatus::ALL.iter().map(|status| status.name());
    for (zh, en) in names.chain(PublicFact::ALL.iter().map(|fact| fact.text())) {
        assert!(
            !zh.is_ascii() && en.is_ascii() && !en.is_empty(),
            "{zh} {en}"
        );
    }
}
