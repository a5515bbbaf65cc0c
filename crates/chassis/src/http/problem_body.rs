//! A problem on the wire (RFC 9457), and its place in the OpenAPI documents.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::openapi::{ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// One of several mistakes in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// JSON pointer (RFC 6901) of the bad field: `/parties/0/id_number`.
    pub pointer: String,
    /// Stable code, when the field's mistake has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong, in Chinese.
    pub detail_zh: String,
    /// What is wrong, in English.
    pub detail_en: String,
}

/// Why a request was refused (RFC 9457). Never repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:fengqiao:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable code: what a program may rely on.
    pub code: String,
    /// The kind of problem in the language asked for (`Accept-Language`, Chinese by default).
    pub title: String,
    /// The kind of problem in Chinese.
    pub title_zh: String,
    /// The kind of problem in English.
    pub title_en: String,
    /// This very case, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// This very case, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_zh: Option<String>,
    /// This very case, in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_en: Option<String>,
    /// JSON pointer (RFC 6901) of the bad field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Every mistake, when there are several.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub errors: Vec<FieldProblem>,
    /// The trace to name when asking for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

/// The problems that any operation may answer with, for its OpenAPI description.
#[derive(Debug, Clone, Copy)]
pub struct ProblemResponses;

impl IntoResponses for ProblemResponses {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let kinds = [
            (
                "400",
                "malformed-json, invalid-query, invalid-cursor, invalid-header",
            ),
            ("401", "token-missing, token-invalid, token-expired"),
            ("403", "forbidden"),
            (
                "404",
                "not-found, also for what is outside the caller's scope",
            ),
            ("409", "transition-not-allowed, conflict"),
            ("412", "stale-version"),
            ("413", "body-too-large"),
            ("415", "unsupported-media-type"),
            (
                "422",
                "invalid-body, invalid-id, idempotency-key-reused, or a rule that the request breaks",
            ),
            ("429", "too-many-requests"),
            ("503", "unavailable, question-timed-out"),
        ];
        kinds
            .into_iter()
            .map(|(status, codes)| (status.to_owned(), RefOr::T(response(status, codes))))
            .collect()
    }
}

fn response(status: &str, codes: &str) -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let mut response = ResponseBuilder::new()
        .description(codes)
        .content("application/problem+json", content);
    if matches!(status, "429" | "503") {
        let header = HeaderBuilder::new()
            .description(Some("Seconds to wait"))
            .build();
        response = response.header("Retry-After", header);
    }
    response.build()
}
