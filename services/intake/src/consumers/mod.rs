//! What the other services make of a case, noted for the person who brought it. One file a publishing service: each
//! handler only says which public fact an event is.

mod on_evaluation;
mod on_judicial_confirmation;
mod on_mediation;
mod on_triage;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::Intake;

pub(crate) fn subscriptions() -> Subscriptions<Intake> {
    Subscriptions::new()
        .on(Service::Triage, on_triage::decided)
        .on(Service::Triage, on_triage::dispatched)
        .on(Service::Triage, on_triage::signed)
        .on(Service::Mediation, on_mediation::opened)
        .on(Service::Mediation, on_mediation::started)
        .on(Service::Mediation, on_mediation::ended)
        .on(Service::Mediation, on_mediation::effective)
        .on(Service::Mediation, on_mediation::fulfilled)
        .on(Service::Mediation, on_mediation::defaulted)
        .on(
            Service::JudicialConfirmation,
            on_judicial_confirmation::applied,
        )
        .on(
            Service::JudicialConfirmation,
            on_judicial_confirmation::refused,
        )
        .on(
            Service::JudicialConfirmation,
            on_judicial_confirmation::ruled,
        )
        .on(
            Service::JudicialConfirmation,
            on_judicial_confirmation::expired,
        )
        .on(Service::Evaluation, on_evaluation::follow_up_scheduled)
        .on(Service::Evaluation, on_evaluation::closed)
}
