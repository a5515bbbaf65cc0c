//! The transition table; the commands are walked in `machines`.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::MatterClass,
    ids::{CaseId, MatterId, TypedId as _},
    lifecycle::{StateMachine as _, mermaid},
};
use intake::domain::matter::{Matter, MatterState};
use policy::PolicyPack;
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

#[test]
fn only_what_is_undecided_is_left() {
    for state in MatterState::ALL {
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
