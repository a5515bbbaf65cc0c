//! The rules alone; sequences of commands are walked in `machines`.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use contracts::{ids::OrganisationId, problems::triage as problems};
use policy::PolicyPack;
use triage::domain::{CaseProposal, Choice, Organisation, Refusal, TriageCase, proposal::propose};

use crate::support::{COUNTY, accepted, id};

pub static POLICY: LazyLock<PolicyPack> =
    LazyLock::new(|| PolicyPack::embedded(&testkit::service::NODE.parse().unwrap()).unwrap());

pub fn now() -> DateTime<Utc> {
    testkit::service::BEGINNING.parse().unwrap()
}

pub fn case() -> (TriageCase, CaseProposal) {
    let event = accepted(COUNTY, now());
    let text = "邻居噪音扰民".to_owned();
    let (proposal, _) = propose(&POLICY, &event, text, id(), now()).unwrap();
    let case = TriageCase::accepted(&event, proposal.colour, now(), now());
    (case, proposal)
}

fn as_proposed(proposal: &CaseProposal) -> Choice {
    Choice {
        type_code: proposal.type_code.clone(),
        route: "peoples_mediation".to_owned(),
        track: proposal.track,
        colour: proposal.colour,
        reason: None,
    }
}

pub fn organisation(region: &str, route: &str) -> Organisation {
    Organisation {
        id: id::<OrganisationId>(),
        region: region.parse().unwrap(),
        kind: "township_pmc".to_owned(),
        name: "某调委会".to_owned(),
        routes: vec![route.to_owned()],
        updated_at: now(),
    }
}

#[test]
fn a_seen_obstacle_is_overruled_by_a_reason_only() {
    let (case, mut proposal) = case();
    proposal.obstacles = vec!["criminal".to_owned()];
    let decide = |choice| case.decide(&proposal, choice, "officer", &POLICY, now());
    let refused = decide(as_proposed(&proposal)).unwrap_err();
    let Refusal::Obstacle { law, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert!(!law.is_empty());
    let problem = chassis::http::Problem::from(refused.clone());
    assert_eq!(problem.code(), &problems::ROUTE_NOT_LAWFUL);
    let other_way = Choice {
        route: "litigation".to_owned(),
        ..as_proposed(&proposal)
    };
    assert!(decide(other_way).is_ok());
    let with_reason = Choice {
        reason: Some("公安机关已出具不予立案通知书".to_owned()),
        ..as_proposed(&proposal)
    };
    let (_, decision, _) = decide(with_reason).unwrap();
    assert!(decision.reason.is_some());
}

#[test]
fn a_case_before_a_court_may_go_to_the_courts_own_mediation() {
    let (case, mut proposal) = case();
    proposal.obstacles = vec!["in_court".to_owned()];
    let decide = |route: &str| {
        let choice = Choice {
            route: route.to_owned(),
            ..as_proposed(&proposal)
        };
        case.decide(&proposal, choice, "officer", &POLICY, now())
    };
    assert!(decide("judicial_mediation").is_ok());
    let refused = decide("peoples_mediation").unwrap_err();
    assert!(matches!(refused, Refusal::Obstacle { .. }), "{refused:?}");
}

#[test]
fn entitled_is_who_is_on_the_line_and_handles_the_route() {
    let entitled = |region: &str, route: &str| {
        organisation(region, route).check_entitled(&COUNTY.parse().unwrap(), "arbitration")
    };
    assert_eq!(entitled("62", "arbitration"), Ok(()));
    assert_eq!(entitled("620602", "arbitration"), Ok(()));
    assert_eq!(entitled("620602100201", "arbitration"), Ok(()));
    assert_eq!(entitled("620621", "arbitration"), Err(Refusal::OtherRegion));
    assert_eq!(entitled("6207", "arbitration"), Err(Refusal::OtherRegion));
    assert_eq!(entitled("620602", "litigation"), Err(Refusal::OtherRoute));
}
