//! Passports, and foreigners' permanent residence cards 外国人永久居留身份证.

use chrono::NaiveDate;

use super::IdentifierError;
use super::check_digit::birth_date_of_checked;

/// A passport of any country: 5 to 20 letters and digits, at least one digit. There is no common check digit.
pub(super) fn check_passport(number: &str) -> Result<(), IdentifierError> {
    if !number.bytes().all(|byte| byte.is_ascii_alphanumeric())
        || !number.bytes().any(|byte| byte.is_ascii_digit())
    {
        return Err(IdentifierError::Characters);
    }
    if (5..=20).contains(&number.len()) {
        Ok(())
    } else {
        Err(IdentifierError::Length)
    }
}

/// A permanent residence card: since 2023-12-01 18 characters with the check character of resident numbers and a first
/// digit 9, which no resident number has; before, 3 letters and 12 digits. The newer one holds the date of birth.
pub(super) fn check_permanent_residence(
    number: &str,
) -> Result<Option<NaiveDate>, IdentifierError> {
    match number.chars().count() {
        18 => {
            let birth_date = birth_date_of_checked(number)?;
            if number.starts_with('9') {
                Ok(Some(birth_date))
            } else {
                Err(IdentifierError::Kind)
            }
        }
        15 => {
            let (country, digits) = number
                .split_at_checked(3)
                .ok_or(IdentifierError::Characters)?;
            let country_is_letters = country.bytes().all(|byte| byte.is_ascii_uppercase());
            let rest_is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
            if country_is_letters && rest_is_digits {
                Ok(None)
            } else {
                Err(IdentifierError::Characters)
            }
        }
        _ => Err(IdentifierError::Length),
    }
}
