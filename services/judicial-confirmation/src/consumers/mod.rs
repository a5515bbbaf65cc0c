//! The events this service applies.

mod on_accountability_moved;
mod on_agreement_amended;
mod on_agreement_effective;
mod on_agreement_voided;
mod on_organisation_registered;
mod on_performance;
mod on_sham;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::JudicialConfirmation;

/// Every event with its handler.
pub fn subscriptions() -> Subscriptions<JudicialConfirmation> {
    Subscriptions::new()
        .on(Service::Mediation, on_agreement_effective::apply)
        .on(Service::Mediation, on_agreement_amended::apply)
        .on(Service::Mediation, on_agreement_voided::apply)
        .on(Service::Mediation, on_sham::suspected)
        .on(Service::Mediation, on_sham::cleared)
        .note(Service::Mediation, on_organisation_registered::apply)
        .note(Service::Mediation, on_performance::defaulted)
        .note(Service::Mediation, on_performance::fulfilled)
        .note(Service::Federation, on_accountability_moved::apply)
}
