//! The events applied.

mod on_agreement_effective;
