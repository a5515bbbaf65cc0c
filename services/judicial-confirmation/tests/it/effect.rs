//! The rules of the other ways to effect.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use judicial_confirmation::domain::{
    agreement::Agreement,
    effect::{EffectApplication, EffectDecision, EffectState},
    refusal::Refusal,
};
use policy::{PolicyPack, clock::due::beijing_date, sections::effects::EffectRoute};
use rstest::rstest;

use crate::support::{effective, id};

static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

fn now() -> (DateTime<Utc>, NaiveDate) {
    let at: DateTime<Utc> = testkit::service::BEGINNING.parse().unwrap();
    (at, beijing_date(at))
}

fn agreement(type_code: &str, amount_fen: i64) -> Agreement {
    let mut event = effective(now().0);
    event.type_code = type_code.to_owned();
    event.amount_fen = amount_fen;
    let due = POLICY.due("confirmation.apply", None, now().0).unwrap();
    Agreement::of(event, &due)
}

fn route(kind: &str) -> &'static EffectRoute {
    POLICY.confirmation().effect_route(kind).unwrap()
}

fn apply(
    agreement: &Agreement,
    kind: &str,
    applicants: usize,
    last_day: Option<NaiveDate>,
) -> Result<EffectApplication, Refusal> {
    let applicants = agreement.party_ids.iter().take(applicants).copied();
    let terms = (route(kind), last_day);
    EffectApplication::apply(agreement, (id(), id()), applicants.collect(), terms, now())
}

fn decide(application: EffectApplication, outcome: &str) -> Result<EffectApplication, Refusal> {
    let outcome = route(&application.kind).outcome(outcome).unwrap();
    let decision = EffectDecision {
        number: None,
        decided_on: now().1,
    };
    Ok(application.decide(outcome, decision, now())?.0)
}

#[rstest]
#[case::together(
    "notarised_instrument",
    "contract.debt",
    100,
    2,
    Some(EffectState::Submitted)
)]
#[case::alone(
    "notarised_instrument",
    "contract.debt",
    100,
    1,
    Some(EffectState::AwaitOtherParty)
)]
#[case::no_money("notarised_instrument", "contract.debt", 0, 2, None)]
#[case::one_against_the_other(
    "payment_order",
    "labour.wage_arrears",
    100,
    1,
    Some(EffectState::Submitted)
)]
#[case::against_nobody("payment_order", "contract.debt", 100, 2, None)]
#[case::labour(
    "labour_review",
    "labour.wage_arrears",
    0,
    2,
    Some(EffectState::Submitted)
)]
#[case::no_labour("labour_review", "contract.debt", 100, 2, None)]
#[case::land(
    "land_arbitration",
    "forest_land.contracting",
    0,
    2,
    Some(EffectState::Submitted)
)]
#[case::no_land("land_arbitration", "forest_land", 0, 2, None)]
#[case::arbitration(
    "arbitration_confirmation",
    "contract",
    0,
    2,
    Some(EffectState::Submitted)
)]
#[case::court_paper(
    "court_mediation_paper",
    "contract",
    0,
    2,
    Some(EffectState::Submitted)
)]
fn who_may_apply_for_what(
    #[case] kind: &str,
    #[case] type_code: &str,
    #[case] amount_fen: i64,
    #[case] applicants: usize,
    #[case] state: Option<EffectState>,
) {
    let applied = apply(&agreement(type_code, amount_fen), kind, applicants, None);
    match state {
        Some(state) => assert_eq!(applied.unwrap().state, state),
        None => assert!(matches!(applied, Err(Refusal::EffectRouteNotOpen))),
    }
}

#[test]
fn a_way_with_a_time_is_closed_after_it() {
    let agreement = agreement("labour", 0);
    let today = now().1;
    assert!(apply(&agreement, "labour_review", 2, Some(today)).is_ok());
    let late = apply(&agreement, "labour_review", 2, today.pred_opt());
    assert!(matches!(late, Err(Refusal::WindowClosed(_))));
}

#[test]
fn a_payment_order_comes_into_force_or_lapses_and_nothing_follows() {
    let agreement = agreement("contract.debt", 100);
    let submitted = apply(&agreement, "payment_order", 1, None).unwrap();
    let early = decide(submitted.clone(), "issued");
    assert!(matches!(
        early,
        Err(Refusal::EffectNotAllowed(EffectState::Submitted))
    ));
    let (accepted, _) = submitted.accept(now().0).unwrap();
    let early = decide(accepted.clone(), "in_force");
    assert!(matches!(early, Err(Refusal::UnknownOutcome)));
    let issued = decide(accepted, "issued").unwrap();
    assert!(!issued.enforceable);
    let in_force = decide(issued.clone(), "in_force").unwrap();
    assert!(in_force.enforceable);
    assert!(!decide(issued, "objected").unwrap().enforceable);
    let again = decide(in_force, "objected");
    assert!(matches!(again, Err(Refusal::UnknownOutcome)));
}
