//! Applying events.

mod on_event;
mod on_fact_received;
