//! Tests of the crate from outside, against the real default pack.
#![cfg(test)]

mod accuracy;
mod calendar;
mod clock_kinds;
mod clocks;
mod courses;
mod default_pack;
mod faults;
mod handed_down;
mod layers;
mod requests;
mod triage;

use std::str::FromStr as _;

use contracts::region::RegionCode;
use policy::PolicyPack;

/// A region code.
fn region(code: &str) -> RegionCode {
    RegionCode::from_str(code).unwrap()
}

/// The embedded pack of a region.
fn pack(code: &str) -> PolicyPack {
    PolicyPack::embedded(&region(code)).unwrap_or_else(|errors| panic!("{errors}"))
}
