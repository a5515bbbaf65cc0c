//! The rules alone; sequences of commands are walked in `machines`.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::events::triage::RiskColour;
use evaluation::domain::{case::Case, follow_up::days_of, rating::Rating, refusal::Refusal};
use policy::PolicyPack;

use crate::support::{COUNTY, id};

pub static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

pub fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

pub fn case() -> Case {
    let mut case = Case::new(id(), COUNTY.parse().unwrap(), now());
    case.party_ids = vec![id(), id()];
    case
}

#[test]
fn a_stranger_does_not_rate() {
    let case = case().end(now(), now()).unwrap();
    let scale = &POLICY.evaluation().rating;
    let given = Rating::give(id(), &case, (id(), false), (5, None), scale, now());
    assert_eq!(given.unwrap_err(), Refusal::NotAParty);
}

#[test]
fn the_visits_of_a_plan_are_counted_from_one() {
    let plan = POLICY
        .evaluation()
        .plan("contract.debt", RiskColour::Red)
        .unwrap();
    let days: Vec<_> = (0..=6).map(|visit| days_of(plan, visit)).collect();
    assert_eq!(
        days,
        [None, Some(7), Some(14), Some(21), Some(28), Some(90), None]
    );
}
