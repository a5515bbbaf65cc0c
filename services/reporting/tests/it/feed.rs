//! Events of made-up cases, and two ways to give them to the service: over the bus as another service would, or in bulk
//! through the same handler without the bus.

use anyhow::{Result, anyhow};
use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use chrono::{DateTime, Days, TimeDelta, Utc};
use contracts::{
    Service,
    events::{
        Envelope, Event,
        clock::{ClockBreached, ClockWarned},
        evaluation::{CaseClosed, FollowUpDone, FollowUpScheduled, RatingGiven},
        federation::FactReceived,
        intake::{CaseMerged, CaseReopened, MatterAccepted, MatterClass, MatterRegistered},
        judicial_confirmation::{ConfirmationApplied, ConfirmationRuled, RulingOutcome},
        mediation::{
            AgreementAmended, AgreementEffective, AgreementForm, AgreementVoided, MediationEnded,
            MediationOutcome, MediationStarted, MediationTransferred, ObligationRef,
            PerformanceFulfilled,
        },
        triage::{
            DispatchCompleted, DispatchIssued, DispatchMode, DispatchReworked, DispatchSigned,
            RiskChanged, RiskColour, Track, TriageDecided,
        },
    },
    ids::{AgreementId, CaseId, EventId, TypedId},
};
use policy::{CurrentPolicy, PolicyPack};
use reporting::{Reporting, consumers::on_event::on_event};
use serde_json::Value;
use testkit::TestService;
use uuid::Uuid;

/// A case of the tests.
#[derive(Debug, Clone)]
pub struct Case {
    pub number: u128,
    pub region: &'static str,
    /// The node where everything of it happens.
    pub node: &'static str,
    pub source: &'static str,
    pub channel: &'static str,
    pub type_code: String,
    pub route: &'static str,
    pub accepted_at: DateTime<Utc>,
    pub amount_fen: Option<i64>,
}

/// An event of it.
#[derive(Debug, Clone)]
pub struct Fed {
    pub envelope: Envelope,
    pub body: Value,
}

impl Case {
    pub fn new(number: u128) -> Self {
        Self {
            number,
            region: "620602",
            node: "6206",
            source: "public",
            channel: "window",
            type_code: "neighbour".to_owned(),
            route: "peoples_mediation",
            accepted_at: at("2022-03-01T02:00:00Z")
                + TimeDelta::minutes(i64::try_from(number).unwrap()),
            amount_fen: None,
        }
    }

    pub fn id(&self) -> CaseId {
        self.object(0)
    }

    /// The id of one of its objects.
    pub fn object<T: TypedId>(&self, kind: u128) -> T {
        T::from_uuid(Uuid::from_u128((7 << 76) | (self.number << 8) | kind))
    }

    fn day(&self, days: u64) -> DateTime<Utc> {
        self.accepted_at.checked_add_days(Days::new(days)).unwrap()
    }

    pub fn fed<E: Event>(&self, service: Service, time: DateTime<Utc>, event: &E) -> Fed {
        let seq = i64::try_from(self.number).unwrap();
        let event_type = E::event_type(service);
        // The same event always has the same id.
        let away = Some(self.node).filter(|node| *node != "6206");
        let digest = event_type
            .bytes()
            .chain(away.unwrap_or_default().bytes())
            .fold(time.timestamp().unsigned_abs(), |sum, byte| {
                sum.wrapping_mul(31).wrapping_add(u64::from(byte))
            });
        let id = EventId::from_uuid(Uuid::from_u128((self.number << 64) | u128::from(digest)));
        let envelope = Envelope {
            id,
            event_type,
            source: self.node.parse().unwrap(),
            subject: self.id().uuid(),
            time,
            service,
            epoch: 1,
            seq,
            case_seq: 1,
            correlation: id.uuid(),
            causation: None,
            traceparent: None,
        };
        Fed {
            envelope,
            body: serde_json::to_value(event).unwrap(),
        }
    }

    pub fn registered(&self) -> Fed {
        let event = MatterRegistered {
            matter_id: self.object(1),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            class: MatterClass::Dispute,
            source: self.source.to_owned(),
            channel: self.channel.to_owned(),
            type_hint: None,
            parties: Vec::new(),
            persons_involved: 2,
            amount_fen: self.amount_fen,
            organisation_id: None,
            registered_at: self.accepted_at - TimeDelta::hours(1),
        };
        self.fed(Service::Intake, event.registered_at, &event)
    }

