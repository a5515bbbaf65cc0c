//! The pure rules.

mod case;
mod matter;
