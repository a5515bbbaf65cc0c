//! Why a request is refused.

use std::error::Error as StdError;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use contracts::problems::{ProblemCode, common};

use super::headers;
use super::language::Language;
use super::problem_body::{FieldProblem, ProblemBody};

/// Why a request is refused: a registered code, where the mistake is, and what the caller may know about it. What only
/// the operator may know goes into [`internal`](Self::internal), which is logged and never shown.
#[derive(Clone)]
pub struct Problem(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: &'static ProblemCode,
    pointer: Option<String>,
    detail: Option<(String, String)>,
    errors: Vec<FieldProblem>,
    internal: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    language: Language,
    trace_id: Option<String>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(code: &'static ProblemCode) -> Self {
        Self(Box::new(Inner {
            code,
            pointer: None,
            detail: None,
            errors: Vec::new(),
            internal: None,
            headers: Vec::new(),
            language: Language::default(),
            trace_id: None,
        }))
    }

    /// A fault of ours: 500 with the cause in the log only.
    #[must_use]
    pub fn unexpected(cause: impl fmt::Display) -> Self {
        Self::new(&common::INTERNAL).internal(cause)
    }

    /// Names the bad field by its JSON pointer (RFC 6901) in the request body: `/parties/0/id_number`.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.0.pointer = Some(pointer.into());
        self
    }

    /// Says what is wrong in this case, in both languages and without repeating the caller's values.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail = Some((zh.into(), en.into()));
        self
    }

    /// Adds one of several mistakes.
    #[must_use]
    pub fn error(mut self, error: FieldProblem) -> Self {
        self.0.errors.push(error);
        self
    }

    /// Adds what only the operator may know; without personal data, as it is logged.
    #[must_use]
    pub fn internal(mut self, cause: impl fmt::Display) -> Self {
        let cause = cause.to_string();
        self.0.internal = Some(
            self.0
                .internal
                .map_or_else(|| cause.clone(), |so_far| format!("{so_far}; {cause}")),
        );
        self
    }

    /// Adds an error with all its sources for the operator.
    #[must_use]
    pub fn caused_by(self, error: &(dyn StdError + 'static)) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        self.internal(text)
    }

    /// Tells the caller when to try again.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The kind of problem.
    #[must_use]
    pub fn code(&self) -> &'static ProblemCode {
        self.0.code
    }

    /// The pointer of the bad field.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.0.pointer.as_deref()
    }

    /// What the operator may know.
    #[must_use]
    pub fn internal_message(&self) -> Option<&str> {
        self.0.internal.as_deref()
    }

    /// What is sent to the caller.
    #[must_use]
    pub fn body(&self) -> ProblemBody {
        let Inner { code, language, .. } = &*self.0;
        let (detail_zh, detail_en) = self.0.detail.clone().unzip();
        let english = *language == Language::English;
        ProblemBody {
            kind: format!("urn:fengqiao:problem:{}", code.code),
            status: code.status,
            code: code.code.to_owned(),
            title: if english { code.en } else { code.zh }.to_owned(),
            title_zh: code.zh.to_owned(),
            title_en: code.en.to_owned(),
            detail: if english {
                detail_en.clone()
            } else {
                detail_zh.clone()
            },
            detail_zh,
            detail_en,
            pointer: self.0.pointer.clone(),
            errors: self.0.errors.clone(),
            trace_id: self.0.trace_id.clone(),
        }
    }

    /// Fixes the language and the trace, which only the boundary knows.
    pub(super) fn addressed(mut self, language: Language, trace_id: Option<String>) -> Self {
        self.0.language = language;
        self.0.trace_id = trace_id;
        self
    }
}

/// The code alone: a problem's text is for the caller, its cause for the log.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.code)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem")
            .field("code", &self.0.code.code)
            .field("pointer", &self.0.pointer)
            .field("detail", &self.0.detail.as_ref().map(|(_, en)| en))
            .field("internal", &self.0.internal)
            .finish_non_exhaustive()
    }
}

impl StdError for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_LANGUAGE, self.0.language.tag()));
        for (name, value) in &self.0.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        // After `json`, which would set its own type.
        let mut response = response.json(self.body());
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        headers::complete(response.headers_mut(), false, self.0.trace_id.as_deref());
        response
    }
}
