//! The events the service applies: all.

pub mod on_event;

use chassis::bus::Subscriptions;

use crate::Reporting;

/// The table of contents.
#[must_use]
pub fn subscriptions() -> Subscriptions<Reporting> {
    Subscriptions::new().note_any(on_event::on_event)
}
