//! Requests between nodes, played by two or three of them: what one leaves in its outboxes is handed to the others.

mod accountability;
mod case_file;
mod document;
mod kinds;
mod life;
mod mediated;
mod order;
mod several;
pub mod support;
