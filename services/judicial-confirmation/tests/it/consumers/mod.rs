//! The events applied.

mod on_accountability_moved;
mod on_agreement_amended;
mod on_agreement_effective;
mod on_agreement_voided;
