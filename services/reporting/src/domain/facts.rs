//! What each kind of event says about a case. A kind that is not here is logged and changes no row.

use chrono::NaiveDate;
use contracts::{
    events::{
        clock::ClockBreached,
        evaluation::{CaseClosed, FollowUpDone, FollowUpScheduled, RatingGiven},
        intake::{
            CaseMerged, CaseReopened, MatterAccepted, MatterAnswered, MatterDeclined,
            MatterRegistered,
        },
        judicial_confirmation::{ConfirmationApplied, ConfirmationRuled},
        mediation::{
            AgreementAmended, AgreementEffective, AgreementVoided, MediationEnded,
            MediationStarted, MediationTransferred, ObligationRef, PerformanceDefaulted,
            PerformanceFulfilled,
        },
        triage::{
            DispatchCompleted, DispatchIssued, DispatchReworked, DispatchSigned, RiskChanged,
            TriageDecided,
        },
    },
    ids::CaseId,
    region::RegionCode,
};
use serde::Deserialize;
use serde_json::Value;

use super::{entry::LedgerEntry, outcome::Outcome};

/// The parts of an event type `fengqiao.<service>.<object>.<fact>.v1`: service and `<object>.<fact>`.
#[must_use]
pub fn parts(event_type: &str) -> Option<(&str, &str)> {
    let name = event_type.strip_prefix("fengqiao.")?;
    name.strip_suffix(".v1")?.split_once('.')
}

/// A payload that says something about a case.
trait Fact: for<'de> Deserialize<'de> {
    fn entry(self) -> LedgerEntry;
}

/// Says which fields of a row a payload fills: the entry, and expressions over `e`, the payload.
macro_rules! facts {
    ($($key:literal $ty:ident |$e:ident| { $($column:ident: $value:expr),+ $(,)? })+) => {
        $(impl Fact for $ty {
            fn entry(self) -> LedgerEntry {
                let $e = self;
                let case_id: CaseId = $e.case_id;
                LedgerEntry { $($column: $value),+, ..LedgerEntry::of(case_id) }
            }
        })+

        /// The kinds that say something about a case: `<object>.<fact>`.
        pub const KINDS: &[&str] = &[$($key),+];

        fn said(event_type: &str, body: &Value) -> Result<Option<LedgerEntry>, serde_json::Error> {
            let Some((_service, kind)) = parts(event_type) else {
                return Ok(None);
            };
            Ok(match kind {
                $($key => Some($ty::deserialize(body)?.entry()),)+
                _ => None,
            })
        }
    };
}

/// What an event of a node says about a case, when it does. Accepting a case says that it is that node's.
///
/// # Errors
/// When the body has not the form of its kind.
pub fn entry(
    event_type: &str,
    node: RegionCode,
    body: &Value,
) -> Result<Option<LedgerEntry>, serde_json::Error> {
    let mut entry = said(event_type, body)?;
    if let Some(entry) = &mut entry {
        entry.origin = entry.accepted_at.map(|_| node);
    }
    Ok(entry)
}

/// The last day of each, sorted; none of nothing.
fn last_days(obligations: &[ObligationRef]) -> Option<Vec<NaiveDate>> {
    let mut days: Vec<_> = obligations.iter().map(|of| of.due_on).collect();
    days.sort_unstable();
    (!days.is_empty()).then_some(days)
}

/// What they are about together, fen.
fn amount(obligations: &[ObligationRef]) -> i64 {
    obligations.iter().filter_map(|of| of.amount_fen).sum()
}

