//! Response headers that every answer carries.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Nothing of an answer may be kept by a cache, framed, or run. The pages of the documentation need their own scripts
/// and styles, which come from this server. The trace is named, so that a caller can name it when asking for help.
pub(super) fn complete(headers: &mut HeaderMap, pages: bool, trace_id: Option<&str>) {
    let policy = if pages {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; frame-ancestors 'none'"
    };
    let fixed: [(HeaderName, &'static str); 4] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Some(id) = trace_id.and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(REQUEST_ID.clone(), id);
    }
}