    pub fn accepted_event(&self) -> MatterAccepted {
        MatterAccepted {
            matter_id: self.object(1),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            acceptance_number: format!("武受〔2022〕{}号", self.number),
            class: MatterClass::Dispute,
            source: self.source.to_owned(),
            channel: self.channel.to_owned(),
            type_hint: None,
            parties: Vec::new(),
            persons_involved: 2,
            amount_fen: self.amount_fen,
            organisation_id: None,
            registered_at: self.accepted_at - TimeDelta::hours(1),
            accepted_at: self.accepted_at,
        }
    }

    pub fn accepted(&self) -> Fed {
        self.fed(Service::Intake, self.accepted_at, &self.accepted_event())
    }

    /// Decided on day 1; on another day with another type when decided anew.
    pub fn decided_on(&self, day: u64, type_code: &str, as_proposed: bool) -> Fed {
        let event = TriageDecided {
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            type_code: type_code.to_owned(),
            route: self.route.to_owned(),
            track: Track::Simple,
            colour: RiskColour::Blue,
            as_proposed,
            decided_by: "test".to_owned(),
            decided_at: self.day(day),
        };
        self.fed(Service::Triage, event.decided_at, &event)
    }

    /// The risk colour changed on a day.
    pub fn coloured_on(&self, day: u64, colour: RiskColour) -> Fed {
        let event = RiskChanged {
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            was: RiskColour::Blue,
            colour,
            rule: None,
            changed_at: self.day(day),
        };
        self.fed(Service::Triage, event.changed_at, &event)
    }

    pub fn decided(&self) -> Fed {
        self.decided_on(1, &self.type_code, true)
    }

    pub fn ended_on(&self, day: u64, outcome: MediationOutcome) -> Fed {
        let event = MediationEnded {
            proceeding_id: self.object(3),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            end_code: "agreement".to_owned(),
            outcome,
            other_ways: Vec::new(),
            ended_at: self.day(day),
        };
        self.fed(Service::Mediation, event.ended_at, &event)
    }

    /// Finished on its route, which is one without mediation.
    pub fn completed_on(&self, day: u64, settled: bool) -> Fed {
        let event = DispatchCompleted {
            order_id: self.object(5),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            organisation_id: self.object(6),
            route: self.route.to_owned(),
            outcome: "finished".to_owned(),
            settled,
            completed_at: self.day(day),
        };
        self.fed(Service::Triage, event.completed_at, &event)
    }

    /// What was finished was sent back.
    pub fn reworked_on(&self, day: u64) -> Fed {
        let event = DispatchReworked {
            order_id: self.object(5),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            organisation_id: self.object(6),
            route: self.route.to_owned(),
            due_at: self.day(day + 10),
            reworked_at: self.day(day),
        };
        self.fed(Service::Triage, event.reworked_at, &event)
    }

    /// The parties took another way; with an end code after an agreement that the court did not confirm.
    pub fn transferred_on(&self, day: u64, end_code: Option<&str>) -> Fed {
        let event = MediationTransferred {
            proceeding_id: self.object(3),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            way: "litigation".to_owned(),
            end_code: end_code.map(str::to_owned),
            of_the_rest: false,
            transferred_at: self.day(day),
        };
        self.fed(Service::Mediation, event.transferred_at, &event)
    }

    pub fn ended(&self, outcome: MediationOutcome) -> Fed {
        self.ended_on(9, outcome)
    }

    pub fn effective(&self, days: &[u64]) -> Fed {
        let event = AgreementEffective {
            agreement_id: self.agreement(),
            proceeding_id: self.object(3),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            organisation_id: self.object(5),
            form: AgreementForm::Written,
            type_code: self.type_code.clone(),
            content_codes: Vec::new(),
            party_ids: Vec::new(),
            amount_fen: 30_000,
            obligations: self.owed(days),
            effective_at: self.day(9),
        };
        self.fed(Service::Mediation, event.effective_at, &event)
    }

    /// A hundred yuan on each of these days.
    fn owed(&self, days: &[u64]) -> Vec<ObligationRef> {
        let obligation = |(n, day): (u128, &u64)| ObligationRef {
            obligation_id: self.object(20 + n),
            due_on: self.day(*day).date_naive(),
            amount_fen: Some(10_000),
        };
        (0..).zip(days).map(obligation).collect()
    }

