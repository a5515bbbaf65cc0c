//! Unified social credit codes 统一社会信用代码 (GB 32100-2015) of organisations and sole traders.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::{IdentifierError, text};

/// The symbols in the order of their values 0–30: no I, O, S, V, Z.
const SYMBOLS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i-1) mod 31.
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

/// A unified social credit code. A sole trader's identifies a person, so it is hidden like any other number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnifiedSocialCreditCode(String);

impl UnifiedSocialCreditCode {
    /// The whole code, 18 characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The code as others may see it: `913***********0Y43`.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.0)
    }
}

impl FromStr for UnifiedSocialCreditCode {
    type Err = IdentifierError;

    fn from_str(input: &str) -> Result<Self, Self::Err> {
        let code = text::normalise(input);
        if code.chars().count() != 18 {
            return Err(IdentifierError::Length);
        }
        let values: Vec<usize> = code
            .chars()
            .filter_map(|symbol| SYMBOLS.find(symbol))
            .collect();
        // Places 3 to 8 are the region code of the registering authority.
        let region_is_digits = code
            .get(2..8)
            .is_some_and(|region| region.bytes().all(|byte| byte.is_ascii_digit()));
        if values.len() != 18 || !region_is_digits {
            return Err(IdentifierError::Characters);
        }
        let sum: usize = values
            .iter()
            .zip(WEIGHTS)
            .map(|(value, weight)| value * weight)
            .sum();
        if values.last() != Some(&((31 - sum % 31) % 31)) {
            return Err(IdentifierError::Checksum);
        }
        Ok(Self(code))
    }
}

impl fmt::Debug for UnifiedSocialCreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnifiedSocialCreditCode(***)")
    }
}

impl<'de> Deserialize<'de> for UnifiedSocialCreditCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer)
    }
}
