//! A text in the two languages every answer carries.

use serde::{Deserialize, Serialize};

/// The same text in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese, shown by default.
    pub zh: String,
    /// English.
    pub en: String,
}
