//! The outside of a service: problems, tokens, strict requests, replies, limits, the server and its documents.
//!
//! A handler takes a [`Call`] (a command) or a [`Permit`] (a reading) for the permission it needs, and gives a [`Reply`]
//! or a [`Problem`]. Everything else, from the token to the language of a problem, is done here once.

mod auth;
mod boundary;
mod cache;
mod call;
pub mod docs;
mod headers;
mod json;
mod keys;
mod language;
mod limits;
mod ops;
mod page;
mod path;
mod permit;
mod principal;
mod problem;
mod problem_body;
mod query;
mod reply;
mod root_span;
mod server;
mod shape;
mod years;

pub use actix_web::web::{Data, Path};
pub use utoipa_actix_web::service_config::ServiceConfig;

pub use auth::{Auth, AuthError};
pub use call::Call;
pub use docs::Routes;
pub use json::parse;
pub use language::Language;
pub use ops::{CheckReport, Readiness};
pub use page::{Cursor, Page, PageOf, PageParams, PageQuery};
pub use permit::Permit;
pub use principal::{Principal, Scope};
pub use problem::Problem;
pub use problem_body::{FieldProblem, ProblemBody, ProblemResponses};
pub use query::{NoFilter, Query};
pub use reply::Reply;
pub use server::{Server, ServiceApi};
