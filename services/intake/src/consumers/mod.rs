//! What the other services make of a case, noted for the person who brought it. One file a publishing service: each
//! handler only says which public fact an event is.

mod on_accountability_moved;
mod on_case_adopted;
mod on_clock;
mod on_evaluation;
mod on_judicial_confirmation;
mod on_mediation;
mod on_organisation_registered;
mod on_triage;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::Intake;

pub(crate) fn subscriptions() -> Subscriptions<Intake> {
    Subscriptions::new()
        .note(Service::Triage, on_triage::decided)
        .note(Service::Triage, on_triage::dispatched)
        .note(Service::Triage, on_triage::signed)
        .note(Service::Triage, on_triage::return_asked)
        .note(Service::Triage, on_triage::returned)
        .note(Service::Triage, on_triage::return_rejected)
        .note(Service::Triage, on_triage::recalled)
        .note(Service::Triage, on_triage::handed_over)
        .note(Service::Triage, on_triage::fed_back)
        .note(Service::Triage, on_triage::completed)
        .note(Service::Triage, on_triage::extended)
        .note(Service::Triage, on_triage::reworked)
        .note(Service::Triage, on_triage::assist_asked)
        .note(Service::Triage, on_triage::called)
        .note(Service::Triage, on_triage::urged)
        .note(Service::Triage, on_triage::supervised)
        .note(Service::Mediation, on_organisation_registered::apply)
        .note(Service::Mediation, on_organisation_registered::changed)
        .note(Service::Mediation, on_mediation::opened)
        .note(Service::Mediation, on_mediation::started)
        .note(Service::Mediation, on_mediation::ended)
        .note(Service::Mediation, on_mediation::effective)
        .note(Service::Mediation, on_mediation::fulfilled)
        .note(Service::Mediation, on_mediation::defaulted)
        .note(Service::Mediation, on_mediation::paused)
        .note(Service::Mediation, on_mediation::resumed)
        .note(Service::Mediation, on_mediation::extended)
        .note(Service::Mediation, on_mediation::transferred)
        .note(Service::Mediation, on_mediation::amended)
        .note(Service::Mediation, on_clock::warned)
        .note(Service::JudicialConfirmation, on_clock::warned)
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::applied,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::refused,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::ruled,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::expired,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::supplement_asked,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::treated_as_withdrawn,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::objection_decided,
        )
        .note(
            Service::JudicialConfirmation,
            on_judicial_confirmation::enforcement_applied,
        )
        .note(Service::Evaluation, on_evaluation::follow_up_scheduled)
        .note(Service::Evaluation, on_evaluation::closed)
        .on(Service::Federation, on_case_adopted::apply)
        .note(Service::Federation, on_accountability_moved::apply)
}
