//! Region codes 统计用区划代码 (2/4/6/9/12 digits) and the directory of the regions that exist.
//!
//! [`RegionCode`] is syntax only: a code that cannot be read is refused, a code that nobody ever assigned is not. Whether
//! a region exists, what it is called and from when to when it was valid is in [`directory`], over the national lists.
//! Codes nest by prefix, so containment of codes is containment of territory, and a subtree in SQL is `LIKE '6206%'`.

mod code;
pub mod directory;
mod encoding;
mod error;
mod reference;

pub use code::{Level, RegionCode};
pub use directory::{Region, RegionKind};
pub use error::RegionCodeError;

#[cfg(test)]
mod tests;
