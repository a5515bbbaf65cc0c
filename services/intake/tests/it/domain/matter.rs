//! The transition table and the pure commands.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use contracts::{
    events::intake::MatterClass,
    ids::{CaseId, MatterId, TypedId as _},
    lifecycle::{StateMachine as _, mermaid},
};
use intake::domain::{
    Refusal,
    matter::{Matter, MatterState},
};
use policy::PolicyPack;
use proptest::prelude::*;
use uuid::Uuid;

/// Read once: it takes longer than a hundred cases.
pub static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&"6206".parse().unwrap()).unwrap());

pub fn beginning() -> DateTime<Utc> {
    "2026-09-01T02:00:00Z".parse().unwrap()
}

pub fn matter() -> Matter {
    Matter {
        id: MatterId::from_uuid(Uuid::from_u128(1)),
        case_id: CaseId::from_uuid(Uuid::from_u128(2)),
        version: 1,
        region: "620602".parse().unwrap(),
        state: MatterState::Registered,
        class: MatterClass::Dispute,
        source: "public".to_owned(),
        channel: "window".to_owned(),
        place_code: None,
        type_hint: None,
        amount_fen: None,
        persons_involved: 2,
        organisation_id: None,
        first_asked: None,
        acceptance_number: None,
        outcome_code: None,
        outcome_note: None,
        remedy_zh: None,
        remedy_en: None,
        decided_by: None,
        decided_at: None,
        created_at: beginning(),
        updated_at: beginning(),
    }
}

/// Does what a command does; gives whether it was allowed.
fn run(matter: &mut Matter, command: &str, by: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    match command {
        "accept_matter" => matter.accept("1".to_owned(), Vec::new(), by, now).map(drop),
        "decline_matter" => matter
            .decline(
                POLICY.intake().decline_reason("other").unwrap(),
                None,
                by,
                now,
            )
            .map(drop),
        "answer_matter" => matter
            .answer("legal_advice", "好".to_owned(), by, now)
            .map(drop),
        other => panic!("{other}"),
    }
}

proptest! {
    #[test]
    fn no_sequence_of_commands_reaches_a_state_the_table_does_not_allow(
        commands in prop::collection::vec(
            (prop::sample::select(vec!["accept_matter", "decline_matter", "answer_matter"]), 0..3_u8), 1..8)
    ) {
        let mut matter = matter();
        let mut first = None;
        for (step, (command, who)) in (1..).zip(commands) {
            let (before, by) = (matter.clone(), format!("clerk-{who}"));
            let allowed = Matter::transition(Some(before.state), command);
            let result = run(&mut matter,  command, &by, beginning() + Duration::minutes(step));
            match allowed {
                Some(transition) => {
                    prop_assert_eq!(result, Ok(()));
                    prop_assert_eq!(matter.state, transition.to);
                    prop_assert_eq!(matter.version, before.version + 1);
                    first.get_or_insert(by);
                }
                None => {
                    prop_assert_eq!(result, Err(Refusal::NotFrom(before.state)));
                    prop_assert_eq!(&matter, &before);
                }
            }
            prop_assert_eq!(&matter.first_asked, &first);
            prop_assert_eq!(matter.acceptance_number.is_some(), matter.state == MatterState::Accepted);
            prop_assert_eq!(matter.remedy_zh.is_some(), matter.state == MatterState::NotAccepted);
        }
    }
}

#[test]
fn every_state_is_reached_and_only_what_is_undecided_is_left() {
    for state in MatterState::ALL {
        assert!(
            Matter::TRANSITIONS.iter().any(|step| step.to == *state),
            "{state}"
        );
        let left = Matter::TRANSITIONS
            .iter()
            .any(|step| step.from.contains(state));
        let undecided = [MatterState::Registered, MatterState::Correcting];
        assert_eq!(left, undecided.contains(state), "{state}");
    }
}

#[test]
fn the_diagram_is_the_table() {
    insta::assert_snapshot!(mermaid::<Matter>(), @r"
    stateDiagram-v2
        [*] --> registered: 1 登记
        registered --> correcting: 2 要求补正
        correcting --> registered: 补正
        registered --> registered: 更正
        correcting --> lapsed: 逾期未补正
        registered --> answered: 3 当场办结
        registered --> not_accepted: 4 不予受理
        registered --> accepted: 5 受理
    ");
}
