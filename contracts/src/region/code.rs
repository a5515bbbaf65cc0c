//! The code itself: syntax, levels, containment, and the form it has in subjects.

use std::fmt;
use std::str::FromStr;

use super::RegionCodeError;

crate::text_enum! {
    /// The level of a region, the broadest first.
    pub enum Level {
        /// Province 省级: 2 digits.
        Province => "province",
        /// City 地级: 4 digits.
        City => "city",
        /// County 县级: 6 digits.
        County => "county",
        /// Township 乡级 (镇、乡、街道): 9 digits.
        Township => "township",
        /// Village 村级 (村、社区): 12 digits.
        Village => "village",
    }
}

impl Level {
    /// Number of digits of a code of this level.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::City => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Village => 12,
        }
    }

    /// The level above, none for a province.
    #[must_use]
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Province => None,
            Self::City => Some(Self::Province),
            Self::County => Some(Self::City),
            Self::Township => Some(Self::County),
            Self::Village => Some(Self::Township),
        }
    }

    /// The level below, none for a village.
    #[must_use]
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Province => Some(Self::City),
            Self::City => Some(Self::County),
            Self::County => Some(Self::Township),
            Self::Township => Some(Self::Village),
            Self::Village => None,
        }
    }
}

/// A region code of 2, 4, 6, 9 or 12 digits, as in the statistical lists. Small and `Copy`.
///
/// Ordered as its text, so that a region comes right before everything in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "diesel",
    derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)
)]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Text))]
pub struct RegionCode {
    /// The ASCII digits, then zero bytes.
    digits: [u8; 12],
    level: Level,
}

impl RegionCode {
    /// The code's level.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// The code's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.digits
            .get(..self.level.digits())
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .unwrap_or_default()
    }

    /// The region of the given level that this one is or lies in; none when `level` is below this one's.
    #[must_use]
    pub fn at(&self, level: Level) -> Option<Self> {
        if level > self.level {
            return None;
        }
        let mut digits = self.digits;
        for digit in digits.iter_mut().skip(level.digits()) {
            *digit = 0;
        }
        Some(Self { digits, level })
    }

    /// The region one level up, none for a province.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.level.above().and_then(|level| self.at(level))
    }

    /// The regions this one lies in, the nearest first, without itself.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// Whether `other` is this region or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.as_str().starts_with(self.as_str())
    }

    /// The form in message subjects, a dot between levels: `341302100` is `34.13.02.100`, so that a wildcard subscription
    /// can name a subtree.
    #[must_use]
    pub fn subject(&self) -> String {
        let mut subject = String::with_capacity(16);
        for (position, digit) in self.as_str().chars().enumerate() {
            if matches!(position, 2 | 4 | 6 | 9) {
                subject.push('.');
            }
            subject.push(digit);
        }
        subject
    }

    /// The address of a node between nodes: province, city, county and township, always four tokens, `_` where the code has
    /// no such level: `6206` is `62.06._._`. A filter for a subtree is [`Self::subject`] followed by `.>`.
    #[must_use]
    pub fn address(&self) -> String {
        let subject = self.subject();
        let given = subject.split('.').chain(std::iter::repeat("_"));
        given.take(4).collect::<Vec<_>>().join(".")
    }

    /// Reads the form in message subjects.
    ///
    /// # Errors
    /// As [`FromStr`]; also [`RegionCodeError::Length`] when a dot is missing or in the wrong place.
    pub fn from_subject(subject: &str) -> Result<Self, RegionCodeError> {
        let code: Self = subject.replace('.', "").parse()?;
        if code.subject() == subject {
            Ok(code)
        } else {
            Err(RegionCodeError::Length)
        }
    }

    /// Reads a code that other systems fill up with zeros to 6, 9 or 12 digits: `620600` and `620600000000` are `6206`.
    ///
    /// # Errors
    /// As [`FromStr`].
    pub fn from_padded(text: &str) -> Result<Self, RegionCodeError> {
        let whole = digits_of(text)?.1;
        let mut level = whole;
        while let Some(above) = level.above() {
            let (from, to) = (above.digits(), level.digits());
            if !text
                .get(from..to)
                .is_some_and(|part| part.bytes().all(|digit| digit == b'0'))
            {
                break;
            }
            level = above;
        }
        text.get(..level.digits())
            .ok_or(RegionCodeError::Length)?
            .parse()
    }

    /// Whether the region is in the directory, today or formerly; a village when its township is (villages are not listed).
    #[must_use]
    pub fn known(&self) -> bool {
        super::directory::is_known(*self)
    }
}

fn is_zero(part: &[u8]) -> bool {
    matches!(part, b"00" | b"000")
}

/// The digits of a text that has the length of a code, and the level of that length.
fn digits_of(text: &str) -> Result<([u8; 12], Level), RegionCodeError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RegionCodeError::Characters);
    }
    let level = Level::ALL
        .iter()
        .copied()
        .find(|level| level.digits() == text.len())
        .ok_or(RegionCodeError::Length)?;
    let mut digits = [0; 12];
    digits
        .get_mut(..text.len())
        .ok_or(RegionCodeError::Length)?
        .copy_from_slice(text.as_bytes());
    Ok((digits, level))
}

impl FromStr for RegionCode {
    type Err = RegionCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (digits, level) = digits_of(text)?;
        for part in [Level::Province, Level::City, Level::Village] {
            let from = part.above().map_or(0, Level::digits);
            if part <= level && digits.get(from..part.digits()).is_some_and(is_zero) {
                return Err(RegionCodeError::ZeroPart(part));
            }
        }
        Ok(Self { digits, level })
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({})", self.as_str())
    }
}
