//! Patterns of numbers people see: `{year}枫受字第{seq:06}号`.

use std::fmt::Write as _;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// A checked pattern. Placeholders: `{year}`, `{seq}` or `{seq:0N}` (padded to N digits), `{region}`, `{organisation}`.
/// `{seq}` must occur exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct NumberPattern {
    source: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Year,
    Sequence { width: usize },
    Region,
    Organisation,
}

/// What goes into a number.
#[derive(Debug, Clone, Copy)]
pub struct NumberParts<'a> {
    /// Calendar year in Beijing.
    pub year: i32,
    /// The next of the series, from 1.
    pub sequence: u64,
    /// Region code.
    pub region: &'a str,
    /// Short name of the organisation, or empty.
    pub organisation: &'a str,
}

/// Whose series a number is counted in; a new series begins each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Series {
    /// One series per organisation and year.
    Organisation,
    /// One series per region and year.
    Region,
}

/// A number series: pattern and scope.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NumberSeries {
    /// How the number is written.
    pub pattern: NumberPattern,
    /// Whose series.
    pub per: Series,
}

impl NumberPattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// What is wrong with it, in English.
    pub fn parse(source: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = source;
        while let Some((literal, tail)) = rest.split_once('{') {
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            let (name, tail) = tail
                .split_once('}')
                .ok_or_else(|| format!("`{{` without `}}` in `{source}`"))?;
            parts.push(Part::parse(name)?);
            rest = tail;
        }
        if rest.contains('}') {
            return Err(format!("`}}` without `{{` in `{source}`"));
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        let sequences = parts
            .iter()
            .filter(|part| matches!(part, Part::Sequence { .. }))
            .count();
        if sequences != 1 {
            return Err(format!(
                "`{source}` must hold {{seq}} once, found {sequences}"
            ));
        }
        Ok(Self {
            source: source.to_owned(),
            parts,
        })
    }

    /// Writes a number.
    #[must_use]
    pub fn render(&self, values: &NumberParts<'_>) -> String {
        let mut out = String::new();
        for part in &self.parts {
            // Writing to a String cannot fail.
            _ = match part {
                Part::Literal(text) => out.write_str(text),
                Part::Year => write!(out, "{}", values.year),
                Part::Sequence { width } => write!(out, "{:0width$}", values.sequence),
                Part::Region => out.write_str(values.region),
                Part::Organisation => out.write_str(values.organisation),
            };
        }
        out
    }
}

impl Part {
    fn parse(name: &str) -> Result<Self, String> {
        match name {
            "year" => Ok(Self::Year),
            "region" => Ok(Self::Region),
            "organisation" => Ok(Self::Organisation),
            "seq" => Ok(Self::Sequence { width: 1 }),
            _ => name
                .strip_prefix("seq:0")
                .and_then(|width| width.parse().ok())
                .filter(|width| (1..=12).contains(width))
                .map(|width| Self::Sequence { width })
                .ok_or_else(|| format!("unknown placeholder `{{{name}}}`")),
        }
    }
}

impl From<NumberPattern> for String {
    fn from(pattern: NumberPattern) -> Self {
        pattern.source
    }
}

impl<'de> Deserialize<'de> for NumberPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Self::parse(&source).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{NumberParts, NumberPattern};

    #[test]
    fn renders_every_placeholder() {
        let pattern = NumberPattern::parse("{organisation}（{year}）枫受字第{seq:06}号-{region}");
        let text = pattern.unwrap().render(&NumberParts {
            year: 2026,
            sequence: 42,
            region: "6206",
            organisation: "凉州",
        });
        assert_eq!(text, "凉州（2026）枫受字第000042号-6206");
    }

    #[test]
    fn refuses_what_would_repeat_or_fail() {
        for (pattern, reason) in [
            ("{year}", "found 0"),
            ("{seq}{seq}", "found 2"),
            ("{seq:0}", "unknown placeholder"),
            ("{seq:099}", "unknown placeholder"),
            ("{seq", "without"),
            ("seq}", "without"),
            ("{seq}{name}", "unknown placeholder `{name}`"),
        ] {
            let error = NumberPattern::parse(pattern).unwrap_err();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }

    #[test]
    fn a_sequence_longer_than_its_width_is_not_cut() {
        let parts = NumberParts {
            year: 2026,
            sequence: 1_234_567,
            region: "",
            organisation: "",
        };
        assert_eq!(
            NumberPattern::parse("{seq:03}").unwrap().render(&parts),
            "1234567"
        );
    }
}
