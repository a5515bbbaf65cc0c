//! Private servers against the real programs: killed, restarted, started side by side, orphaned.

#![cfg(test)]

mod nats;
mod orphans;
mod postgres;