    /// Another version takes the agreement's place.
    pub fn amended_on(&self, day: u64, superseded: &[u64], owed: &[u64]) -> Fed {
        let event = AgreementAmended {
            agreement_id: self.agreement(),
            proceeding_id: self.object(3),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            content_codes: Vec::new(),
            amount_fen: 10_000 * i64::try_from(owed.len()).unwrap(),
            obligations: self.owed(owed),
            superseded: self.owed(superseded),
            amended_at: self.day(day),
        };
        self.fed(Service::Mediation, event.amended_at, &event)
    }

    /// The agreement binds nobody any more.
    pub fn voided_on(&self, day: u64, superseded: &[u64]) -> Fed {
        let event = AgreementVoided {
            agreement_id: self.agreement(),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            replaced_by: None,
            superseded: self.owed(superseded),
            voided_at: self.day(day),
        };
        self.fed(Service::Mediation, event.voided_at, &event)
    }

    fn agreement(&self) -> AgreementId {
        self.object(4)
    }

    pub fn fulfilled(&self, day: u64, remaining: u32) -> Fed {
        let event = PerformanceFulfilled {
            obligation_id: self.object(20),
            agreement_id: self.agreement(),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            on_time: true,
            remaining,
            fulfilled_at: self.day(day),
        };
        self.fed(Service::Mediation, event.fulfilled_at, &event)
    }

    pub fn breached(&self, service: Service, kind: &str, day: u64) -> Fed {
        let event = ClockBreached {
            clock_id: self.object(6),
            kind: kind.to_owned(),
            object_id: self.id().uuid(),
            case_id: self.id(),
            due_at: self.day(day),
            breach: None,
            organisation_id: None,
        };
        self.fed(service, event.due_at, &event)
    }

    pub fn rated(&self, day: u64, score: u8) -> Fed {
        let event = RatingGiven {
            rating_id: self.object(7),
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            score,
            given_at: self.day(day),
        };
        self.fed(Service::Evaluation, event.given_at, &event)
    }

    pub fn merged_into(&self, leading: &Self, day: u64) -> Fed {
        let event = CaseMerged {
            case_id: self.id(),
            into_case_id: leading.id(),
            region: self.region.parse().unwrap(),
            matter_ids: vec![self.object(1)],
            merged_at: self.day(day),
        };
        self.fed(Service::Intake, event.merged_at, &event)
    }

    pub fn closed(&self, day: u64) -> Fed {
        let event = CaseClosed {
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            closed_at: self.day(day),
        };
        self.fed(Service::Evaluation, event.closed_at, &event)
    }

    pub fn reopened(&self, day: u64) -> Fed {
        let event = CaseReopened {
            case_id: self.id(),
            region: self.region.parse().unwrap(),
            reason: "objection".to_owned(),
            closed_at: self.day(0),
            reopened_at: self.day(day),
        };
        self.fed(Service::Intake, event.reopened_at, &event)
    }

