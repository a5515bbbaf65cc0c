//! A section against its JSON Schema, and then into its type.

use jsonschema::error::ValidationErrorKind;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    error::{PackError, PackErrorKind},
    node::Node,
};

/// Checks a section against its schema (draft 2020-12).
pub(super) fn validate(schema: &Value, section: &Node, errors: &mut Vec<PackError>) {
    let validator = match jsonschema::draft202012::new(schema) {
        Ok(validator) => validator,
        Err(error) => {
            let reason = format!("the schema itself is wrong: {error}");
            errors.push(section.at.error(PackErrorKind::Schema, "", reason));
            return;
        }
    };
    let value = section.to_json();
    for error in validator.iter_errors(&value) {
        let pointer = error.instance_path().to_string();
        let (path, node) = walk(section, &pointer);
        if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
            for key in unexpected {
                let at = node.entry(key).map_or(&node.at, |entry| &entry.at);
                let reason = format!("unknown key `{key}`");
                errors.push(at.error(PackErrorKind::UnknownKey, format!("{path}/{key}"), reason));
            }
        } else {
            errors.push(
                node.at
                    .error(PackErrorKind::Schema, path, error.to_string()),
            );
        }
    }
}

/// Reads a section into its type.
pub(super) fn typed<T: DeserializeOwned>(section: &Node, errors: &mut Vec<PackError>) -> Option<T> {
    match serde_path_to_error::deserialize(section.to_json()) {
        Ok(value) => Some(value),
        Err(error) => {
            let pointer = error
                .path()
                .iter()
                .fold(String::new(), |mut path, segment| {
                    path.push('/');
                    path.push_str(&segment.to_string().replace(['[', ']'], ""));
                    path
                });
            let (path, node) = walk(section, &pointer);
            errors.push(
                node.at
                    .error(PackErrorKind::Type, path, error.into_inner().to_string()),
            );
            None
        }
    }
}

/// The node a JSON pointer leads to, and its readable path.
fn walk<'a>(section: &'a Node, pointer: &str) -> (String, &'a Node) {
    let unescaped: Vec<_> = pointer
        .split('/')
        .skip(1)
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .collect();
    section.walk(unescaped.iter().map(String::as_str))
}
