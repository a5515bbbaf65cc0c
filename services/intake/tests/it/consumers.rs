//! What the other services' events make of the public status.

use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use contracts::{
    Service as From,
    events::{
        Event,
        evaluation::{CaseClosed, FollowUpScheduled},
        judicial_confirmation::{
            ConfirmationApplied, ConfirmationExpired, ConfirmationRefused, ConfirmationRuled,
            RulingOutcome,
        },
        mediation::{
            AgreementEffective, AgreementForm, MediationEnded, MediationOpened, MediationOutcome,
            MediationStarted, PerformanceDefaulted, PerformanceFulfilled,
        },
        triage::{
            DispatchIssued, DispatchMode, DispatchRecalled, DispatchReturnAsked,
            DispatchReturnRejected, DispatchReturned, DispatchSigned, RiskColour, Track,
            TriageDecided,
        },
    },
    ids::{CaseId, EventId, TypedId},
    region::RegionCode,
};
use uuid::Uuid;

use crate::support::*;

fn id<T: TypedId>(n: u128) -> T {
    T::from_uuid(Uuid::from_u128(n))
}

fn region() -> RegionCode {
    "620602".parse().unwrap()
}

/// Publishes an event twice, as a broker may, and waits.
async fn twice<E: Event>(service: &Service, from: From, case: CaseId, event: E) -> Result<()> {
    let event_id = EventId::from_uuid(service.time.uuid());
    service.publish_as(event_id, from, case, &event).await?;
    service.publish_as(event_id, from, case, &event).await?;
    service.settle().await
}

fn decided(case_id: CaseId, decided_at: DateTime<Utc>) -> TriageDecided {
    TriageDecided {
        case_id,
        region: region(),
        type_code: "neighbour".to_owned(),
        route: "peoples_mediation".to_owned(),
        track: Track::Simple,
        colour: RiskColour::Blue,
        as_proposed: true,
        decided_by: "x".to_owned(),
        decided_at,
    }
}

fn ended(case_id: CaseId, outcome: MediationOutcome, ended_at: DateTime<Utc>) -> MediationEnded {
    MediationEnded {
        proceeding_id: id(5),
        case_id,
        region: region(),
        end_code: "other".to_owned(),
        outcome,
        other_ways: Vec::new(),
        ended_at,
    }
}

