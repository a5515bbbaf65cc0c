//! Materials people hand in 材料: what a file may be called and of which type it may be.

use chassis::http::Problem;
use contracts::{problems::intake, text_enum};
use policy::sections::intake::{AttachmentType, Attachments};

text_enum! {
    /// Who of the parties may read a file; staff who may read the matter always may.
    pub enum Visibility {
        /// 本方: the side it belongs to.
        OwnSide => "own_side",
        /// 各方: everybody who takes part.
        Parties => "parties",
    }
}

/// The type a file says it has, when its name fits it.
///
/// # Errors
/// `attachment-type-not-allowed`, `attachment-name-invalid`.
pub fn check<'a>(
    policy: &'a Attachments,
    media_type: &str,
    name: &str,
) -> Result<&'a AttachmentType, Problem> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let allowed = |kind: &&AttachmentType| kind.media_type.eq_ignore_ascii_case(essence);
    let Some(kind) = policy.types.iter().find(allowed) else {
        let types = policy.types.iter().map(|kind| kind.media_type.as_str());
        let types = types.collect::<Vec<_>>().join(", ");
        return Err(Problem::new(&intake::ATTACHMENT_TYPE_NOT_ALLOWED)
            .detail(format!("可用类型:{types}"), format!("Allowed: {types}")));
    };
    if !is_plain(name, policy.name_max) {
        return Err(Problem::new(&intake::ATTACHMENT_NAME_INVALID).detail(
            format!("应为 1 至 {} 字,不得含路径、控制字符", policy.name_max),
            format!(
                "It must have 1 to {} characters, no part of a path and no control character",
                policy.name_max
            ),
        ));
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let fits = |known: &String| extension.is_some_and(|own| own.eq_ignore_ascii_case(known));
    if !kind.extensions.iter().any(fits) {
        let names = kind.extensions.join(", ");
        return Err(Problem::new(&intake::ATTACHMENT_NAME_INVALID).detail(
            format!("该类型文件的扩展名应为:{names}"),
            format!("A file of this type ends in: {names}"),
        ));
    }
    Ok(kind)
}

/// A file is larger than allowed.
#[must_use]
pub fn too_large(limit: u64) -> Problem {
    Problem::new(&intake::ATTACHMENT_TOO_LARGE).detail(
        format!("文件不得超过 {limit} 字节"),
        format!("A file has at most {limit} bytes"),
    )
}

/// A name that is only a name: it leads nowhere, hides nothing and does not run backwards.
fn is_plain(name: &str, max: usize) -> bool {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let parts = |c: char| matches!(c, '/' | '\\' | ':');
    (1..=max).contains(&name.chars().count())
        && name.trim() == name
        && !name.starts_with('.')
        && !name.chars().any(|c| c.is_control() || turns(c) || parts(c))
}

#[cfg(test)]
mod tests {
    use policy::PolicyPack;

    use super::*;

    #[test]
    fn a_file_is_what_it_says_and_its_name_is_only_a_name() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let policy = &pack.intake().attachments;
        let code = |kind, name: &str| match check(policy, kind, name) {
            Ok(_) => "ok",
            Err(problem) => problem.code().code,
        };
        for (kind, name, expected) in [
            ("application/pdf", "借条.pdf", "ok"),
            ("Application/PDF; x=1", "借条.PDF", "ok"),
            ("image/jpeg", "现场 1.jpeg", "ok"),
            ("text/html", "a.html", "attachment-type-not-allowed"),
            ("application/json", "a.json", "attachment-type-not-allowed"),
            ("", "a.pdf", "attachment-type-not-allowed"),
            ("application/pdf", "借条.jpg", "attachment-name-invalid"),
            ("application/pdf", "借条", "attachment-name-invalid"),
            ("application/pdf", "", "attachment-name-invalid"),
            ("application/pdf", ".pdf", "attachment-name-invalid"),
            ("application/pdf", "../借条.pdf", "attachment-name-invalid"),
            ("application/pdf", "C:\\借条.pdf", "attachment-name-invalid"),
            ("application/pdf", "a\u{7}.pdf", "attachment-name-invalid"),
            (
                "application/pdf",
                "gpj.\u{202e}fdp.pdf",
                "attachment-name-invalid",
            ),
            (
                "application/pdf",
                &format!("{}.pdf", "长".repeat(97)),
                "attachment-name-invalid",
            ),
        ] {
            assert_eq!(code(kind, name), expected, "{kind} {name}");
        }
        let pdf = check(policy, "application/pdf", "a.pdf").unwrap();
        assert!(pdf.begins(b"%PDF-1.7"));
        assert!(!pdf.begins(b"MZ\x90\x00"));
        assert!(!pdf.begins(b"%P"));
    }
}
