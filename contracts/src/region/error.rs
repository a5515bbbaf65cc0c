//! Why a text is not a region code.

use super::Level;

/// Why a text is not a region code. Carries no part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegionCodeError {
    /// Not 2, 4, 6, 9 or 12 characters long (or, in subject form, levels of other lengths than 2.2.2.3.3).
    #[error("a region code has 2, 4, 6, 9 or 12 digits")]
    Length,
    /// A character that is not an ASCII digit.
    #[error("a region code has digits only")]
    Characters,
    /// A level's part is all zeros, which no list assigns (except to a county or township that only fills the level:
    /// `441900`, `350527000`).
    #[error("the {0} part of a region code is not zero")]
    ZeroPart(Level),
}

impl RegionCodeError {
    /// The stable reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "region-code-length",
            Self::Characters => "region-code-characters",
            Self::ZeroPart(_) => "region-code-zero-part",
        }
    }

    /// The reason in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Length => "区划代码应为2、4、6、9或12位",
            Self::Characters => "区划代码只能由数字组成",
            Self::ZeroPart(Level::Province) => "区划代码的省级部分不能为零",
            Self::ZeroPart(Level::City) => "区划代码的地级部分不能为零",
            Self::ZeroPart(Level::County) => "区划代码的县级部分不能为零",
            Self::ZeroPart(Level::Township) => "区划代码的乡级部分不能为零",
            Self::ZeroPart(Level::Village) => "区划代码的村级部分不能为零",
        }
    }

    /// The reason in English.
    #[must_use]
    pub fn en(self) -> String {
        self.to_string()
    }
}
