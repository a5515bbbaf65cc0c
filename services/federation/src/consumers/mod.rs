//! What comes in: events of this node, messages from below and from above.

mod on_audit;
mod on_book;
pub mod on_checkpoint;
mod on_confirm;
pub mod on_fact;
mod on_local_event;
mod on_policy;
mod on_replay;
pub mod on_request_stepped;
mod on_triage_decided;

use chassis::bus::Subscriptions;
use contracts::{
    Service,
    events::{clock::ClockBreached, federation::AccountabilityMoved},
};

use crate::{Federation, border};

/// All but this desk, whose most frequent event tells what came from below.
const LOCAL: &[Service] = &[
    Service::Intake,
    Service::Triage,
    Service::Mediation,
    Service::JudicialConfirmation,
    Service::Evaluation,
    Service::Reporting,
];

/// Events of this node's own services.
pub fn local() -> Subscriptions<Federation> {
    Subscriptions::new()
        .note_any(LOCAL, on_local_event::note)
        .note(
            Service::Federation,
            on_local_event::own::<AccountabilityMoved>,
        )
        .note(Service::Federation, on_local_event::own::<ClockBreached>)
        .note(Service::Triage, on_triage_decided::note)
        .note(Service::Triage, on_triage_decided::raised)
}

/// Messages on UP.
pub fn from_below() -> Subscriptions<Federation> {
    Subscriptions::new()
        .guarded(border::from_below)
        .gapless()
        .on(Service::Federation, on_fact::apply)
        .note(Service::Federation, on_audit::answered)
        .on(Service::Federation, on_checkpoint::apply)
        .on(Service::Federation, on_request_stepped::apply)
}

/// Messages on DOWN.
pub fn from_above() -> Subscriptions<Federation> {
    Subscriptions::new()
        .guarded(border::from_above)
        .on(Service::Federation, on_confirm::apply)
        .on(Service::Federation, on_replay::apply)
        .on(Service::Federation, on_book::apply)
        .on(Service::Federation, on_policy::apply)
        .on(Service::Federation, on_audit::asked)
        .on(Service::Federation, on_request_stepped::apply)
}
