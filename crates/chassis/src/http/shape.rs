//! Telling which field of a request has the wrong shape, without repeating what was in it.
//!
//! serde's own messages quote values ("invalid type: string \"张三\", expected u32"), so none of them is passed on:
//! only the parts that come from our own types are.

use contracts::problems::{self, ProblemCode};
use serde_path_to_error::{Path, Segment};

use super::problem::Problem;

/// Longest field name that is named back: an unknown one is the caller's invention.
pub(super) const NAME_LIMIT: usize = 64;

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
    // The path of a field that should not be there ends with the field itself.
    if message.starts_with("unknown field `") {
        return Problem::new(code)
            .at(pointer)
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
        Some((expected_zh, expected_en)) => Problem::new(code).at(pointer).detail(
            format!("{zh},应为{expected_zh}"),
            format!("{en}; expected {expected_en}"),
        ),
        None => Problem::new(code).at(pointer).detail(zh, en),
    }
}

/// What was expected, in both languages. In serde's message it is the last part and comes from the type; the value
/// stands before it.
fn expected(message: &str) -> Option<(String, String)> {
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
    let (zh, en) = match expected {
        "a string" | "a borrowed string" => ("文字", "a text"),
        "a boolean" => ("true 或 false", "true or false"),
        "a sequence" => ("数组", "an array"),
        "a map" => ("对象", "an object"),
        "u8" | "u16" | "u32" | "u64" | "usize" => ("非负整数", "a whole number, not negative"),
        "i8" | "i16" | "i32" | "i64" | "isize" => ("整数", "a whole number"),
        "f32" | "f64" => ("数字", "a number"),
        // The name of a Rust type tells a caller only that it stands for an object.
        name if name.starts_with("struct ") => ("对象", "an object"),
        name if name.starts_with("enum ") => return None,
        choices if choices.contains('`') => {
            let zh = choices
                .replace("one of ", "以下之一:")
                .replace(" or ", "、");
            return Some((zh, choices.to_owned()));
        }
        // Our own types' words, which are English.
        words => return Some((format!(":{words}"), words.to_owned())),
    };
    Some((zh.to_owned(), en.to_owned()))
}

/// The JSON pointer (RFC 6901) of a path.
fn pointer(path: &Path) -> String {
    path.iter()
        .fold(String::new(), |pointer, segment| match segment {
            Segment::Seq { index } => format!("{pointer}/{index}"),
            Segment::Map { key } => {
                let name: String = key.chars().take(NAME_LIMIT).collect();
                join(&pointer, &name)
            }
            // A variant is no step in the document, and an unknown one has no name.
            Segment::Enum { .. } | Segment::Unknown => pointer,
        })
}

pub(super) fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}
