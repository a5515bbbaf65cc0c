//! Resident identity numbers 公民身份号码 (GB 11643), and those of residence permits 港澳台居民居住证.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use super::check_digit::{birth_date_of_checked, check_character};
use super::{IdentifierError, text};
use crate::region::RegionCode;

crate::text_enum! {
    /// The sex a number tells.
    pub enum Sex {
        /// Female 女.
        Female => "female",
        /// Male 男.
        Male => "male",
    }
}

/// A resident identity number, or the number of a residence permit for people from Hong Kong, Macau and Taiwan, which has
/// the same form.
///
/// Reads 18 characters or the 15 digits of cards before 1999, which become the 18 characters of the same person. Of the
/// region only the province is checked: the code is that of first registration, and many of those counties are gone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResidentId {
    /// 18 characters.
    number: String,
    birth_date: NaiveDate,
}

impl ResidentId {
    /// The whole number, 18 characters. Personal information.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The number as others may see it: `620***********1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.number)
    }

    /// The date of birth it holds.
    #[must_use]
    pub const fn birth_date(&self) -> NaiveDate {
        self.birth_date
    }

    /// The sex it tells: the 17th digit is odd for men.
    #[must_use]
    pub fn sex(&self) -> Sex {
        match self.number.as_bytes().get(16) {
            Some(b'1' | b'3' | b'5' | b'7' | b'9') => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// Completed years of age on a date; none before birth.
    #[must_use]
    pub fn age_on(&self, date: NaiveDate) -> Option<u32> {
        date.years_since(self.birth_date)
    }

    /// Refuses a date of birth after `today`; reading a number does not know what day it is.
    ///
    /// # Errors
    /// [`IdentifierError::BirthDate`].
    pub fn born_by(self, today: NaiveDate) -> Result<Self, IdentifierError> {
        if self.birth_date <= today {
            Ok(self)
        } else {
            Err(IdentifierError::BirthDate)
        }
    }

    /// Whether it is the number of a residence permit (810000 Hong Kong, 820000 Macau, 830000 Taiwan).
    #[must_use]
    pub fn is_residence_permit(&self) -> bool {
        is_permit(&self.number)
    }
}

impl FromStr for ResidentId {
    type Err = IdentifierError;

    fn from_str(input: &str) -> Result<Self, Self::Err> {
        let text = text::normalise(input);
        let number = match text.chars().count() {
            18 => text,
            15 => of_first_generation(&text)?,
            _ => return Err(IdentifierError::Length),
        };
        let birth_date = birth_date_of_checked(&number)?;
        if !is_permit(&number) && !province_exists(&number) {
            return Err(IdentifierError::Region);
        }
        Ok(Self { number, birth_date })
    }
}

/// Two-digit years of 15-digit numbers are of the 20th century.
fn of_first_generation(text: &str) -> Result<String, IdentifierError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IdentifierError::Characters);
    }
    let (region, rest) = text
        .split_at_checked(6)
        .ok_or(IdentifierError::Characters)?;
    let body = format!("{region}19{rest}");
    let check = check_character(&body).ok_or(IdentifierError::Characters)?;
    Ok(format!("{body}{check}"))
}

fn is_permit(number: &str) -> bool {
    ["810000", "820000", "830000"]
        .iter()
        .any(|prefix| number.starts_with(prefix))
}

/// Hong Kong and Macau have province codes, but numbers with them are permits, with `0000` after.
fn province_exists(number: &str) -> bool {
    let province = number
        .get(..2)
        .and_then(|province| province.parse::<RegionCode>().ok());
    province.is_some_and(|province| !matches!(province.as_str(), "81" | "82") && province.known())
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResidentId(***)")
    }
}

impl<'de> Deserialize<'de> for ResidentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text::deserialize(deserializer)
    }
}
