//! Lists, a page at a time.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contracts::problems::common;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::json::has_nul;
use super::problem::Problem;
use super::query::{NoFilter, pairs, read};
use super::years;

/// Longest cursor that is looked at.
const CURSOR_LIMIT: usize = 1024;

/// Which page of a list is wanted. As an extractor it refuses every other parameter; a list with a filter takes a
/// [`PageQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many items: 1 to 200, 50 when not given.
    pub limit: u16,
    /// Where the last page ended.
    pub cursor: Option<Cursor>,
}

/// The parameters of a [`Page`], for the OpenAPI description: `params(PageParams)`.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "a description; the values are read by Page")]
pub struct PageParams {
    /// How many items.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A filter and a page: `?state=accepted&limit=20&cursor=…`.
#[derive(Debug, Clone)]
pub struct PageQuery<Q = NoFilter> {
    /// The parameters that are not about the page.
    pub filter: Q,
    /// The page.
    pub page: Page,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PageOf<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// Where a page ended: base64url of a small JSON with the sort key and the id. Opaque to callers. It is not signed: it
/// can only choose a place in what the caller may see anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// A cursor that holds this key.
    ///
    /// # Errors
    /// `internal` when the key cannot be written as JSON.
    pub fn of(key: &impl Serialize) -> Result<Self, Problem> {
        let json = serde_json::to_vec(key).map_err(Problem::unexpected)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(json)))
    }

    /// The key inside.
    ///
    /// # Errors
    /// `invalid-cursor` (400).
    pub fn key<K: DeserializeOwned>(&self) -> Result<K, Problem> {
        let invalid = || Problem::new(&common::INVALID_CURSOR).at("/cursor");
        if self.0.len() > CURSOR_LIMIT {
            return Err(invalid());
        }
        let json = URL_SAFE_NO_PAD
            .decode(&self.0)
            .map_err(|_not_base64| invalid())?;
        let all: serde_json::Value = serde_json::from_slice(&json).map_err(|_no_json| invalid())?;
        // PostgreSQL stores neither.
        if has_nul(&json) || years::first_beyond(&all).is_some() {
            return Err(invalid());
        }
        serde_json::from_value(all).map_err(|_other_key| invalid())
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Page {
    /// How many rows to fetch: one more than asked for, which tells whether there is a next page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The key after which this page begins.
    ///
    /// # Errors
    /// `invalid-cursor` (400).
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        self.cursor.as_ref().map(Cursor::key).transpose()
    }

    fn of(pairs: &mut Vec<(String, String)>) -> Result<Self, Problem> {
        let limit = take(pairs, "limit")?;
        let limit = limit.map_or(Some(50), |text| {
            text.parse().ok().filter(|limit| (1..=200).contains(limit))
        });
        let Some(limit) = limit else {
            let problem = Problem::new(&common::INVALID_QUERY).at("/limit");
            return Err(problem.detail(
                "应为 1 至 200 的整数",
                "It must be a whole number from 1 to 200",
            ));
        };
        Ok(Self {
            limit,
            cursor: take(pairs, "cursor")?.map(Cursor),
        })
    }
}

impl<T> PageOf<T> {
    /// Makes a page of the rows fetched with [`Page::fetch`]: `key` is the sort key and id of a row, `view` its item.
    ///
    /// # Errors
    /// `internal` when a key cannot be written as JSON.
    pub fn of<R, K: Serialize>(
        page: &Page,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> K,
        view: impl FnMut(R) -> T,
    ) -> Result<Self, Problem> {
        let limit = usize::from(page.limit);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = if more { rows.last() } else { None };
        let next_cursor = last
            .map(|row| Cursor::of(&key(row)))
            .transpose()?
            .map(|cursor| cursor.0);
        Ok(Self {
            items: rows.into_iter().map(view).collect(),
            next_cursor,
        })
    }
}

fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Result<Option<String>, Problem> {
    let mut found = pairs
        .extract_if(.., |(key, _)| key == name)
        .map(|(_, value)| value);
    let (first, second) = (found.next(), found.next());
    if second.is_some() {
        let problem = Problem::new(&common::INVALID_QUERY).at(format!("/{name}"));
        return Err(problem.detail("此参数重复", "This parameter is repeated"));
    }
    Ok(first)
}

impl FromRequest for Page {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(
            PageQuery::<NoFilter>::from_request(request, payload)
                .into_inner()
                .map(|query| query.page),
        )
    }
}

impl<Q: DeserializeOwned> FromRequest for PageQuery<Q> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(pairs(request.query_string()).and_then(|mut pairs| {
            let page = Page::of(&mut pairs)?;
            Ok(Self {
                filter: read(&pairs)?,
                page,
            })
        }))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Cursor;

    #[test]
    fn what_postgresql_does_not_store_is_no_key() {
        let at = |text: &str| {
            let cursor = Cursor::of(&(text, 7)).unwrap();
            cursor.key::<(DateTime<Utc>, u32)>().map(|(_, id)| id)
        };
        assert_eq!(at("2026-09-01T02:00:00Z").unwrap(), 7);
        assert!(at("-5000-01-01T00:00:00Z").is_err());
        let name = |text: &str| Cursor::of(&(text, 7)).unwrap().key::<(String, u32)>();
        assert_eq!(name("a").unwrap(), ("a".to_owned(), 7));
        assert!(name("a\0").is_err());
    }
}
