//! Values that TOML has no type for.

use std::time::Duration;

use serde::de::{Deserializer, Error, SeqAccess, Visitor};

const UNITS: &str = "a duration like 250ms, 30s, 5m, 2h or 7d";

fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(split)?;
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        "d" => number.checked_mul(86_400).map(Duration::from_secs),
        _ => None,
    }
}

/// Reads a duration: `#[serde(deserialize_with = "chassis::config::duration")]`.
///
/// # Errors
/// A text that is no duration.
pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    struct OneDuration;
    impl Visitor<'_> for OneDuration {
        type Value = Duration;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(UNITS)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
            parse(text).ok_or_else(|| E::custom(format!("expected {UNITS}")))
        }
    }
    deserializer.deserialize_any(OneDuration)
}

/// Reads a list of durations: a TOML array, or one text with commas (as a variable has it).
///
/// # Errors
/// A text that is no duration.
pub fn durations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    struct Durations;
    impl<'de> Visitor<'de> for Durations {
        type Value = Vec<Duration>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "a list, each {UNITS}")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            parts
                .map(|part| parse(part).ok_or_else(|| E::custom(format!("expected {UNITS}"))))
                .collect()
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut list = Vec::new();
            while let Some(text) = seq.next_element::<String>()? {
                list.push(
                    parse(&text).ok_or_else(|| A::Error::custom(format!("expected {UNITS}")))?,
                );
            }
            Ok(list)
        }
    }
    deserializer.deserialize_any(Durations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        let ok = [
            ("250ms", 250),
            ("30s", 30_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("1d", 86_400_000),
            ("0s", 0),
        ];
        for (text, ms) in ok {
            assert_eq!(parse(text), Some(Duration::from_millis(ms)), "{text}");
        }
        for text in [
            "",
            "30",
            "s",
            "-1s",
            "1.5s",
            "1 s",
            "1w",
            "99999999999999999999d",
            "18446744073709551615d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
