//! Input as people type it, and output as others may see it.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, Visitor};

use super::IdentifierError;

/// Takes off spaces around, full-width forms (１２Ｘ) and lower case.
pub(super) fn normalise(input: &str) -> String {
    input
        .chars()
        .map(half_width)
        .collect::<String>()
        .trim()
        .to_ascii_uppercase()
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        _ => c,
    }
}

/// Shows the first 3 and the last 4 of long numbers (`620***********1234`), the first and the last 2 of short ones.
pub(super) fn mask(number: &str) -> String {
    let length = number.chars().count();
    let (head, tail) = if length >= 12 { (3, 4) } else { (1, 2) };
    let shown = |position: usize| position < head || position + tail >= length;
    number
        .chars()
        .enumerate()
        .map(|(position, c)| if shown(position) { c } else { '*' })
        .collect()
}

/// Reads a number from a string. A bare number in its place is refused without being repeated in the error, which is why
/// the deserializer is asked for anything and not for a string.
pub(super) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err = IdentifierError>,
{
    deserializer.deserialize_any(NumberVisitor(PhantomData))
}

struct NumberVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err = IdentifierError>> Visitor<'_> for NumberVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identity number in a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        // The problem code first: the HTTP layer answers with that problem.
        text.parse()
            .map_err(|error| E::custom(format_args!("identifier-invalid: {error}")))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        Err(E::custom(NOT_A_STRING))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Err(E::custom(NOT_A_STRING))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(E::custom(NOT_A_STRING))
    }
}

const NOT_A_STRING: &str = "an identity number is a string";
