//! Opening again, merging and splitting, without a server.

use chrono::Duration;
use contracts::{
    events::intake::MatterClass,
    ids::{CaseId, MatterId, OrganisationId, TypedId},
};
use intake::domain::{
    Refusal,
    case::CaseStatus,
    dispute_case::DisputeCase,
    matter::{Matter, MatterState},
};
use uuid::Uuid;

use super::matter::{POLICY, beginning, matter};

fn id<T: TypedId>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

fn case(n: u128, status: CaseStatus) -> DisputeCase {
    DisputeCase {
        id: id(n),
        region: "620602".parse().unwrap(),
        status,
        status_at: beginning(),
        closed_at: None,
        reopened_at: None,
        merged_into: None,
        recurrence_of: None,
        organisation_id: None,
        node: None,
    }
}

#[test]
fn the_window_is_counted_from_the_closing_and_by_the_policy_pack() {
    let rule = POLICY.clock("case.reopen", None).unwrap();
    let window = |closed_at| rule.due(closed_at, POLICY.calendar());
    let closed = DisputeCase {
        closed_at: Some(beginning()),
        // Changed later: no matter.
        status_at: beginning() + Duration::days(20),
        ..case(1, CaseStatus::Closed)
    };
    let last = "2026-10-01T15:59:59Z".parse().unwrap();
    assert!(closed.reopen("objection", window, last).is_ok());
    assert_eq!(
        closed.reopen("objection", window, last + Duration::seconds(1)),
        Err(Refusal::ReopenWindowOver("2026-10-01".parse().unwrap()))
    );
    for status in CaseStatus::ALL.iter().filter(|s| **s != CaseStatus::Closed) {
        let other = DisputeCase {
            status: *status,
            ..closed.clone()
        };
        assert_eq!(
            other.reopen("objection", window, beginning()),
            Err(Refusal::CaseNotFrom(*status))
        );
    }
    let merged = DisputeCase {
        merged_into: Some(id(9)),
        ..closed
    };
    assert_eq!(
        merged.reopen("objection", window, beginning()),
        Err(Refusal::Merged(id(9)))
    );
}

#[test]
fn cases_are_merged_before_mediation_and_without_chains() {
    let merge = |one: &DisputeCase, into: &DisputeCase, leads| {
        let node = "6206".parse().unwrap();
        one.merge_into(into, leads, Vec::new(), node, beginning())
            .map(drop)
    };
    let (one, two) = (
        case(1, CaseStatus::Triaged),
        case(2, CaseStatus::Dispatched),
    );
    assert_eq!(merge(&one, &two, false), Ok(()));
    assert_eq!(merge(&one, &one, false), Err(Refusal::MergeWithItself));
    assert_eq!(merge(&one, &two, true), Err(Refusal::LeadsOthers));
    let merged = DisputeCase {
        merged_into: Some(id(7)),
        ..one.clone()
    };
    assert_eq!(merge(&merged, &two, false), Err(Refusal::Merged(id(7))));
    assert_eq!(merge(&two, &merged, false), Err(Refusal::Merged(id(7))));
    for status in [
        CaseStatus::Registered,
        CaseStatus::ConsentPending,
        CaseStatus::Closed,
    ] {
        let other = case(3, status);
        assert_eq!(
            merge(&other, &two, false),
            Err(Refusal::CaseNotFrom(status))
        );
        assert_eq!(
            merge(&one, &other, false),
            Err(Refusal::CaseNotFrom(status))
        );
    }
    let of = |case: &DisputeCase, organisation: u128| DisputeCase {
        organisation_id: Some(id::<OrganisationId>(organisation)),
        ..case.clone()
    };
    assert_eq!(merge(&of(&one, 1), &of(&two, 1), false), Ok(()));
    assert_eq!(merge(&of(&one, 1), &two, false), Ok(()));
    assert_eq!(
        merge(&of(&one, 1), &of(&two, 2), false),
        Err(Refusal::OtherAccountable)
    );
    let away = DisputeCase {
        node: Some("62".parse().unwrap()),
        ..two
    };
    assert_eq!(merge(&one, &away, false), Err(Refusal::OtherAccountable));
}

#[test]
fn cases_of_one_class_are_merged() {
    let of = |class| Matter { class, ..matter() };
    let (dispute, petition) = (of(MatterClass::Dispute), of(MatterClass::Petition));
    let check = |one: &Matter, other: &Matter| {
        DisputeCase::check_classes(std::slice::from_ref(one), std::slice::from_ref(other))
    };
    assert_eq!(check(&dispute, &dispute), Ok(()));
    assert_eq!(check(&petition, &petition), Ok(()));
    assert_eq!(check(&petition, &dispute), Err(Refusal::CaseOfOtherClass));
    assert_eq!(check(&dispute, &petition), Err(Refusal::CaseOfOtherClass));
}

#[test]
fn a_split_takes_accepted_matters_and_leaves_one() {
    let of = |n: u128, state| Matter {
        id: id(n),
        state,
        ..matter()
    };
    let all = [
        of(1, MatterState::Accepted),
        of(2, MatterState::Accepted),
        of(3, MatterState::Registered),
    ];
    let split = |status, asked: &[u128]| {
        let asked: Vec<MatterId> = asked.iter().map(|n| id(*n)).collect();
        let node = "6206".parse().unwrap();
        case(1, status)
            .split(id::<CaseId>(5), &asked, &all, node, beginning())
            .map(|event| event.matter_ids.len())
    };
    let status = CaseStatus::Triaged;
    assert_eq!(split(status, &[2]), Ok(1));
    assert_eq!(split(status, &[1, 2]), Err(Refusal::SplitTakesAll));
    assert_eq!(split(status, &[]), Err(Refusal::SplitTakesAll));
    assert_eq!(split(status, &[1, 3]), Err(Refusal::MatterNotOfCase(1)));
    assert_eq!(split(status, &[1, 1]), Err(Refusal::MatterNotOfCase(1)));
    assert_eq!(split(status, &[9]), Err(Refusal::MatterNotOfCase(0)));
    assert_eq!(
        split(CaseStatus::Mediating, &[2]),
        Err(Refusal::CaseNotFrom(CaseStatus::Mediating))
    );
}