    /// A whole life: decided twice, mediated twice, confirmed, performed in two parts, rated twice, closed.
    pub fn story(&self) -> Vec<Fed> {
        let region = self.region.parse().unwrap();
        let issued = DispatchIssued {
            order_id: self.object(2),
            case_id: self.id(),
            region,
            mode: DispatchMode::Assign,
            to_organisation: self.object(5),
            route: self.route.to_owned(),
            type_code: self.type_code.clone(),
            track: Track::Simple,
            due_at: self.day(30),
            due_provisional: false,
            issued_at: self.day(2),
        };
        let signed = DispatchSigned {
            order_id: self.object(2),
            case_id: self.id(),
            region,
            organisation_id: self.object(5),
            route: self.route.to_owned(),
            type_code: self.type_code.clone(),
            track: Track::Simple,
            due_at: self.day(30),
            signed_at: self.day(3),
        };
        let started = MediationStarted {
            proceeding_id: self.object(3),
            case_id: self.id(),
            region,
            organisation_id: self.object(5),
            mediator_ids: Vec::new(),
            started_at: self.day(4),
            due_at: self.day(34),
        };
        let applied = ConfirmationApplied {
            application_id: self.object(8),
            agreement_id: self.agreement(),
            case_id: self.id(),
            region,
            party_id: self.object(9),
            last_day: self.day(39).date_naive(),
            applied_at: self.day(10),
        };
        let ruled = ConfirmationRuled {
            application_id: self.object(8),
            agreement_id: self.agreement(),
            case_id: self.id(),
            region,
            outcome: RulingOutcome::Valid,
            ruling_number: "(2022)甘06司确1号".to_owned(),
            amendment: None,
            ruled_at: self.day(15),
        };
        let scheduled = FollowUpScheduled {
            follow_up_id: self.object(10),
            case_id: self.id(),
            region,
            due_at: self.day(60),
            scheduled_at: self.day(30),
        };
        let done = FollowUpDone {
            follow_up_id: self.object(10),
            case_id: self.id(),
            region,
            satisfied: Some(true),
            done_at: self.day(58),
        };
        let closed = CaseClosed {
            case_id: self.id(),
            region,
            closed_at: self.day(61),
        };
        let warned = ClockWarned {
            clock_id: self.object(6),
            kind: "triage.decide".to_owned(),
            object_id: self.id().uuid(),
            case_id: self.id(),
            due_at: self.day(1),
        };
        vec![
            self.registered(),
            self.accepted(),
            self.fed(Service::Triage, self.day(0), &warned),
            self.breached(Service::Triage, "triage.decide", 1),
            self.decided_on(1, "contract", true),
            self.decided_on(2, &self.type_code, false),
            self.fed(Service::Triage, issued.issued_at, &issued),
            self.fed(Service::Triage, signed.signed_at, &signed),
            self.fed(Service::Mediation, started.started_at, &started),
            self.ended_on(5, MediationOutcome::Failed),
            self.ended_on(9, MediationOutcome::Agreed),
            self.effective(&[40, 20]),
            self.fed(Service::JudicialConfirmation, applied.applied_at, &applied),
            self.fed(Service::JudicialConfirmation, ruled.ruled_at, &ruled),
            self.fulfilled(19, 1),
            self.fulfilled(30, 0),
            self.fed(Service::Evaluation, scheduled.scheduled_at, &scheduled),
            self.breached(Service::Evaluation, "followup.visit", 57),
            self.fed(Service::Evaluation, done.done_at, &done),
            self.rated(59, 5),
            self.rated(60, 2),
            self.fed(Service::Evaluation, closed.closed_at, &closed),
        ]
    }
}

/// The event as the border desk of this node passes it on when it comes from its node below.
pub fn as_fact(fed: &Fed) -> Fed {
    let inner = &fed.envelope;
    let fact = FactReceived {
        node: inner.source,
        event_id: inner.id,
        event_type: inner.event_type.clone(),
        service: inner.service,
        epoch: inner.epoch,
        seq: inner.seq,
        occurred_at: inner.time,
        body: fed.body.clone(),
    };
    let envelope = Envelope {
        id: EventId::from_uuid(Uuid::from_u128(!inner.id.uuid().as_u128())),
        event_type: FactReceived::event_type(Service::Federation),
        source: "6206".parse().unwrap(),
        time: inner.time + TimeDelta::days(2),
        service: Service::Federation,
        ..inner.clone()
    };
    Fed {
        envelope,
        body: serde_json::to_value(fact).unwrap(),
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Gives events to the service's handler, as the consumer would once they have come.
pub async fn feed(service: &TestService<Reporting>, events: &[Fed]) -> Result<()> {
    let db = service.db()?;
    let policy = CurrentPolicy::new(PolicyPack::embedded(db.node())?);
    let state = Reporting {
        db: db.clone(),
        policy,
    };
    for chunk in events.chunks(500) {
        let work = async |tx: &mut Tx| {
            for fed in chunk {
                on_event(&state, tx, &fed.envelope, fed.body.clone())?;
            }
            Ok(())
        };
        let fed: Result<(), Problem> = db.tx("feed", &Cause::new(&service.time), work).await;
        fed.map_err(|problem| anyhow!("{problem:?}"))?;
    }
    Ok(())
}

/// Everything the service tells, for comparing: the ledger, every split, the indicators.
pub async fn everything(service: &TestService<Reporting>) -> Result<Vec<Value>> {
    let token = service.role("leader");
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = service
            .get(&format!("/reporting/v1/ledger?limit=200{cursor}"), &token)
            .await?
            .expect(200)?;
        all.push(page["items"].clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for split in [
        "type&columns=moj_15",
        "type&columns=wuwei_2022",
        "region",
        "region&level=township",
        "node",
        "node&level=township",
        "source",
        "channel",
        "class",
        "route",
        "track",
        "colour",
        "outcome",
    ] {
        for rounding in ["half_up", "largest_remainder"] {
            let path = format!("/reporting/v1/statistics?dimension={split}&rounding={rounding}");
            all.push(service.get(&path, &token).await?.expect(200)?);
        }
    }
    all.push(
        service
            .get("/reporting/v1/indicators", &token)
            .await?
            .expect(200)?,
    );
    Ok(all)
}
