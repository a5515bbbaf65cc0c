//! What a command answers.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::problem::Problem;

/// A successful answer. The idempotency table stores it as it is and replays it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null with status 204.
    pub body: Value,
    /// The object's version, sent as `ETag: "<version>"`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<i64>,
    /// Where the created object is, sent as `Location`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<String>,
    /// Whether this is the stored answer to an earlier attempt, sent as `Idempotency-Replayed: true`. Not stored.
    #[serde(skip, default)]
    pub replayed: bool,
}

impl Reply {
    /// 200 with an object.
    #[must_use]
    pub fn ok(body: impl Serialize) -> Self {
        Self::of(200, body)
    }

    /// 201 with the object created and its path.
    #[must_use]
    pub fn created(location: impl Into<String>, body: impl Serialize) -> Self {
        Self {
            location: Some(location.into()),
            ..Self::of(201, body)
        }
    }

    /// 202 with what was taken on and will happen later.
    #[must_use]
    pub fn accepted(body: impl Serialize) -> Self {
        Self::of(202, body)
    }

    /// 204 without a body.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: 204,
            body: Value::Null,
            version: None,
            location: None,
            replayed: false,
        }
    }

    /// Names the object's version.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Marks a stored answer that is given again.
    #[must_use]
    pub fn replayed(mut self) -> Self {
        self.replayed = true;
        self
    }

    fn of(status: u16, body: impl Serialize) -> Self {
        let body = serde_json::to_value(body).unwrap_or_else(|error| {
            // Only a map with keys that are no texts: a mistake in a view type, seen in its first test.
            tracing::error!(error = %error, "a reply cannot be written as JSON");
            Value::Null
        });
        Self {
            status,
            body,
            version: None,
            location: None,
            replayed: false,
        }
    }
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, _request: &HttpRequest) -> HttpResponse {
        let Ok(status) = StatusCode::from_u16(self.status) else {
            return Problem::unexpected("a reply has no valid status").error_response();
        };
        let mut response = HttpResponse::build(status);
        if let Some(version) = self.version {
            response.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        if status == StatusCode::NO_CONTENT {
            response.finish()
        } else {
            response.json(self.body)
        }
    }
}
