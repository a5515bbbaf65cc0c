//! The right to read.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use contracts::problems::common;
use contracts::roles::Permission;

use super::auth::{Auth, refused};
use super::limits::Limits;
use super::principal::{Principal, Scope};
use super::problem::Problem;
use crate::config::HttpConfig;

/// What every request passes. One a server.
pub(super) struct Gate {
    pub(super) auth: Auth,
    pub(super) limits: Limits,
    pub(super) config: HttpConfig,
}

/// A caller whose token is valid and whose roles have permission `P`.
///
/// Refuses with `token-missing`, `token-invalid`, `token-expired` (401), `forbidden` (403) or `too-many-requests` (429).
#[derive(Debug, Clone)]
pub struct Permit<P> {
    /// The caller.
    pub principal: Principal,
    scope: Scope,
    permission: PhantomData<P>,
}

impl<P> Permit<P> {
    /// What of the stored objects the caller may see.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }
}

impl<P: Permission> Permit<P> {
    /// Checks the request's token. Takes the request by value: an extractor's future may not borrow it.
    pub(super) async fn of(request: HttpRequest) -> Result<Self, Problem> {
        let gate = gate(&request)?;
        let principal = match principal(gate, &request).await {
            Ok(principal) => principal,
            // A fault of ours is no reason to count against the address.
            Err(problem) if problem.code().status >= 500 => return Err(problem),
            Err(problem) => {
                gate.limits.check_address(&request)?;
                return Err(problem);
            }
        };
        gate.limits.check_principal(&principal.subject)?;
        if !principal.may::<P>() {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        let Some(scope) = principal.scope_for::<P>() else {
            return Err(Problem::new(&common::FORBIDDEN).detail(
                "令牌未载明所属单位",
                "The token names no organisation, which this role needs",
            ));
        };
        Ok(Self {
            principal,
            scope,
            permission: PhantomData,
        })
    }
}

pub(super) fn gate(request: &HttpRequest) -> Result<&Gate, Problem> {
    let gate = request
        .app_data::<web::Data<Gate>>()
        .map(web::Data::get_ref);
    gate.ok_or_else(|| Problem::unexpected("the server was built without a gate"))
}

async fn principal(gate: &Gate, request: &HttpRequest) -> Result<Principal, Problem> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let Some(value) = headers.next() else {
        return Err(refused(&common::TOKEN_MISSING, "no header"));
    };
    if headers.next().is_some() {
        return Err(refused(
            &common::TOKEN_INVALID,
            "several Authorization headers",
        ));
    }
    let token = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .and_then(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()));
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Err(refused(&common::TOKEN_INVALID, "not a bearer token"));
    };
    let principal = gate.auth.verify(token).await?;
    Ok(Principal::clone(&principal))
}

impl<P: Permission + 'static> FromRequest for Permit<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        Box::pin(Self::of(request.clone()))
    }
}
