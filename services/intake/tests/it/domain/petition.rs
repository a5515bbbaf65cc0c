//! The procedure of petitions, without a server.

use chrono::{DateTime, Duration, Utc};
use contracts::{
    events::intake::{MatterClass, PetitionKind, PetitionStage},
    ids::{OrganisationId, TypedId as _},
    lifecycle::{StateMachine as _, mermaid},
};
use intake::domain::{
    Refusal,
    matter::{Matter, MatterState},
    petition::{Petition, PetitionClocks, PetitionState},
};

use uuid::Uuid;

use super::matter::{POLICY, beginning, matter};

fn clocks() -> PetitionClocks<'static> {
    let rule = |id| POLICY.clock(id, None).unwrap();
    PetitionClocks {
        handle: rule("petition.handle"),
        ask: rule("petition.ask_review"),
        review: rule("petition.review"),
        calendar: POLICY.calendar(),
    }
}

fn accepted() -> Matter {
    Matter {
        class: MatterClass::Petition,
        state: MatterState::Accepted,
        decided_at: Some(beginning()),
        ..matter()
    }
}

fn decide(matter: &Matter, kind: PetitionKind, way: &str) -> Result<Petition, Refusal> {
    let way = POLICY.intake().petition_way(way).unwrap();
    Petition::decide(matter, None, kind, way, &clocks(), beginning()).map(|(petition, _)| petition)
}

fn day(text: &str) -> Option<chrono::NaiveDate> {
    Some(text.parse().unwrap())
}

#[test]
fn each_kind_has_its_ways_and_only_the_opinion_is_handled_here() {
    use PetitionKind::{Claim, Report, Suggestion};
    for (kind, way, state) in [
        (Suggestion, "study", Ok(PetitionState::Guided)),
        (Report, "inspection", Ok(PetitionState::Guided)),
        (Claim, "arbitration", Ok(PetitionState::Guided)),
        (Claim, "petition_opinion", Ok(PetitionState::Handling)),
        (Report, "petition_opinion", Err(Refusal::WayNotOfKind)),
        (Claim, "study", Err(Refusal::WayNotOfKind)),
    ] {
        let found = decide(&accepted(), kind, way).map(|petition| petition.state);
        assert_eq!(found, state, "{kind} {way}");
    }
    let dispute = Matter {
        class: MatterClass::Dispute,
        ..accepted()
    };
    assert_eq!(
        decide(&dispute, Claim, "arbitration"),
        Err(Refusal::NotAPetition)
    );
    let registered = Matter {
        state: MatterState::Registered,
        ..accepted()
    };
    assert_eq!(
        decide(&registered, Claim, "arbitration"),
        Err(Refusal::NotFrom(MatterState::Registered))
    );
}

#[test]
fn sixty_days_and_thirty_more_and_two_reviews() {
    let (matter, clocks) = (accepted(), clocks());
    let at = |days| -> DateTime<Utc> { beginning() + Duration::days(days) };
    let mut petition = decide(&matter, PetitionKind::Claim, "petition_opinion").unwrap();
    assert_eq!(petition.last_day, day("2026-10-31"));
    assert_eq!(
        petition.ask_review(&matter, &clocks, at(1)),
        Err(Refusal::PetitionNotFrom(PetitionState::Handling))
    );
    petition.check_extendable(&clocks).unwrap();
    let longer = clocks.handle.due(beginning(), clocks.calendar);
    let longer = clocks.handle.extend(&longer, 0, clocks.calendar).unwrap();
    petition.extend(&matter, longer, at(50)).unwrap();
    assert_eq!(petition.last_day, day("2026-11-30"));
    assert_eq!(
        petition.check_extendable(&clocks),
        Err(Refusal::PetitionExtended)
    );
    let answered = petition.answer(&matter, at(80)).unwrap();
    assert_eq!(answered.stage, PetitionStage::Handling);
    assert_eq!(petition.state, PetitionState::Concluded);
    // The 30 days count from the receipt: before it there is no end.
    assert_eq!(petition.last_day, None);
    for (served_at, now) in [(at(79), at(81)), (at(82), at(81))] {
        let refused = petition.clone().serve(&matter, served_at, &clocks, now);
        assert_eq!(refused.map(drop), Err(Refusal::ServedOutOfOrder));
    }
    let (_, served) = petition.serve(&matter, at(90), &clocks, at(95)).unwrap();
    assert_eq!(served.stage, PetitionStage::Handling);
    let again = petition.serve(&matter, at(96), &clocks, at(96));
    assert_eq!(again.map(drop), Err(Refusal::ServedAlready));
    let late = petition.clone().ask_review(&matter, &clocks, at(121));
    assert_eq!(
        late.map(drop),
        Err(Refusal::ReviewWindowOver("2026-12-30".parse().unwrap()))
    );
    assert!(!petition.clone().let_stand(at(100)));
    let mut stands = petition.clone();
    assert!(stands.let_stand(at(121)) && !stands.let_stand(at(122)));
    assert_eq!(stands.ended(&matter, 0).unwrap().ended_at, at(121));
    let (_, asked) = petition.ask_review(&matter, &clocks, at(119)).unwrap();
    assert_eq!(asked.stage, PetitionStage::Review);
    assert_eq!(petition.served_at, None);
    // The centre's own opinion is reviewed by somebody above it.
    let above = Some(OrganisationId::from_uuid(Uuid::from_u128(9)));
    assert_eq!(
        petition.check_reviewer(None, &[None]),
        Err(Refusal::SameReviewer)
    );
    assert_eq!(petition.check_reviewer(above, &[None]), Ok(()));
    petition.answer(&matter, at(120)).unwrap();
    let (_, asked) = petition.ask_review(&matter, &clocks, at(121)).unwrap();
    assert_eq!(asked.stage, PetitionStage::ReReview);
    let answered = petition.answer(&matter, at(130)).unwrap();
    assert_eq!(answered.stage, PetitionStage::ReReview);
    assert_eq!(petition.ended(&matter, 2).unwrap().remaining, 2);
    assert_eq!(
        petition.ask_review(&matter, &clocks, at(131)).map(drop),
        Err(Refusal::PetitionFinal)
    );
    assert_eq!(
        petition.answer(&matter, at(131)).map(drop),
        Err(Refusal::PetitionNotFrom(PetitionState::Final))
    );
}

#[test]
fn the_diagram_is_the_table() {
    insta::assert_snapshot!(mermaid::<Petition>(), @r"
    stateDiagram-v2
        [*] --> guided: 引导至法定程序
        [*] --> handling: 转入信访办理
        handling --> handling: 延期办理
        handling --> concluded: 出具处理意见
        concluded --> concluded: 送达处理意见
        concluded --> reviewing: 请求复查
        reviewing --> reviewed: 出具复查意见
        reviewed --> reviewed: 送达复查意见
        reviewed --> re_reviewing: 请求复核
        re_reviewing --> final: 出具复核意见
    ");
    assert!(Petition::transition(Some(PetitionState::Guided), "answer_petition").is_none());
}
