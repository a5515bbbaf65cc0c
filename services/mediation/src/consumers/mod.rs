//! What other services tell: the parties of a case, and the orders to be worked on. One file an event.

mod on_accountability_moved;
mod on_case_changed;
mod on_case_reopened;
mod on_confirmation;
mod on_dispatch_return;
mod on_dispatch_signed;
mod on_effect_decided;
mod on_matter_accepted;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::Mediation;

pub(crate) fn subscriptions() -> Subscriptions<Mediation> {
    Subscriptions::new()
        .on(Service::Intake, on_matter_accepted::on_matter_accepted)
        .on(Service::Intake, on_case_reopened::on_case_reopened)
        .on(Service::Intake, on_case_changed::on_merged)
        .on(Service::Intake, on_case_changed::on_parties_changed)
        .on(Service::Triage, on_dispatch_signed::on_dispatch_signed)
        .on(Service::Triage, on_dispatch_return::on_asked)
        .on(Service::Triage, on_dispatch_return::on_returned)
        .on(Service::Triage, on_dispatch_return::on_rejected)
        .on(Service::Triage, on_dispatch_return::on_handed_over)
        .on(Service::JudicialConfirmation, on_confirmation::on_ruled)
        .on(Service::JudicialConfirmation, on_confirmation::on_refused)
        .on(
            Service::JudicialConfirmation,
            on_confirmation::on_objection_decided,
        )
        .on(Service::JudicialConfirmation, on_effect_decided::apply)
        .note(Service::Federation, on_accountability_moved::apply)
}
