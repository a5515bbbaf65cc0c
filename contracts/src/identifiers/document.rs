//! Any document a person or organisation shows.

use std::fmt;

use chrono::NaiveDate;

use super::foreign::{check_passport, check_permanent_residence};
use super::{IdentifierError, ResidentId, Sex, UnifiedSocialCreditCode, text};

crate::text_enum! {
    /// The kind of a document.
    pub enum DocumentKind {
        /// Resident identity card 居民身份证.
        ResidentId => "resident-id",
        /// Residence permit for people from Hong Kong, Macau and Taiwan 港澳台居民居住证.
        ResidencePermit => "residence-permit",
        /// Passport 护照.
        Passport => "passport",
        /// Foreigner's permanent residence card 外国人永久居留身份证.
        ForeignPermanentResidence => "foreign-permanent-residence",
        /// Unified social credit code 统一社会信用代码.
        UnifiedSocialCreditCode => "unified-social-credit-code",
    }
}

/// A number that has passed its rules, in the form in which equal numbers are equal texts. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Normalised {
    kind: DocumentKind,
    number: String,
    birth_date: Option<NaiveDate>,
    sex: Option<Sex>,
}

impl Normalised {
    /// The kind of document.
    #[must_use]
    pub const fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The whole number. Personal information.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The number as others may see it.
    #[must_use]
    pub fn masked(&self) -> String {
        text::mask(&self.number)
    }

    /// The date of birth, when the number holds one.
    #[must_use]
    pub const fn birth_date(&self) -> Option<NaiveDate> {
        self.birth_date
    }

    /// The sex, when the number tells it.
    #[must_use]
    pub const fn sex(&self) -> Option<Sex> {
        self.sex
    }
}

impl fmt::Debug for Normalised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Normalised({}, ***)", self.kind)
    }
}

/// Checks a number by the rules of its kind. Spaces around it, full-width forms and lower case are forgiven.
///
/// # Errors
/// The first rule that it breaks; [`IdentifierError::Kind`] for a residence permit's number given as a resident's, or the
/// other way round.
pub fn validate(kind: DocumentKind, input: &str) -> Result<Normalised, IdentifierError> {
    let other = |number, birth_date| Normalised {
        kind,
        number,
        birth_date,
        sex: None,
    };
    match kind {
        DocumentKind::ResidentId | DocumentKind::ResidencePermit => {
            let id: ResidentId = input.parse()?;
            if id.is_residence_permit() != (kind == DocumentKind::ResidencePermit) {
                return Err(IdentifierError::Kind);
            }
            let (birth_date, sex) = (Some(id.birth_date()), Some(id.sex()));
            Ok(Normalised {
                kind,
                number: id.expose().to_owned(),
                birth_date,
                sex,
            })
        }
        DocumentKind::Passport => {
            let number = text::normalise(input);
            check_passport(&number)?;
            Ok(other(number, None))
        }
        DocumentKind::ForeignPermanentResidence => {
            let number = text::normalise(input);
            let birth_date = check_permanent_residence(&number)?;
            Ok(other(number, birth_date))
        }
        DocumentKind::UnifiedSocialCreditCode => {
            let code: UnifiedSocialCreditCode = input.parse()?;
            Ok(other(code.expose().to_owned(), None))
        }
    }
}
