//! The events the service applies: all.

pub mod on_event;

use chassis::bus::Subscriptions;
use contracts::Service;

use crate::Reporting;

/// The table of contents.
#[must_use]
pub fn subscriptions() -> Subscriptions<Reporting> {
    Subscriptions::new().note_any(Service::ALL, on_event::on_event)
}
