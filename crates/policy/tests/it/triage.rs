//! What the rules propose, and why.

use contracts::events::triage::{RiskColour, Track};
use policy::{Proposal, TriageInput};
use rstest::rstest;

use super::pack;

fn propose(text: &str, change: impl FnOnce(&mut TriageInput)) -> Proposal {
    let mut input = TriageInput {
        text: text.to_owned(),
        party_count: 2,
        class: "dispute".to_owned(),
        source: "public".to_owned(),
        channel: "window".to_owned(),
        ..TriageInput::default()
    };
    change(&mut input);
    pack("6206").triage().propose(&input)
}

fn ids(proposal: &Proposal) -> Vec<&str> {
    proposal
        .reasons
        .iter()
        .map(|reason| reason.rule_id.as_str())
        .collect()
}

#[test]
fn a_neighbour_dispute_is_simple_and_says_why() {
    let proposal = propose("邻居乱丢垃圾堵塞排水沟可以要求他清理", |_| {});
    assert_eq!(proposal.type_code, "neighbour");
    assert_eq!(proposal.route, "peoples_mediation");
    assert_eq!(proposal.track, Track::Simple);
    assert_eq!(proposal.colour, RiskColour::Blue);
    assert!(proposal.obstacles.is_empty());
    assert_eq!(
        ids(&proposal),
        ["words.neighbour", "track.simple.neighbour"]
    );
    let words = &proposal.reasons[0];
    assert_eq!(words.matched_words, ["排水沟", "邻居"]);
    assert_eq!(words.text_zh, "文中出现“排水沟、邻居”，符合“邻里”");
    assert_eq!(
        words.text_en,
        "The text mentions 排水沟, 邻居, which points to: Neighbours"
    );
}

#[rstest]
#[case(2, RiskColour::Blue, Track::General)]
#[case(4, RiskColour::Blue, Track::General)]
#[case(5, RiskColour::Yellow, Track::Complex)]
#[case(10, RiskColour::Orange, Track::Complex)]
#[case(30, RiskColour::Red, Track::Complex)]
fn people_raise_the_colour(#[case] people: u32, #[case] colour: RiskColour, #[case] track: Track) {
    let proposal = propose("签订的合同对方违约", |input| {
        input.party_count = people
    });
    assert_eq!((proposal.colour, proposal.track), (colour, track));
}

#[test]
fn violence_wages_and_death_raise_it_too() {
    let violent = propose("邻居持刀威胁我", |_| {});
    assert_eq!(violent.colour, RiskColour::Red);
    let reason = violent
        .reasons
        .iter()
        .find(|r| r.rule_id == "colour.violence");
    assert_eq!(reason.unwrap().matched_words, ["威胁", "持刀"]);
    let wages = |people| {
        let proposal = propose("老板拖欠工资不给", |input| {
            input.party_count = people
        });
        (proposal.type_code.clone(), proposal.colour)
    };
    assert_eq!(
        wages(1),
        ("labour.wage_arrears".to_owned(), RiskColour::Yellow)
    );
    assert_eq!(wages(6).1, RiskColour::Orange);
    assert_eq!(
        propose("车祸，我的孩子当场死亡", |_| {}).colour,
        RiskColour::Orange
    );
}

#[rstest]
#[case("盗窃累犯一千五要判多久", "criminal", "litigation")]
#[case(
    "行政机关作出行政处罚不服",
    "public_law",
    "administrative_reconsideration"
)]
#[case(
    "一审判决书已经下来，合同纠纷对方还要调解",
    "in_court",
    "judicial_mediation"
)]
#[case("要求确认婚姻无效", "status_relation", "peoples_mediation")]
fn what_must_not_be_mediated_is_named(
    #[case] text: &str,
    #[case] obstacle: &str,
    #[case] route: &str,
) {
    let proposal = propose(text, |_| {});
    assert_eq!(proposal.obstacles, [obstacle]);
    assert_eq!(proposal.route, route);
}

#[rstest]
#[case("medical", "professional_mediation", Track::Complex)]
#[case("consumer", "administrative_mediation", Track::General)]
#[case("labour", "professional_mediation", Track::General)]
#[case("homestead", "peoples_mediation", Track::General)]
fn the_named_type_decides_when_the_text_says_nothing(
    #[case] hint: &str,
    #[case] route: &str,
    #[case] track: Track,
) {
    let proposal = propose("请帮忙", |input| input.type_hint = Some(hint.to_owned()));
    assert_eq!(proposal.type_code, hint);
    assert_eq!((proposal.route.as_str(), proposal.track), (route, track));
    assert_eq!(ids(&proposal)[0], "hint");
}

#[test]
fn classes_amounts_and_unknown_hints() {
    assert_eq!(
        propose("反映问题", |i| i.class = "petition".to_owned()).route,
        "petition"
    );
    let small = propose("合同货款", |input| input.amount_fen = Some(300_000));
    assert_eq!(small.track, Track::Simple);
    let large = propose("合同货款", |input| input.amount_fen = Some(50_000_000));
    assert_eq!(large.track, Track::Complex);
    let unknown = propose("请帮忙", |input| {
        input.type_hint = Some("no_such_type".to_owned())
    });
    assert_eq!(unknown.type_code, "other");
    assert!(unknown.reasons.is_empty() && unknown.scores.is_empty());
}

#[test]
fn reasons_hold_words_of_the_pack_and_nothing_else_of_the_person() {
    let proposal = propose("我叫张三，电话13800000000，邻居打伤了我", |_| {});
    let shown = format!("{proposal:?}");
    assert!(!shown.contains("张三") && !shown.contains("13800000000"));
    assert!(
        proposal
            .reasons
            .iter()
            .any(|reason| !reason.matched_words.is_empty())
    );
}

#[test]
fn the_same_input_always_gives_the_same_proposal() {
    let text = "夫妻离婚后房屋过户，邻居作证，借条在手";
    assert_eq!(propose(text, |_| {}), propose(text, |_| {}));
}
