//! The outermost layer of our own: turns every failure into a problem, once, and measures.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::http::{StatusCode, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError as _, web};
use contracts::problems::{ProblemCode, common};
use futures_util::FutureExt as _;

use super::headers;
use super::language::Language;
use super::permit::Gate;
use super::problem::Problem;
use super::root_span::{UNMATCHED, method_name};
use crate::telemetry::{self, metrics};

/// Counts a request as under way for as long as it lives, also when it is dropped.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        metrics().http_in_flight(1);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        metrics().http_in_flight(-1);
    }
}

/// What must be known about a request after it was given away.
struct About {
    method: &'static str,
    route: String,
    pages: bool,
    language: Language,
    trace_id: Option<String>,
}

impl About {
    fn of(request: &ServiceRequest) -> Self {
        let language = request
            .headers()
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        Self {
            method: method_name(request.method()),
            route: request
                .match_pattern()
                .unwrap_or_else(|| UNMATCHED.to_owned()),
            pages: is_page(request.uri()),
            language: language.map(Language::accepted).unwrap_or_default(),
            trace_id: telemetry::trace_id(),
        }
    }

    /// Addresses a problem to this caller; a fault of ours is logged here and nowhere else.
    fn tell(&self, problem: Problem) -> Problem {
        let code = problem.code();
        let cause = problem.internal_message().unwrap_or_default();
        if code.status >= 500 {
            tracing::error!(
                problem = code.code,
                http.method = self.method,
                http.route = self.route,
                cause,
                "request failed"
            );
        } else {
            tracing::debug!(
                problem = code.code,
                http.method = self.method,
                http.route = self.route,
                cause,
                "request refused"
            );
        }
        problem.addressed(self.language, self.trace_id.clone())
    }
}

/// The middleware.
pub(super) async fn boundary(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let in_flight = InFlight::begin();
    let about = About::of(&request);
    let limit = request
        .app_data::<web::Data<Gate>>()
        .map(|gate| gate.config.request_timeout);
    let outcome = AssertUnwindSafe(run(request, next, limit))
        .catch_unwind()
        .await;
    let outcome =
        outcome.unwrap_or_else(|_panic| Err(Problem::unexpected("the handler panicked").into()));
    let outcome = match outcome {
        Ok(response) => Ok(finish(response, &about)),
        Err(error) => Err(Error::from(about.tell(problem_of(&error)))),
    };
    let status = match &outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    };
    metrics().http_request(
        about.method,
        &about.route,
        status.as_u16(),
        started.elapsed(),
    );
    drop(in_flight);
    outcome
}

async fn run(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    limit: Option<std::time::Duration>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = next.call(request);
    let response = match limit {
        Some(limit) => tokio::time::timeout(limit, answer)
            .await
            .map_err(|_elapsed| {
                Problem::new(&common::UNAVAILABLE)
                    .retry_after(1)
                    .internal("the request took too long")
            })?,
        None => answer.await,
    };
    response.map(ServiceResponse::map_into_boxed_body)
}

/// Replaces a failure by its problem and completes the headers.
fn finish(response: ServiceResponse<BoxBody>, about: &About) -> ServiceResponse<BoxBody> {
    let mut response = match failure(&response) {
        Some(problem) => {
            let kept = response.headers().get(header::ALLOW).cloned();
            let mut answer = about.tell(problem).error_response();
            if let Some(allow) = kept {
                answer.headers_mut().insert(header::ALLOW, allow);
            }
            let (request, _replaced) = response.into_parts();
            ServiceResponse::new(request, answer)
        }
        None => response,
    };
    headers::complete(
        response.headers_mut(),
        about.pages,
        about.trace_id.as_deref(),
    );
    response
}

/// The problem a response stands for, unless it is a success or tells its own story in JSON.
fn failure(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if let Some(error) = response.response().error() {
        return Some(problem_of(error));
    }
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    (!kind.contains("json")).then(|| Problem::new(code_for(status)))
}

/// Our own problem, or the one that fits the status of the framework's error.
fn problem_of(error: &Error) -> Problem {
    if let Some(problem) = error.as_error::<Problem>() {
        return problem.clone();
    }
    let status = error.as_response_error().status_code();
    let problem = Problem::new(code_for(status));
    // The framework's text about a caller's mistake may quote the caller.
    if status.is_server_error() {
        problem.internal(error)
    } else {
        problem
    }
}

fn code_for(status: StatusCode) -> &'static ProblemCode {
    match status.as_u16() {
        401 => &common::TOKEN_INVALID,
        403 => &common::FORBIDDEN,
        404 => &common::NOT_FOUND,
        405 => &common::METHOD_NOT_ALLOWED,
        408 => &common::REQUEST_TIMEOUT,
        413 => &common::BODY_TOO_LARGE,
        415 => &common::UNSUPPORTED_MEDIA_TYPE,
        429 => &common::TOO_MANY_REQUESTS,
        503 => &common::UNAVAILABLE,
        400..=499 => &common::BAD_REQUEST,
        _ => &common::INTERNAL,
    }
}

fn is_page(uri: &Uri) -> bool {
    uri.path().starts_with("/docs/")
}
