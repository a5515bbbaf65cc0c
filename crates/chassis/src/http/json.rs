//! Reading a JSON body strictly.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use contracts::problems::common;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::permit::Gate;
use super::problem::Problem;
use super::{shape, years};

/// Reads the whole body, up to the limit. The type must be JSON unless nothing is sent.
pub(super) async fn read(
    request: &HttpRequest,
    mut payload: Payload,
    gate: &Gate,
) -> Result<Bytes, Problem> {
    let limit = gate.config.body_limit;
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared: Option<u64> = declared
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    if declared.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
    {
        return Err(too_large(limit));
    }
    let mut body = BytesMut::new();
    let all = async {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_broken| unreadable())?;
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(too_large(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(())
    };
    match tokio::time::timeout(gate.config.request_timeout / 2, all).await {
        Ok(read) => read?,
        Err(_elapsed) => return Err(Problem::new(&common::REQUEST_TIMEOUT)),
    }
    if !body.is_empty() && !is_json(request) {
        return Err(Problem::new(&common::UNSUPPORTED_MEDIA_TYPE));
    }
    Ok(body.freeze())
}

/// Parses a body strictly, as every command is: no unknown fields (where `T` denies them), nothing after the value, no day or
/// instant outside the years 1900 to 2999.
///
/// # Errors
/// `malformed-json` (400) with line and column; `invalid-body` (422), or the field type's own code, with the pointer of
/// the bad field. Never repeats a value.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        let problem = Problem::new(&common::MALFORMED_JSON);
        return Err(problem.detail("缺少请求体", "The body is missing"));
    }
    if has_nul(bytes) {
        // JSON allows it, PostgreSQL does not store it.
        let problem = Problem::new(&common::INVALID_BODY);
        return Err(problem.detail(
            "文字不得包含空字符(U+0000)",
            "A text must not contain the character U+0000",
        ));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().clone();
        let inner = error.into_inner();
        match inner.classify() {
            Category::Data => shape::problem(
                &common::INVALID_BODY,
                &path,
                &shape::without_place(&inner.to_string()),
            ),
            Category::Syntax | Category::Eof | Category::Io => malformed(&inner),
        }
    })?;
    json.end().map_err(|error| malformed(&error))?;
    // serde takes a list of values for a struct; a request is an object with names.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let problem = Problem::new(&common::INVALID_BODY).at("");
        return Err(problem.detail("请求体应为对象", "The body must be an object"));
    }
    let all: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| malformed(&error))?;
    if let Some(pointer) = years::first_beyond(&all) {
        let (zh, en) = years::DETAIL;
        return Err(Problem::new(&common::INVALID_BODY)
            .at(pointer)
            .detail(zh, en));
    }
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    Problem::new(&common::MALFORMED_JSON).detail(
        format!("第 {line} 行第 {column} 列处有语法错误"),
        format!("Syntax error at line {line}, column {column}"),
    )
}

fn too_large(limit: usize) -> Problem {
    let problem = Problem::new(&common::BODY_TOO_LARGE);
    problem.detail(
        format!("请求体不得超过 {limit} 字节"),
        format!("The body must not exceed {limit} bytes"),
    )
}

fn unreadable() -> Problem {
    Problem::new(&common::MALFORMED_JSON)
        .detail("请求体未完整送达", "The body did not arrive whole")
}

fn is_json(request: &HttpRequest) -> bool {
    let plain = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_none_or(|encoding| encoding == "identity");
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (essence, parameters) = kind.split_once(';').unwrap_or((kind, ""));
    let charset = parameters.trim().to_ascii_lowercase();
    let utf8 =
        charset.is_empty() || charset.trim_start_matches("charset=").trim_matches('"') == "utf-8";
    plain && utf8 && essence.trim().eq_ignore_ascii_case("application/json")
}

/// Whether an escape `\u0000` is in the text: an odd number of backslashes before `u0000`. (A raw one is a syntax error.)
pub(super) fn has_nul(bytes: &[u8]) -> bool {
    let mut backslashes = 0_usize;
    bytes.iter().enumerate().any(|(at, byte)| {
        if *byte == b'\\' {
            backslashes += 1;
            return false;
        }
        let escaped = backslashes % 2 == 1;
        backslashes = 0;
        escaped
            && bytes
                .get(at..)
                .is_some_and(|rest| rest.starts_with(b"u0000"))
    })
}

#[cfg(test)]
mod tests {
    use super::has_nul;

    #[test]
    fn only_a_real_escape_is_a_nul() {
        assert!(has_nul(br#""a\u0000b""#));
        assert!(has_nul(br#""\\\u0000""#));
        assert!(!has_nul(br#""\\u0000""#));
        assert!(!has_nul(br#""u0000 \u0001 \n""#));
        assert!(!has_nul(b""));
    }
}
