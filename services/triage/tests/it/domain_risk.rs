//! The rules of the risk colour alone.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::RiskColour::{self, Blue, Orange, Red, Yellow},
    problems::{common, triage as problems},
};
use policy::{PolicyPack, sections::triage::RiskTrigger};
use rstest::rstest;
use triage::domain::{Choice, Refusal, Towards, TriageCase, proposal::propose};

use crate::support::{COUNTY, accepted, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

fn case(colour: RiskColour, persons: u32) -> TriageCase {
    let mut event = accepted(COUNTY, now());
    event.persons_involved = persons;
    TriageCase::accepted(&event, colour, now(), now())
}

#[rstest]
#[case(RiskTrigger::PoliceReported, Blue, Some((Red, "police")))]
#[case(RiskTrigger::PoliceReported, Red, None)]
#[case(RiskTrigger::SupportReferred, Yellow, Some((Orange, "support")))]
#[case(RiskTrigger::SupportReferred, Red, None)]
#[case(RiskTrigger::SupervisionOverdue, Blue, Some((Orange, "supervision_overdue")))]
#[case(RiskTrigger::Reopened, Blue, Some((Yellow, "reopened")))]
#[case(RiskTrigger::Reopened, Orange, None)]
#[case(RiskTrigger::Merged, Blue, None)]
fn what_happens_raises_the_colour_and_never_lowers_it(
    #[case] on: RiskTrigger,
    #[case] from: RiskColour,
    #[case] expected: Option<(RiskColour, &str)>,
) {
    let case = case(from, 2);
    let raised = case.raise_by_rules(id(), on, &POLICY, now());
    let Some((colour, rule)) = expected else {
        assert_eq!(raised, None);
        return;
    };
    let (after, change, event) = raised.unwrap();
    assert_eq!((after.colour, after.version), (colour, case.version + 1));
    assert_eq!((change.was, change.colour), (from, colour));
    assert_eq!(
        (change.rule.as_deref(), change.changed_by),
        (Some(rule), None)
    );
    assert_eq!(
        (event.was, event.colour, event.rule.as_deref()),
        (from, colour, Some(rule))
    );
}

#[rstest]
#[case::few_people((Blue, 2), (Blue, 2), Blue, None)]
#[case::five_together((Blue, 3), (Blue, 2), Yellow, Some("merged.people.5"))]
#[case::thirty_together((Blue, 3), (Blue, 27), Red, Some("merged.people.30"))]
#[case::the_severer_one_stays((Blue, 2), (Red, 2), Red, Some("merged"))]
#[case::severer_than_the_people((Blue, 5), (Red, 5), Red, Some("merged"))]
#[case::it_is_severer_itself((Red, 3), (Yellow, 3), Red, None)]
fn a_case_takes_in_the_people_and_the_colour_of_a_merged_one(
    #[case] into: (RiskColour, u32),
    #[case] merged: (RiskColour, u32),
    #[case] colour: RiskColour,
    #[case] rule: Option<&str>,
) {
    let (into, other) = (case(into.0, into.1), case(merged.0, merged.1));
    let (after, raised) = into.take_in(id(), &other, &POLICY, now());
    assert_eq!(
        after.persons_involved,
        into.persons_involved + other.persons_involved
    );
    assert_eq!((after.colour, after.version), (colour, into.version + 1));
    let raised = raised.map(|(change, _)| change.rule.unwrap());
    assert_eq!(raised.as_deref(), rule);
}

#[test]
fn a_person_changes_the_colour_with_a_reason() {
    let yellow = case(Yellow, 2);
    let change = |case: &TriageCase, colour, towards, reason: &str| {
        case.recolour(id(), (colour, towards), reason, "officer", &POLICY, now())
    };
    let (after, kept, event) = change(&yellow, Blue, Towards::Milder, " 已平息 ").unwrap();
    assert_eq!((after.colour, event.colour), (Blue, Blue));
    assert_eq!((event.was, event.rule), (Yellow, None));
    assert_eq!(kept.reason.as_deref(), Some("已平息"));
    assert_eq!(kept.changed_by.as_deref(), Some("officer"));
    let (after, ..) = change(&yellow, Red, Towards::Severer, "扬言报复").unwrap();
    assert_eq!(after.colour, Red);
    let at = |code, at| Refusal::Field(code, at);
    for (colour, towards, reason, expected) in [
        (
            Yellow,
            Towards::Severer,
            "由",
            at(&problems::COLOUR_NOT_HIGHER, "/colour"),
        ),
        (
            Blue,
            Towards::Severer,
            "由",
            at(&problems::COLOUR_NOT_HIGHER, "/colour"),
        ),
        (
            Yellow,
            Towards::Milder,
            "由",
            at(&problems::COLOUR_NOT_LOWER, "/colour"),
        ),
        (
            Red,
            Towards::Milder,
            "由",
            at(&problems::COLOUR_NOT_LOWER, "/colour"),
        ),
        (
            Blue,
            Towards::Milder,
            " ",
            at(&common::TEXT_REQUIRED, "/reason"),
        ),
    ] {
        assert_eq!(
            change(&yellow, colour, towards, reason),
            Err(expected),
            "{colour} {towards:?}"
        );
    }
    let merged = yellow.merge(now()).unwrap();
    let refused = change(&merged, Red, Towards::Severer, "由").unwrap_err();
    assert!(matches!(refused, Refusal::Transition { .. }));
    let raised = merged.raise_by_rules(id(), RiskTrigger::PoliceReported, &POLICY, now());
    assert_eq!(raised, None);
}

#[test]
fn a_decision_below_the_colour_that_a_case_has_needs_a_reason() {
    let event = accepted(COUNTY, now());
    let text = "邻居噪音扰民".to_owned();
    let (proposal, _) = propose(&POLICY, &event, text, id(), now()).unwrap();
    let case = TriageCase::accepted(&event, proposal.colour, now(), now());
    let choice = |reason: Option<&str>| Choice {
        type_code: proposal.type_code.clone(),
        route: "peoples_mediation".to_owned(),
        track: proposal.track,
        colour: proposal.colour,
        reason: reason.map(ToOwned::to_owned),
    };
    let (raised, ..) = case
        .raise_by_rules(id(), RiskTrigger::PoliceReported, &POLICY, now())
        .unwrap();
    let refused = raised.decide(&proposal, choice(None), "officer", &POLICY, now());
    assert_eq!(refused.unwrap_err(), Refusal::LoweredWithoutReason);
    let (decided, ..) = raised
        .decide(
            &proposal,
            choice(Some("警方已处置")),
            "officer",
            &POLICY,
            now(),
        )
        .unwrap();
    assert_eq!(decided.colour, proposal.colour);
}
