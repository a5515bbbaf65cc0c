//! Reading a query string strictly.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use contracts::problems::common;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::problem::Problem;
use super::{shape, years};

/// The query of a reading, strictly read: unknown parameters are refused when `Q` denies unknown fields, which it should.
/// A list takes [`PageQuery`](super::PageQuery) instead.
#[derive(Debug, Clone)]
pub struct Query<Q>(pub Q);

/// The filter of a list that has none.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

impl<Q: DeserializeOwned> FromRequest for Query<Q> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(
            pairs(request.query_string())
                .and_then(|pairs| read(&pairs))
                .map(Query),
        )
    }
}

impl<Q> std::ops::Deref for Query<Q> {
    type Target = Q;

    fn deref(&self) -> &Q {
        &self.0
    }
}

/// The parameters of a query string, decoded.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>, Problem> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    if pairs
        .iter()
        .any(|(name, value)| name.contains('\0') || value.contains(['\0', '\u{fffd}']))
    {
        // U+FFFD is what stands for bytes that are not UTF-8.
        return Err(Problem::new(&common::INVALID_QUERY)
            .detail("含有非法字符", "It contains an illegal character"));
    }
    if let Some((name, _)) = pairs.iter().find(|(_, value)| years::beyond(value)) {
        let (zh, en) = years::DETAIL;
        return Err(Problem::new(&common::INVALID_QUERY)
            .at(years::step(name))
            .detail(zh, en));
    }
    Ok(pairs)
}

/// The typed value of the parameters.
pub(super) fn read<Q: DeserializeOwned>(pairs: &[(String, String)]) -> Result<Q, Problem> {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let values = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(values).map_err(|error| {
        let path = error.path().clone();
        shape::problem(
            &common::INVALID_QUERY,
            &path,
            &error.into_inner().to_string(),
        )
    })
}
