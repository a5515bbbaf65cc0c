//! Who takes part in a case: what of an identity is checked, and what of it is shown.

use contracts::{
    events::intake::PartyKind,
    identifiers::{DocumentKind, IdentifierError, Normalised, validate},
};

/// Checks a party's document: the number by the rules of its kind, and the kind by what the party is in law.
///
/// # Errors
/// The rule that is broken; no part of the number.
pub fn check_identifier(
    party: PartyKind,
    document: DocumentKind,
    number: &str,
) -> Result<Normalised, IdentifierError> {
    let of_legal_person = document == DocumentKind::UnifiedSocialCreditCode;
    if of_legal_person != (party == PartyKind::LegalPerson) {
        return Err(IdentifierError::Kind);
    }
    validate(document, number)
}

/// Whether a text has the form of a telephone number: 5 to 20 digits, with separators people write.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let separators = |byte: u8| matches!(byte, b' ' | b'-' | b'+' | b'(' | b')');
    (5..=20).contains(&digits)
        && text.len() <= 30
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || separators(byte))
}

/// A telephone number as others may see it: `138****5678`.
#[must_use]
pub fn mask_phone(number: &str) -> String {
    let length = number.chars().count();
    let head = if length >= 11 { 3 } else { 0 };
    let tail = if length >= 11 { 4 } else { 2 };
    let shown = |at: usize| at < head || at + tail >= length;
    let masked = number.chars().enumerate();
    masked
        .map(|(at, c)| if shown(at) { c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_fits_what_the_party_is() {
        let id = "11010519491231002X";
        let check = |party, kind, number| check_identifier(party, kind, number).map(|n| n.masked());
        assert_eq!(
            check(PartyKind::NaturalPerson, DocumentKind::ResidentId, id),
            Ok("110***********002X".to_owned())
        );
        assert_eq!(
            check(PartyKind::LegalPerson, DocumentKind::ResidentId, id),
            Err(IdentifierError::Kind)
        );
        let code = "91350100M000100Y43";
        assert!(
            check(
                PartyKind::LegalPerson,
                DocumentKind::UnifiedSocialCreditCode,
                code
            )
            .is_ok()
        );
        assert_eq!(
            check(
                PartyKind::NaturalPerson,
                DocumentKind::UnifiedSocialCreditCode,
                code
            ),
            Err(IdentifierError::Kind)
        );
    }

    #[test]
    fn a_phone_is_digits_and_what_people_put_between() {
        for good in ["13800001234", "0935-2212345", "+86 138 0000 1234", "12348"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in [
            "",
            "1234",
            "电话13800001234",
            "138000012341380000123",
            "13800001234;",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn a_masked_phone_keeps_its_ends() {
        assert_eq!(mask_phone("13812345678"), "138****5678");
        assert_eq!(mask_phone("12348"), "***48");
        assert_eq!(mask_phone(""), "");
    }
}
