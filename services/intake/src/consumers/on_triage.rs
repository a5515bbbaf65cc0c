//! Facts of triage: what they make of the status, and what the organisations are told that they concern.

use chassis::{db::Tx, http::Problem};
use contracts::events::{
    Envelope,
    triage::{
        AssistAsked, ConsultationCalled, DispatchCompleted, DispatchExtended, DispatchFedBack,
        DispatchHandedOver, DispatchIssued, DispatchMode, DispatchRecalled, DispatchReturnAsked,
        DispatchReturnRejected, DispatchReturned, DispatchReworked, DispatchSigned, DispatchUrged,
        FeedbackEffect, SupervisionIssued, TriageDecided,
    },
};

use crate::{
    Intake,
    domain::{
        organisation_message::{OrganisationFact, Told},
        public_fact::PublicFact,
    },
    store::{cases, organisation_messages},
};

/// Transition 6.
pub fn decided(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: TriageDecided,
) -> Result<(), Problem> {
    let fact = PublicFact::Triaged;
    cases::note(tx, event.case_id, envelope.id, fact, event.decided_at);
    cases::note_type(tx, event.case_id, event.type_code);
    Ok(())
}

/// Transition 7. While a case is offered to another organisation, the one that signed for it has it.
pub fn dispatched(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchIssued,
) -> Result<(), Problem> {
    let told = Told {
        fact: OrganisationFact::OrderIssued,
        organisation_id: event.to_organisation,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.issued_at,
        due_at: Some(event.due_at),
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    if matches!(event.mode, DispatchMode::HandOver | DispatchMode::ReportUp) {
        return Ok(());
    }
    let fact = PublicFact::Dispatched;
    cases::note(tx, event.case_id, envelope.id, fact, event.issued_at);
    cases::note_organisation(tx, event.case_id, event.to_organisation);
    Ok(())
}

/// Transition 8.
pub fn signed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchSigned,
) -> Result<(), Problem> {
    let fact = PublicFact::Signed;
    cases::note(tx, event.case_id, envelope.id, fact, event.signed_at);
    Ok(())
}

/// Transition 9.
pub fn return_asked(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturnAsked,
) -> Result<(), Problem> {
    let fact = PublicFact::ReturnAsked;
    cases::note(tx, event.case_id, envelope.id, fact, event.asked_at);
    Ok(())
}

/// Transition 9.
pub fn returned(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturned,
) -> Result<(), Problem> {
    cases::forget_organisation(tx, event.case_id, event.organisation_id);
    let fact = PublicFact::Returned;
    cases::note(tx, event.case_id, envelope.id, fact, event.returned_at);
    Ok(())
}

/// Transition 9.
pub fn return_rejected(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReturnRejected,
) -> Result<(), Problem> {
    let told = Told {
        fact: OrganisationFact::ReturnRejected,
        organisation_id: event.organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.rejected_at,
        due_at: None,
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    let fact = if event.signed {
        PublicFact::ReturnRejectedSigned
    } else {
        PublicFact::ReturnRejected
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.rejected_at);
    Ok(())
}

/// The order was taken back.
pub fn recalled(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchRecalled,
) -> Result<(), Problem> {
    let told = Told {
        fact: OrganisationFact::OrderRecalled,
        organisation_id: event.organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.recalled_at,
        due_at: None,
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    cases::forget_organisation(tx, event.case_id, event.organisation_id);
    let fact = PublicFact::Recalled;
    cases::note(tx, event.case_id, envelope.id, fact, event.recalled_at);
    Ok(())
}

/// Transition 17: another organisation answers for the case.
pub fn handed_over(
    _: &Intake,
    tx: &mut Tx,
    _envelope: &Envelope,
    event: DispatchHandedOver,
) -> Result<(), Problem> {
    cases::note_organisation(tx, event.case_id, event.to_organisation);
    Ok(())
}

/// An organ that does not mediate told that it has the case in hand, or could not settle it (TR-04); the end and the giving back
/// have facts of their own.
pub fn fed_back(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchFedBack,
) -> Result<(), Problem> {
    if event.then == FeedbackEffect::Unsettled {
        cases::forget_organisation(tx, event.case_id, event.organisation_id);
    }
    let fact = match event.then {
        FeedbackEffect::GoesOn => PublicFact::TakenUp,
        FeedbackEffect::Unsettled => PublicFact::OtherWayFailed,
        FeedbackEffect::Ends | FeedbackEffect::Returns => return Ok(()),
    };
    cases::note(tx, event.case_id, envelope.id, fact, event.told_at);
    Ok(())
}

/// It was finished on a route without mediation (TR-04).
pub fn completed(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchCompleted,
) -> Result<(), Problem> {
    let fact = PublicFact::OtherWayEnded;
    cases::note(tx, event.case_id, envelope.id, fact, event.completed_at);
    Ok(())
}

/// The organ has longer on a route without mediation.
pub fn extended(
    _: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchExtended,
) -> Result<(), Problem> {
    let fact = PublicFact::OtherWayExtended;
    cases::note(tx, event.case_id, envelope.id, fact, event.extended_at);
    Ok(())
}

/// What an organ reported as finished was not accepted: it goes on with the case, and is told so.
pub fn reworked(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchReworked,
) -> Result<(), Problem> {
    let told = Told {
        fact: OrganisationFact::Reworked,
        organisation_id: event.organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.reworked_at,
        due_at: Some(event.due_at),
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    cases::note_reworked(tx, event.case_id, envelope.id, event.reworked_at);
    Ok(())
}

/// An organisation is told to work along.
pub fn assist_asked(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: AssistAsked,
) -> Result<(), Problem> {
    let told = Told {
        fact: OrganisationFact::AssistAsked,
        organisation_id: event.organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.asked_at,
        due_at: Some(event.due_at),
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    Ok(())
}

/// Transition 15: each department that is called is told until when it has to have reported in.
pub fn called(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: ConsultationCalled,
) -> Result<(), Problem> {
    for organisation_id in event.organisations {
        let told = Told {
            fact: OrganisationFact::ConsultationCalled,
            organisation_id,
            region: event.region,
            case_id: Some(event.case_id),
            appointment_id: None,
            event_id: envelope.id,
            at: event.called_at,
            due_at: Some(event.report_in_due_at),
        };
        organisation_messages::tell(tx, state.policy.notifications(), &told);
    }
    Ok(())
}

/// Transition 31. Whoever handles the case is told; the centre itself sees it in its lists.
pub fn urged(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: DispatchUrged,
) -> Result<(), Problem> {
    let Some(organisation_id) = event.organisation_id else {
        return Ok(());
    };
    let told = Told {
        fact: OrganisationFact::Urged,
        organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.urged_at,
        due_at: None,
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    Ok(())
}

/// Transition 31.
pub fn supervised(
    state: &Intake,
    tx: &mut Tx,
    envelope: &Envelope,
    event: SupervisionIssued,
) -> Result<(), Problem> {
    let Some(organisation_id) = event.organisation_id else {
        return Ok(());
    };
    let told = Told {
        fact: OrganisationFact::Supervised,
        organisation_id,
        region: event.region,
        case_id: Some(event.case_id),
        appointment_id: None,
        event_id: envelope.id,
        at: event.issued_at,
        due_at: Some(event.reply_due_at),
    };
    organisation_messages::tell(tx, state.policy.notifications(), &told);
    Ok(())
}
