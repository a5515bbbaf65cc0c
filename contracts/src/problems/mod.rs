//! The registry of problem codes (RFC 9457): stable code, status, Chinese and English title. Append-only.

pub mod common;
pub mod evaluation;
pub mod federation;
pub mod intake;
pub mod judicial_confirmation;
pub mod mediation;
pub mod reporting;
pub mod triage;

/// A kind of problem. The code is what a program may rely on; the texts are for people.
#[derive(Debug, PartialEq, Eq)]
pub struct ProblemCode {
    /// Stable, kebab-case: `stale-version`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Title in Chinese.
    pub zh: &'static str,
    /// Title in English.
    pub en: &'static str,
}

/// Declares the problem codes of one area and their list `ALL`.
macro_rules! problem_codes {
    ($($name:ident => $code:literal $status:literal $zh:literal $en:literal),+ $(,)?) => {
        $(
            #[doc = concat!("`", $code, "` (", stringify!($status), "): ", $en)]
            pub static $name: $crate::problems::ProblemCode =
                $crate::problems::ProblemCode { code: $code, status: $status, zh: $zh, en: $en };
        )+

        /// Every code of this area.
        pub static ALL: &[&$crate::problems::ProblemCode] = &[$(&$name),+];
    };
}
pub(crate) use problem_codes;

/// Every registered code.
pub fn all() -> impl Iterator<Item = &'static ProblemCode> {
    [
        common::ALL,
        intake::ALL,
        triage::ALL,
        mediation::ALL,
        judicial_confirmation::ALL,
        evaluation::ALL,
        reporting::ALL,
        federation::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_kebab_case_and_errors() {
        let mut seen = BTreeSet::new();
        for p in super::all() {
            assert!(seen.insert(p.code), "{} is registered twice", p.code);
            assert!(
                p.code
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
                "{}",
                p.code
            );
            assert!((400..600).contains(&p.status), "{}", p.code);
            assert!(!p.zh.is_ascii() && p.en.is_ascii(), "{}", p.code);
        }
        assert!(seen.len() > 30);
    }
}
