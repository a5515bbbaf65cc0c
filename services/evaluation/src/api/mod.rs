//! The operations, one file each.

pub mod close_case;
pub mod complete_follow_up;
pub mod get_evaluation;
pub mod list_follow_ups;
pub mod rate_case;
mod views;

use chassis::http::Problem;
use contracts::problems::common;

/// A text without the space around it; an empty one is none.
///
/// # Errors
/// `text-too-long` at `pointer`.
fn text(text: Option<&str>, longest: usize, pointer: &str) -> Result<Option<String>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > longest) {
        return Err(Problem::new(&common::TEXT_TOO_LONG).at(pointer));
    }
    Ok(text.map(str::to_owned))
}
