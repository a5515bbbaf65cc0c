//! MOD 11-2 over 17 digits (GB 11643, ISO 7064), and the date of birth in the middle.

use chrono::NaiveDate;

use super::IdentifierError;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check character of 17 digits.
pub(super) fn check_character(body: &str) -> Option<char> {
    let sum: u32 = body
        .chars()
        .zip(WEIGHTS)
        .filter_map(|(c, weight)| Some(c.to_digit(10)? * weight))
        .sum();
    usize::try_from(sum % 11)
        .ok()
        .and_then(|index| "10X98765432".chars().nth(index))
}

/// Checks 18 characters whose first digits the caller knows: digits, then the date, then the check character.
pub(super) fn birth_date_of_checked(number: &str) -> Result<NaiveDate, IdentifierError> {
    let (body, check) = number
        .split_at_checked(17)
        .ok_or(IdentifierError::Characters)?;
    if !body.bytes().all(|byte| byte.is_ascii_digit())
        || !matches!(check.as_bytes(), [b'0'..=b'9' | b'X'])
    {
        return Err(IdentifierError::Characters);
    }
    let date = body
        .get(6..14)
        .and_then(birth_date)
        .ok_or(IdentifierError::BirthDate)?;
    if check_character(body).is_none_or(|expected| !check.starts_with(expected)) {
        return Err(IdentifierError::Checksum);
    }
    Ok(date)
}

/// `YYYYMMDD`, from 1800 on.
fn birth_date(text: &str) -> Option<NaiveDate> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
    let year = number(0..4).filter(|year| (1800..2200).contains(year))?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(4..6)?, number(6..8)?)
}
