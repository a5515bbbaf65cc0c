//! The events applied: what ends the work on a case, once.

use anyhow::Result;
use contracts::{
    Service,
    events::{
        evaluation::FollowUpScheduled,
        intake::{CaseMerged, CasePartiesChanged, CaseReopened, MatterAnswered, PetitionEnded},
        mediation::{MediationOutcome, MediationTransferred, PerformanceDefaulted},
        triage::{DispatchCompleted, DispatchReworked, RiskChanged, RiskColour},
    },
};
use rstest::rstest;
use serde_json::json;

use crate::support::{self, Known, clock_states};

async fn assert_visits(known: &Known, visits: usize) -> Result<()> {
    known.service.settle().await?;
    let scheduled = known.service.published::<FollowUpScheduled>().await?;
    assert_eq!(scheduled.len(), visits);
    assert_eq!(
        known.service.count("follow_ups").await?,
        i64::try_from(visits)?
    );
    let clocks = clock_states(&known.service, "followup.visit").await?;
    assert_eq!(clocks.len(), visits);
    let state = if visits == 0 { "open" } else { "follow_up" };
    assert_eq!(known.view().await?["state"], state);
    Ok(())
}

#[rstest]
#[case(MediationOutcome::Agreed, 0)]
#[case(MediationOutcome::Failed, 1)]
#[case(MediationOutcome::Refused, 1)]
#[case(MediationOutcome::Withdrawn, 1)]
#[case(MediationOutcome::SelfSettled, 1)]
#[tokio::test(flavor = "multi_thread")]
async fn a_mediation_without_agreement_is_followed_up(
    #[case] outcome: MediationOutcome,
    #[case] visits: usize,
) -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let event = support::ended(&known.service, known.case_id, outcome);
    let id = support::id();
    for _ in 0..2 {
        known
            .service
            .publish_as(id, Service::Mediation, known.case_id, &event)
            .await?;
    }
    assert_visits(&known, visits).await
}

