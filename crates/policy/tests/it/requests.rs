//! Requests between nodes: the fifteen messages (docs/federation.md) as data.

use contracts::border::HandsOver;
use policy::{
    PolicyPack,
    pack::PackErrorKind,
    sections::requests::{DossierGoes, EndsWith, Need, STEPS},
};
use rstest::rstest;

use super::{
    layers::{copy, write},
    pack, region,
};

#[test]
fn every_message_is_there_as_a_kind_or_a_step() {
    let pack = pack("6206");
    let requests = pack.requests();
    let kinds: Vec<_> = requests.kinds.iter().map(|k| k.name.zh.as_str()).collect();
    assert_eq!(
        kinds.join(" "),
        "上报 交办 转送 转办 指定办理 协办、会商邀请 督办 通报 预警 汇总上报 基础数据下发 数据回流"
    );
    for step in STEPS {
        assert!(requests.step(step).is_some(), "{step}");
    }
}

#[test]
fn what_hands_a_case_over_says_so() {
    let pack = pack("6206");
    let requests = pack.requests();
    for code in ["assign", "forward", "transfer", "designate"] {
        let kind = requests.kind(code).unwrap();
        assert_eq!(kind.hands_over, HandsOver::OnSign, "{code}");
        assert_eq!(kind.dossier, DossierGoes::WithRequest, "{code}");
        assert_ne!(kind.ends_with, EndsWith::Delivery, "{code}");
    }
    assert!(!requests.kind("designate").unwrap().returnable);
    assert_eq!(requests.kind("assign").unwrap().deadline, Need::Required);
    let up = requests.kind("report_up").unwrap();
    let over = |ask| {
        up.chosen(|code| (code == "ask").then_some(ask))
            .find_map(|option| option.hands_over)
    };
    assert_eq!(over("handle"), Some(HandsOver::OnSign));
    assert_eq!(over("co_handle"), Some(HandsOver::Collaborates));
    assert_eq!(over("instruct"), None);
    assert_eq!(up.hands_over, HandsOver::None);
}

#[test]
fn the_times_are_those_of_the_law() {
    let pack = pack("6206");
    let start = "2026-09-01T02:00:00Z".parse().unwrap();
    let due = |clock| pack.due(clock, None, start).unwrap().at.to_rfc3339();
    assert_eq!(due("request.return"), "2026-09-08T16:00:00+00:00");
    assert_eq!(due("request.acknowledge"), "2026-09-01T02:30:00+00:00");
    assert_eq!(due("request.report_in.urgent"), "2026-09-01T08:00:00+00:00");
    let again = pack.requests().resend_at(start);
    assert_eq!(again.to_rfc3339(), "2026-09-01T02:10:00+00:00");
}

#[rstest]
#[case::unknown_clock(
    "kinds:\n  - code: warn\n    sign_clock: request.sgin\n",
    PackErrorKind::Reference,
    3,
    "/kinds/warn/sign_clock",
    "there is no clock `request.sgin`"
)]
#[case::unknown_direction(
    "kinds:\n  - code: warn\n    direction: sideways\n",
    PackErrorKind::Schema,
    3,
    "/kinds/warn/direction",
    "sideways"
)]
#[case::a_hand_over_without_its_file(
    "kinds:\n  - code: supervise\n    hands_over: on_sign\n",
    PackErrorKind::Reference,
    0,
    "/kinds/supervise/dossier",
    "needs the case and its dossier"
)]
#[case::an_automatic_request_without_its_value(
    "automatic:\n  - {colour: red, kind: report_up, reason: 请予指导, values: {ask: instructions}}\n",
    PackErrorKind::Reference,
    2,
    "/automatic",
    "has no fitting value `ask`"
)]
#[case::an_automatic_request_that_does_not_go_up(
    "automatic:\n  - {colour: red, kind: supervise, reason: 请知悉, values: {}}\n",
    PackErrorKind::Reference,
    2,
    "/automatic",
    "does not go up"
)]
#[case::locked(
    "kinds:\n  - code: designate\n    returnable: true\n",
    PackErrorKind::Lock,
    3,
    "/kinds/designate/returnable",
    "is locked by default/requests.yaml"
)]
#[case::a_step_taken_out(
    "steps:\n  - {code: urge, remove: true}\n",
    PackErrorKind::Reference,
    0,
    "/steps",
    "there is no step `urge`"
)]
fn a_fault_is_found_with_its_place(
    #[case] text: &str,
    #[case] kind: PackErrorKind,
    #[case] line: u32,
    #[case] path: &str,
    #[case] reason: &str,
) {
    let pack = copy();
    write(&pack, "regions/6206/requests.yaml", text);
    let errors = PolicyPack::load(pack.path(), &region("620602")).unwrap_err();
    let [fault] = errors.errors() else {
        panic!("{errors}")
    };
    assert_eq!(fault.kind, kind, "{fault}");
    assert_eq!(fault.path, path, "{fault}");
    assert!(fault.reason.contains(reason), "{fault}");
    // What is missing has the place of what it is missing from.
    if line > 0 {
        assert_eq!(fault.file, "regions/6206/requests.yaml");
        assert_eq!(fault.line, line, "{fault}");
    }
}
