//! Telling which field of a request has the wrong shape, without repeating what was in it.
//!
//! serde's own messages quote values ("invalid type: string \"张三\", expected u32"), so none of them is passed on:
//! only the parts that come from our own types are.

use contracts::problems::{self, ProblemCode};
use serde_path_to_error::{Path, Segment};

use super::problem::Problem;

/// Longest unknown field name that is named back.
const NAME_LIMIT: usize = 64;

/// serde_json ends its messages with the place, which a pointer tells better.
pub(super) fn without_place(message: &str) -> String {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(text, _place)| text)
        .to_owned()
}

/// The problem behind a serde message about the value at `path`.
///
/// A field type may fail with the code of a registered problem as its message (`invalid-region`, or `invalid-region: …`):
/// then the problem is that one, with its own text.
pub(super) fn problem(code: &'static ProblemCode, path: &Path, message: &str) -> Problem {
    let pointer = pointer(path);
    let quoted = |prefix: &str| {
        message
            .strip_prefix(prefix)
            .and_then(|rest| rest.split_once('`'))
            .map(|(name, _)| name)
    };
    if let Some(field) = quoted("missing field `") {
        return Problem::new(code)
            .at(join(&pointer, field))
            .detail("缺少此字段", "This field is required");
    }
    if let Some(field) = quoted("unknown field `") {
        let name: String = field.chars().take(NAME_LIMIT).collect();
        return Problem::new(code)
            .at(join(&pointer, &name))
            .detail("不认识此字段", "This field is unknown");
    }
    if let Some(field) = quoted("duplicate field `") {
        return Problem::new(code)
            .at(join(&pointer, field))
            .detail("此字段重复", "This field is repeated");
    }
    let own_code = message.split(':').next().unwrap_or_default();
    if let Some(own) = problems::all().find(|candidate| candidate.code == own_code) {
        return Problem::new(own).at(pointer);
    }
    let (zh, en) = if message.starts_with("unknown variant") {
        (
            "不在允许的取值之内",
            "This is not one of the values allowed",
        )
    } else if message.starts_with("invalid type") {
        ("类型不符", "This has the wrong type")
    } else if message.starts_with("invalid length") {
        ("长度不符", "This has the wrong length")
    } else {
        ("格式不符", "This has not the required form")
    };
    match expected(message) {
        Some(expected) => Problem::new(code).at(pointer).detail(
            format!("{zh},应为:{expected}"),
            format!("{en}; expected {expected}"),
        ),
        None => Problem::new(code).at(pointer).detail(zh, en),
    }
}

/// What serde expected. It is the last part of the message and comes from the type; the value stands before it.
fn expected(message: &str) -> Option<&str> {
    let about_value = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant `",
    ];
    if !about_value.iter().any(|prefix| message.starts_with(prefix)) {
        return None;
    }
    let (_value, expected) = message.rsplit_once(", expected ")?;
    // The name of a Rust type tells a caller nothing.
    (!expected.starts_with("struct ") && !expected.starts_with("enum ")).then_some(expected)
}

/// The JSON pointer (RFC 6901) of a path.
fn pointer(path: &Path) -> String {
    path.iter()
        .fold(String::new(), |pointer, segment| match segment {
            Segment::Seq { index } => format!("{pointer}/{index}"),
            Segment::Map { key } => join(&pointer, key),
            // A variant is no step in the document, and an unknown one has no name.
            Segment::Enum { .. } | Segment::Unknown => pointer,
        })
}

fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
