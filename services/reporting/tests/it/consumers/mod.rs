//! Applying events.

mod on_earlier_fact;
mod on_event;
mod on_fact_received;
