//! The events applied.

mod on_agreement_amended;
mod on_agreement_effective;
