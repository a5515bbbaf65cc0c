//! Why a command is refused.

use chassis::http::Problem;
use contracts::problems::{ProblemCode, common};
use policy::sections::Named;

/// Why a command is refused: the problem code, the bad field, and what the caller is told beyond the code's own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of problem.
    pub code: &'static ProblemCode,
    /// JSON pointer of the bad field.
    pub pointer: Option<String>,
    /// Chinese and English.
    pub detail: Option<(String, String)>,
}

impl Refusal {
    /// A refusal of this kind.
    #[must_use]
    pub fn new(code: &'static ProblemCode) -> Self {
        Self {
            code,
            pointer: None,
            detail: None,
        }
    }

    /// Names the bad field.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Says more, without repeating the caller's values.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some((zh.into(), en.into()));
        self
    }

    /// A code that is not one of the policy pack's.
    #[must_use]
    pub fn unknown_code<'a>(
        pointer: impl Into<String>,
        allowed: impl Iterator<Item = &'a str>,
    ) -> Self {
        let allowed = allowed.collect::<Vec<_>>().join(", ");
        Self::new(&common::INVALID_BODY).at(pointer).detail(
            format!("应为下列之一: {allowed}"),
            format!("It must be one of: {allowed}"),
        )
    }

    /// Checks that a code is one of the policy pack's.
    ///
    /// # Errors
    /// `invalid-body`.
    pub fn check_code(code: &str, list: &[Named], pointer: &str) -> Result<(), Self> {
        if list.iter().any(|named| named.code == code) {
            return Ok(());
        }
        let codes = list.iter().map(|named| named.code.as_str());
        Err(Self::unknown_code(pointer, codes))
    }

    /// Checks the length of a text that must not be blank.
    ///
    /// # Errors
    /// `text-required`, `text-too-long`.
    pub fn check_text(text: &str, max: usize, pointer: &str) -> Result<(), Self> {
        if text.trim().is_empty() {
            return Err(Self::new(&common::TEXT_REQUIRED).at(pointer));
        }
        if text.chars().count() > max {
            return Err(Self::new(&common::TEXT_TOO_LONG).at(pointer).detail(
                format!("最多 {max} 字"),
                format!("At most {max} characters"),
            ));
        }
        Ok(())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let mut problem = Self::new(refusal.code);
        if let Some(pointer) = refusal.pointer {
            problem = problem.at(pointer);
        }
        if let Some((zh, en)) = refusal.detail {
            problem = problem.detail(zh, en);
        }
        problem
    }
}
