//! Ids in paths.

use actix_web::web::PathConfig;
use contracts::problems::common;

use super::problem::Problem;

/// A path parameter that is no id of its type: `invalid-id` (422), without repeating it.
pub(super) fn config() -> PathConfig {
    PathConfig::default().error_handler(|_error, _request| Problem::new(&common::INVALID_ID).into())
}
