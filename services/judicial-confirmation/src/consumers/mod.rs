//! The events this service applies.

mod on_agreement_effective;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::JudicialConfirmation;

/// Every event with its handler.
pub fn subscriptions() -> Subscriptions<JudicialConfirmation> {
    Subscriptions::new().on(Service::Mediation, on_agreement_effective::apply)
}