fn fulfilled(case_id: CaseId, remaining: u32, fulfilled_at: DateTime<Utc>) -> PerformanceFulfilled {
    PerformanceFulfilled {
        obligation_id: id(6),
        agreement_id: id(7),
        case_id,
        region: region(),
        on_time: true,
        remaining,
        fulfilled_at,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_followed_to_its_end_each_event_once() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = registered(&service).await?;
    let start = service.time.now();
    let at = |minutes| start + Duration::minutes(minutes);
    let (region, org) = (region(), organisation());
    let due_at = at(100_000);
    let (route, type_code, track) = (
        || "peoples_mediation".to_owned(),
        || "neighbour".to_owned(),
        Track::Simple,
    );

    twice(&service, From::Triage, case_id, decided(case_id, at(1))).await?;
    let issued = DispatchIssued {
        order_id: id(4),
        case_id,
        region,
        mode: DispatchMode::Assign,
        to_organisation: org,
        route: route(),
        type_code: type_code(),
        track,
        due_at,
        due_provisional: false,
        issued_at: at(2),
    };
    twice(&service, From::Triage, case_id, issued).await?;
    assert_eq!(public(&service, case_id).await?.0, "dispatched");
    let signed = DispatchSigned {
        order_id: id(4),
        case_id,
        region,
        organisation_id: org,
        route: route(),
        type_code: type_code(),
        track,
        due_at,
        signed_at: at(3),
    };
    twice(&service, From::Triage, case_id, signed).await?;
    let opened = MediationOpened {
        proceeding_id: id(5),
        case_id,
        region,
        order_id: id(4),
        organisation_id: org,
        opened_at: at(4),
    };
    twice(&service, From::Mediation, case_id, opened).await?;
    let started = MediationStarted {
        proceeding_id: id(5),
        case_id,
        region,
        organisation_id: org,
        mediator_ids: Vec::new(),
        started_at: at(5),
        due_at,
    };
    twice(&service, From::Mediation, case_id, started).await?;
    assert_eq!(public(&service, case_id).await?.0, "mediating");
    twice(
        &service,
        From::Mediation,
        case_id,
        ended(case_id, MediationOutcome::Agreed, at(6)),
    )
    .await?;
    assert_eq!(public(&service, case_id).await?.0, "agreed");
    let effective = AgreementEffective {
        agreement_id: id(7),
        proceeding_id: id(5),
        case_id,
        region,
        organisation_id: org,
        form: AgreementForm::Written,
        type_code: type_code(),
        content_codes: Vec::new(),
        party_ids: Vec::new(),
        amount_fen: 0,
        obligations: Vec::new(),
        effective_at: at(6),
    };
    twice(&service, From::Mediation, case_id, effective).await?;
    assert_eq!(public(&service, case_id).await?.0, "performing");
    let applied = ConfirmationApplied {
        application_id: id(8),
        agreement_id: id(7),
        case_id,
        region,
        party_id: id(9),
        last_day: NaiveDate::from_ymd_opt(2026, 10, 8).unwrap(),
        applied_at: at(7),
    };
    twice(&service, From::JudicialConfirmation, case_id, applied).await?;
    assert_eq!(public(&service, case_id).await?.0, "confirming");
    let ruled = ConfirmationRuled {
        application_id: id(8),
        agreement_id: id(7),
        case_id,
        region,
        outcome: RulingOutcome::Valid,
        ruling_number: "1".to_owned(),
        amendment: None,
        ruled_at: at(8),
    };
    twice(&service, From::JudicialConfirmation, case_id, ruled).await?;
    twice(
        &service,
        From::Mediation,
        case_id,
        fulfilled(case_id, 1, at(9)),
    )
    .await?;
    assert_eq!(public(&service, case_id).await?.0, "performing");
    twice(
        &service,
        From::Mediation,
        case_id,
        fulfilled(case_id, 0, at(10)),
    )
    .await?;
    assert_eq!(public(&service, case_id).await?.0, "performed");
    let scheduled = FollowUpScheduled {
        follow_up_id: id(10),
        case_id,
        region,
        due_at,
        scheduled_at: at(11),
    };
    twice(&service, From::Evaluation, case_id, scheduled).await?;
    twice(
        &service,
        From::Evaluation,
        case_id,
        CaseClosed {
            case_id,
            region,
            closed_at: at(12),
        },
    )
    .await?;

    let (status, codes) = public(&service, case_id).await?;
    assert_eq!(status, "closed");
    insta::assert_snapshot!(codes.join(" "), @"registered triaged dispatched signed consent_asked mediation_started agreed agreement_effective confirmation_applied confirmed_valid part_performed performed follow_up_planned closed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_event_is_told_but_moves_nothing_back() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = registered(&service).await?;
    let start = service.time.now();
    twice(
        &service,
        From::Mediation,
        case_id,
        ended(
            case_id,
            MediationOutcome::Failed,
            start + Duration::hours(5),
        ),
    )
    .await?;
    twice(
        &service,
        From::Triage,
        case_id,
        decided(case_id, start + Duration::hours(1)),
    )
    .await?;
    let (status, codes) = public(&service, case_id).await?;
    assert_eq!(
        (status.as_str(), codes.join(" ").as_str()),
        ("failed", "registered triaged failed")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_end_has_its_status() -> Result<()> {
    let service = Service::start().await?;
    let at = service.time.now() + Duration::hours(1);
    for (outcome, expected) in [
        (MediationOutcome::Failed, "failed"),
        (MediationOutcome::Refused, "refused"),
        (MediationOutcome::Withdrawn, "withdrawn"),
        (MediationOutcome::SelfSettled, "self_settled"),
    ] {
        let (_, case) = registered(&service).await?;
        twice(&service, From::Mediation, case, ended(case, outcome, at)).await?;
        assert_eq!(public(&service, case).await?.0, expected);
    }
    let (_, case_id) = registered(&service).await?;
    let (agreement_id, application_id, region) = (id(7), id(8), region());
    let refused = ConfirmationRefused {
        application_id,
        agreement_id,
        case_id,
        region,
        reason: "other".to_owned(),
        amendment: None,
        refused_at: at,
    };
    twice(&service, From::JudicialConfirmation, case_id, refused).await?;
    let dismissed = ConfirmationRuled {
        application_id,
        agreement_id,
        case_id,
        region,
        outcome: RulingOutcome::Dismissed,
        ruling_number: "2".to_owned(),
        amendment: None,
        ruled_at: at + Duration::hours(1),
    };
    twice(&service, From::JudicialConfirmation, case_id, dismissed).await?;
    let expired = ConfirmationExpired {
        application_id,
        agreement_id,
        case_id,
        region,
        expired_at: at + Duration::hours(2),
    };
    twice(&service, From::JudicialConfirmation, case_id, expired).await?;
    assert_eq!(public(&service, case_id).await?.0, "performing");

    // Mediated anew; what another service tells late moves nothing.
    let opened = MediationOpened {
        proceeding_id: id(9),
        case_id,
        region,
        order_id: id(4),
        organisation_id: organisation(),
        opened_at: at + Duration::hours(3),
    };
    twice(&service, From::Mediation, case_id, opened).await?;
    assert_eq!(public(&service, case_id).await?.0, "consent_pending");
    let late = ConfirmationRefused {
        application_id: id(10),
        agreement_id,
        case_id,
        region,
        reason: "other".to_owned(),
        amendment: None,
        refused_at: at + Duration::minutes(90),
    };
    twice(&service, From::JudicialConfirmation, case_id, late).await?;
    assert_eq!(public(&service, case_id).await?.0, "consent_pending");
    let defaulted = PerformanceDefaulted {
        obligation_id: id(6),
        agreement_id,
        case_id,
        region,
        defaulted_at: at,
    };
    twice(&service, From::Mediation, case_id, defaulted).await?;
    let (status, codes) = public(&service, case_id).await?;
    assert_eq!(status, "defaulted");
    assert_eq!(codes.len(), 7, "{codes:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_comes_back_is_told_and_the_case_waits_for_the_next() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = registered(&service).await?;
    let start = service.time.now();
    let at = |minutes| start + Duration::minutes(minutes);
    let (order_id, region, organisation_id) = (id(4), region(), organisation());
    twice(&service, From::Triage, case_id, decided(case_id, at(1))).await?;
    let asked = DispatchReturnAsked {
        order_id,
        case_id,
        region,
        organisation_id,
        reason: "not_competent".to_owned(),
        decide_due_at: at(99),
        asked_at: at(2),
    };
    twice(&service, From::Triage, case_id, asked).await?;
    assert_eq!(public(&service, case_id).await?.0, "dispatched");
    let rejected = DispatchReturnRejected {
        order_id,
        case_id,
        region,
        organisation_id,
        signed: true,
        rejected_at: at(3),
    };
    twice(&service, From::Triage, case_id, rejected).await?;
    assert_eq!(public(&service, case_id).await?.0, "signed");
    let returned = DispatchReturned {
        order_id,
        case_id,
        region,
        organisation_id,
        reason: "not_competent".to_owned(),
        designation_required: true,
        returned_at: at(4),
    };
    twice(&service, From::Triage, case_id, returned).await?;
    assert_eq!(public(&service, case_id).await?.0, "triaged");
    let recalled = DispatchRecalled {
        order_id: id(11),
        case_id,
        region,
        organisation_id,
        recalled_at: at(5),
    };
    twice(&service, From::Triage, case_id, recalled).await?;
    let (status, codes) = public(&service, case_id).await?;
    assert_eq!(status, "triaged");
    insta::assert_snapshot!(codes.join(" "), @"registered triaged return_asked return_rejected_signed returned recalled");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_no_longer_answers_for_a_case_reads_it_no_more() -> Result<()> {
    let service = Service::start().await?;
    let (_, case_id) = registered(&service).await?;
    let start = service.time.now();
    let at = |minutes| start + Duration::minutes(minutes);
    let given: contracts::ids::OrganisationId = id(77);
    let officer = service.role_in("organisation_officer", given);
    let path = format!("/intake/v1/cases/{case_id}");
    let reads = async || -> Result<u16> {
        let answer = service.get(&path, &officer).await?;
        Ok(answer.status)
    };
    twice(&service, From::Triage, case_id, decided(case_id, at(1))).await?;
    assert_eq!(reads().await?, 404);
    let issued = |number, minute| DispatchIssued {
        order_id: id(number),
        case_id,
        region: region(),
        mode: DispatchMode::Assign,
        to_organisation: given,
        route: "peoples_mediation".to_owned(),
        type_code: "neighbour".to_owned(),
        track: Track::Simple,
        due_at: at(100_000),
        due_provisional: false,
        issued_at: at(minute),
    };
    twice(&service, From::Triage, case_id, issued(4, 2)).await?;
    assert_eq!(reads().await?, 200);
    let recalled = DispatchRecalled {
        order_id: id(4),
        case_id,
        region: region(),
        organisation_id: given,
        recalled_at: at(3),
    };
    twice(&service, From::Triage, case_id, recalled).await?;
    assert_eq!(reads().await?, 404);
    twice(&service, From::Triage, case_id, issued(5, 4)).await?;
    assert_eq!(reads().await?, 200);
    let returned = DispatchReturned {
        order_id: id(5),
        case_id,
        region: region(),
        organisation_id: given,
        reason: "not_competent".to_owned(),
        designation_required: false,
        returned_at: at(5),
    };
    twice(&service, From::Triage, case_id, returned).await?;
    assert_eq!(reads().await?, 404);
    Ok(())
}
