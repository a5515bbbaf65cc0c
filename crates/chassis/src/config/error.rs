//! What can be wrong with a configuration.

/// One mistake and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Path of the key: `http.listen`.
    pub path: String,
    /// What is wrong with it, without the value when it is a secret.
    pub message: String,
}

impl Mistake {
    pub(super) fn new(path: &str, message: &str) -> Self {
        Self {
            path: path.to_owned(),
            message: message.to_owned(),
        }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// A configuration that the process refuses to start with. Lists every mistake that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the configuration is not valid:{}", .mistakes.iter().map(|m| format!("\n  - {m}")).collect::<String>())]
pub struct ConfigError {
    /// All that is wrong, in the order of the sections.
    pub mistakes: Vec<Mistake>,
}

impl ConfigError {
    /// A value that a service cannot use.
    #[must_use]
    pub fn value(path: &str, error: impl std::fmt::Display) -> Self {
        Self::one(path, &error.to_string())
    }

    pub(super) fn one(path: &str, message: &str) -> Self {
        Self {
            mistakes: vec![Mistake::new(path, message)],
        }
    }

    pub(super) fn key(
        prefix: &str,
        error: &serde_path_to_error::Error<::config::ConfigError>,
    ) -> Self {
        let path = error.path().to_string();
        let path = match (prefix, path.as_str()) {
            ("", path) => path.to_owned(),
            (prefix, ".") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}.{path}"),
        };
        let message = error.inner().to_string();
        match message
            .strip_prefix("unknown field `")
            .and_then(|rest| rest.split_once('`'))
        {
            // serde's path ends with the unknown key itself.
            Some((_field, expected)) => {
                let expected = expected.trim_start_matches(", ");
                let expected = expected.split(" for key ").next().unwrap_or_default();
                Self::one(&path, &format!("unknown key ({expected})"))
            }
            None => Self::one(&path, &message),
        }
    }
}
