//! Why a number is refused.

/// Why a number is refused. Carries no part of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdentifierError {
    /// Wrong number of characters.
    #[error("the number has the wrong length")]
    Length,
    /// A character that the number cannot have (at this place).
    #[error("the number has a character that is not allowed")]
    Characters,
    /// It begins with no province's code.
    #[error("the number begins with no known region")]
    Region,
    /// It holds no possible date of birth, or one in the future.
    #[error("the number holds no possible date of birth")]
    BirthDate,
    /// The check character does not match: most likely a digit is mistyped.
    #[error("the check character does not match; please compare the number with the document")]
    Checksum,
    /// It is a number of another kind of document.
    #[error("the number belongs to another kind of document")]
    Kind,
}

impl IdentifierError {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::Length,
        Self::Characters,
        Self::Region,
        Self::BirthDate,
        Self::Checksum,
        Self::Kind,
    ];

    /// The stable reason code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Length => "identifier-length",
            Self::Characters => "identifier-characters",
            Self::Region => "identifier-region",
            Self::BirthDate => "identifier-birth-date",
            Self::Checksum => "identifier-checksum",
            Self::Kind => "identifier-kind",
        }
    }

    /// The reason in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Length => "号码位数不正确",
            Self::Characters => "号码含有不允许的字符",
            Self::Region => "号码开头的行政区划代码不存在",
            Self::BirthDate => "号码中的出生日期不成立",
            Self::Checksum => "校验码不符，请与证件核对",
            Self::Kind => "号码属于另一种证件",
        }
    }

    /// The reason in English.
    #[must_use]
    pub fn en(self) -> String {
        self.to_string()
    }
}