/// Of an agreement that the court did not confirm nothing is performed: the other way ends the work. After a mediation that
/// settled nothing it ends nothing a second time.
#[tokio::test(flavor = "multi_thread")]
async fn another_way_ends_the_work_once() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let ended = |outcome| support::ended(&known.service, known.case_id, outcome);
    known
        .service
        .publish(
            Service::Mediation,
            known.case_id,
            &ended(MediationOutcome::Agreed),
        )
        .await?;
    known.service.settle().await?;
    assert_eq!(known.service.count("follow_ups").await?, 0);
    let transferred = MediationTransferred {
        proceeding_id: support::id(),
        case_id: known.case_id,
        region: ended(MediationOutcome::Agreed).region,
        way: "litigation".to_owned(),
        end_code: Some("failed".to_owned()),
        of_the_rest: false,
        transferred_at: known.service.time.now(),
    };
    // Only the rest goes another way: the agreement goes on.
    let of_the_rest = MediationTransferred {
        end_code: None,
        of_the_rest: true,
        ..transferred.clone()
    };
    known
        .service
        .publish(Service::Mediation, known.case_id, &of_the_rest)
        .await?;
    known.service.settle().await?;
    assert_eq!(known.service.count("follow_ups").await?, 0);
    for _ in 0..2 {
        known
            .service
            .publish(Service::Mediation, known.case_id, &transferred)
            .await?;
    }
    assert_visits(&known, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_raised_colour_counts_from_then_on() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let event = RiskChanged {
        case_id: known.case_id,
        region: support::decided(&known.service, known.case_id, "", RiskColour::Red).region,
        was: RiskColour::Blue,
        colour: RiskColour::Red,
        rule: Some("police".to_owned()),
        changed_at: known.service.time.now(),
    };
    known
        .service
        .publish(Service::Triage, known.case_id, &event)
        .await?;
    known.service.settle().await?;
    assert_eq!(known.view().await?["colour"], "red");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_finished_another_way_is_followed_up() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let event = DispatchCompleted {
        order_id: support::id(),
        case_id: known.case_id,
        region: support::decided(&known.service, known.case_id, "", RiskColour::Blue).region,
        organisation_id: support::id(),
        route: "arbitration".to_owned(),
        outcome: "finished".to_owned(),
        settled: true,
        completed_at: known.service.time.now(),
    };
    known
        .service
        .publish(Service::Triage, known.case_id, &event)
        .await?;
    assert_visits(&known, 1).await?;

    // What was finished is not accepted: the work goes on, and its next end is followed up by the visit that is planned.
    let back = DispatchReworked {
        order_id: event.order_id,
        case_id: event.case_id,
        region: event.region,
        organisation_id: event.organisation_id,
        route: event.route.clone(),
        due_at: known.service.time.now(),
        reworked_at: known.service.time.now(),
    };
    let service = &known.service;
    service
        .publish(Service::Triage, known.case_id, &back)
        .await?;
    service.settle().await?;
    assert_eq!(known.view().await?["state"], "open");
    service
        .publish(Service::Triage, known.case_id, &event)
        .await?;
    service.settle().await?;
    assert_eq!(known.view().await?["state"], "follow_up");
    // The same visit, told again: the case waits for it once more.
    let told = service.published::<FollowUpScheduled>().await?;
    assert_eq!((told.len(), service.count("follow_ups").await?), (2, 1));
    assert_eq!(told[0].follow_up_id, told[1].follow_up_id);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_instalment_ends_the_work() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let service = &known.service;
    let instalment = support::fulfilled(service, known.case_id, 1);
    service
        .publish(Service::Mediation, known.case_id, &instalment)
        .await?;
    assert_visits(&known, 0).await?;
    let last = support::fulfilled(service, known.case_id, 0);
    let id = support::id();
    for _ in 0..2 {
        service
            .publish_as(id, Service::Mediation, known.case_id, &last)
            .await?;
    }
    assert_visits(&known, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_is_followed_up_and_a_late_payment_not_again() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let service = &known.service;
    let paid = support::fulfilled(service, known.case_id, 0);
    let default = PerformanceDefaulted {
        obligation_id: paid.obligation_id,
        agreement_id: paid.agreement_id,
        case_id: known.case_id,
        region: paid.region,
        defaulted_at: service.time.now(),
    };
    let id = support::id();
    for _ in 0..2 {
        service
            .publish_as(id, Service::Mediation, known.case_id, &default)
            .await?;
    }
    assert_visits(&known, 1).await?;
    service
        .publish(Service::Mediation, known.case_id, &paid)
        .await?;
    assert_visits(&known, 1).await
}

#[rstest]
#[case::neighbours("neighbour", RiskColour::Blue, "2026-09-08")]
#[case::red("contract.debt", RiskColour::Red, "2026-09-08")]
#[tokio::test(flavor = "multi_thread")]
async fn the_first_visit_is_due_by_the_plan(
    #[case] type_code: &str,
    #[case] colour: RiskColour,
    #[case] due_on: &str,
) -> Result<()> {
    let known = support::performed_of(type_code, colour).await?;
    assert_visits(&known, 1).await?;
    assert_eq!(known.view().await?["follow_ups"][0]["due_on"], due_on);
    let scheduled = known.service.published::<FollowUpScheduled>().await?;
    assert_eq!(scheduled[0].case_id, known.case_id);
    Ok(())
}

/// A matter answered at the window was never triaged: the type named at registration chooses the plan.
#[tokio::test(flavor = "multi_thread")]
async fn an_answered_matter_is_followed_up() -> Result<()> {
    let service = support::start().await?;
    let matter = support::registered(&service, Some("neighbour"));
    let answered = MatterAnswered {
        matter_id: matter.matter_id,
        case_id: matter.case_id,
        region: matter.region,
        item: "advice".to_owned(),
        answered_at: service.time.now(),
    };
    let (first, second) = (support::id(), support::id());
    for _ in 0..2 {
        service
            .publish_as(first, Service::Intake, matter.case_id, &matter)
            .await?;
        service
            .publish_as(second, Service::Intake, matter.case_id, &answered)
            .await?;
    }
    let parties = matter.parties.iter().map(|party| party.party_id).collect();
    let known = Known {
        service,
        case_id: matter.case_id,
        parties,
    };
    assert_visits(&known, 1).await?;
    assert_eq!(known.view().await?["type_code"], "neighbour");
    Ok(())
}

/// Decided again after the end of the work, a case stays where it is.
#[tokio::test(flavor = "multi_thread")]
async fn late_facts_do_not_move_a_case_back() -> Result<()> {
    let known = support::performed().await?;
    let service = &known.service;
    let decision = support::decided(service, known.case_id, "neighbour", RiskColour::Red);
    service
        .publish(Service::Triage, known.case_id, &decision)
        .await?;
    let mut matter = support::registered(service, None);
    matter.case_id = known.case_id;
    service
        .publish(Service::Intake, known.case_id, &matter)
        .await?;
    assert_visits(&known, 1).await?;
    let view = known.view().await?;
    assert_eq!(view["colour"], "red");
    assert_eq!(view["type_code"], "neighbour");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_opened_again_can_be_closed_again() -> Result<()> {
    let known = support::performed().await?;
    let service = &known.service;
    known.complete(support::satisfied()).await?.expect(200)?;
    let reopened = CaseReopened {
        case_id: known.case_id,
        region: support::COUNTY.parse()?,
        reason: "dissatisfied".to_owned(),
        closed_at: service.time.now(),
        reopened_at: service.time.now(),
    };
    let reopen = async || {
        service
            .publish(Service::Intake, known.case_id, &reopened)
            .await?;
        service.settle().await
    };
    // Not closed yet: nothing.
    reopen().await?;
    assert_eq!(known.view().await?["state"], "follow_up");
    known.close(support::closing()).await?.expect(200)?;
    reopen().await?;
    let view = known.view().await?;
    assert_eq!(
        (&view["state"], &view["closed_at"]),
        (&json!("open"), &json!(null))
    );
    let refused = known.close(support::closing()).await?;
    assert_eq!(refused.status, 409, "{}", refused.body);
    let ended = support::ended(service, known.case_id, MediationOutcome::Failed);
    service
        .publish(Service::Mediation, known.case_id, &ended)
        .await?;
    service.settle().await?;
    known.close(support::closing()).await?.expect(200)?;
    assert_eq!(known.view().await?["state"], "closed");
    Ok(())
}

/// A merged case is followed up with the case it goes on in; of a split one only who stayed is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_merged_case_is_not_followed_up() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let (service, case_id) = (&known.service, known.case_id);
    let changed = CasePartiesChanged {
        case_id,
        region: support::COUNTY.parse()?,
        parties: Vec::new(),
        changed_at: service.time.now(),
    };
    service.publish(Service::Intake, case_id, &changed).await?;
    service.settle().await?;
    let parties = "SELECT cardinality(party_ids) FROM evaluation.cases";
    let parties: i32 = service.sql().await?.query_one(parties, &[]).await?.get(0);
    assert_eq!(parties, 0);
    let merged = CaseMerged {
        case_id,
        into_case_id: support::id(),
        region: support::COUNTY.parse()?,
        matter_ids: Vec::new(),
        merged_at: service.time.now(),
    };
    service.publish(Service::Intake, case_id, &merged).await?;
    let ended = support::ended(service, case_id, MediationOutcome::Failed);
    service.publish(Service::Mediation, case_id, &ended).await?;
    service.settle().await?;
    assert_eq!(service.count("follow_ups").await?, 0);
    assert_eq!(known.view().await?["state"], "merged");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_petition_of_a_case_ends_the_work() -> Result<()> {
    let known = support::open("contract.debt", RiskColour::Blue).await?;
    let (service, case_id) = (&known.service, known.case_id);
    let mut ended = PetitionEnded {
        matter_id: support::id(),
        case_id,
        region: support::COUNTY.parse()?,
        remaining: 1,
        ended_at: service.time.now(),
    };
    service.publish(Service::Intake, case_id, &ended).await?;
    assert_visits(&known, 0).await?;
    ended.remaining = 0;
    service.publish(Service::Intake, case_id, &ended).await?;
    assert_visits(&known, 1).await
}