facts! {
    "matter.registered" MatterRegistered |e| {
        region: Some(e.region), class: Some(e.class), source: Some(e.source), channel: Some(e.channel),
        persons_involved: Some(i64::from(e.persons_involved)), amount_fen: e.amount_fen,
        registered_at: Some(e.registered_at),
    }
    "matter.accepted" MatterAccepted |e| {
        region: Some(e.region), class: Some(e.class), source: Some(e.source), channel: Some(e.channel),
        acceptance_number: Some(e.acceptance_number), persons_involved: Some(i64::from(e.persons_involved)),
        amount_fen: e.amount_fen, registered_at: Some(e.registered_at), accepted_at: Some(e.accepted_at),
    }
    "matter.declined" MatterDeclined |e| { region: Some(e.region), declined_at: Some(e.declined_at) }
    "matter.answered" MatterAnswered |e| { region: Some(e.region), answered_at: Some(e.answered_at) }
    "triage.decided" TriageDecided |e| {
        decided_at: Some(e.decided_at), type_code: Some(e.type_code), route: Some(e.route), track: Some(e.track),
        coloured_at: Some(e.decided_at), colour: Some(e.colour), as_proposed: Some(e.as_proposed),
    }
    "risk.changed" RiskChanged |e| { coloured_at: Some(e.changed_at), colour: Some(e.colour) }
    "dispatch.issued" DispatchIssued |e| { dispatched_at: Some(e.issued_at) }
    "dispatch.signed" DispatchSigned |e| { signed_at: Some(e.signed_at), organisation_id: Some(e.organisation_id) }
    "mediation.started" MediationStarted |e| { started_at: Some(e.started_at) }
    "mediation.ended" MediationEnded |e| {
        ended_at: Some(e.ended_at), outcome: Some(e.outcome.into()), end_code: Some(e.end_code),
    }
    "mediation.transferred" MediationTransferred |e| {
        // With an end: of an agreement that the court did not confirm. Else the mediation's end said it.
        ended_at: e.end_code.is_some().then_some(e.transferred_at),
        outcome: e.end_code.is_some().then_some(Outcome::Failed),
        end_code: e.end_code,
    }
    "dispatch.completed" DispatchCompleted |e| {
        ended_at: Some(e.completed_at), outcome: Some(Outcome::of_other_way(e.settled)), end_code: Some(e.outcome),
    }
    "dispatch.reworked" DispatchReworked |e| { ended_at: Some(e.reworked_at) }
    "agreement.effective" AgreementEffective |e| {
        agreed_at: Some(e.effective_at), agreed_amount_fen: Some(e.amount_fen),
        obligations_due_on: last_days(&e.obligations),
    }
    // What the agreements are about is what was performed of them and what is still owed.
    "agreement.amended" AgreementAmended |e| {
        agreed_amount_fen: Some(e.amount_fen - amount(&e.superseded)),
        obligations_due_on: last_days(&e.obligations), obligations_dropped_due_on: last_days(&e.superseded),
    }
    "agreement.voided" AgreementVoided |e| {
        agreed_amount_fen: Some(-amount(&e.superseded)), obligations_dropped_due_on: last_days(&e.superseded),
    }
    "performance.fulfilled" PerformanceFulfilled |e| {
        obligations_fulfilled: Some(1), obligations_on_time: Some(i64::from(e.on_time)),
        performed_at: (e.remaining == 0).then_some(e.fulfilled_at),
    }
    "performance.defaulted" PerformanceDefaulted |e| { obligations_defaulted: Some(1) }
    "confirmation.applied" ConfirmationApplied |e| { confirmation_applied_at: Some(e.applied_at) }
    "confirmation.ruled" ConfirmationRuled |e| { ruled_at: Some(e.ruled_at), ruling: Some(e.outcome) }
    "follow_up.scheduled" FollowUpScheduled |e| { follow_up_due_at: Some(e.due_at) }
    "follow_up.done" FollowUpDone |e| {
        follow_up_done_at: Some(e.done_at), follow_up_satisfied: e.satisfied,
    }
    "rating.given" RatingGiven |e| { ratings: Some(vec![i16::from(e.score)]) }
    "case.closed" CaseClosed |e| { closed_at: Some(e.closed_at) }
    "case.reopened" CaseReopened |e| { reopened_at: Some(e.reopened_at) }
    "case.merged" CaseMerged |e| { merged_at: Some(e.merged_at) }
    "clock.breached" ClockBreached |e| { clocks_breached: Some(vec![e.kind]) }
}
