//! Applying events.

mod on_event;
