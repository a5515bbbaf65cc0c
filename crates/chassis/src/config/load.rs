//! Where values come from, and in which order.

use std::collections::HashMap;
use std::path::PathBuf;

use super::{Config, ConfigError};

/// The variable that names the configuration file.
pub const CONFIG_FILE_VARIABLE: &str = "FENGQIAO_CONFIG";

/// The sources of one configuration. Tests make their own; a process uses [`Sources::of_process`].
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The TOML file; unset: defaults and variables only.
    pub file: Option<PathBuf>,
    /// Variables; only those that start with `FENGQIAO__` count.
    pub variables: HashMap<String, String>,
}

impl Sources {
    /// The environment of this process, and the file given or else named by `FENGQIAO_CONFIG`.
    #[must_use]
    pub fn of_process(file: Option<PathBuf>) -> Self {
        // A variable that is not UTF-8 is nobody's configuration of ours.
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.to_ascii_uppercase().starts_with("FENGQIAO__"))
            .collect();
        let file = file.or_else(|| std::env::var_os(CONFIG_FILE_VARIABLE).map(PathBuf::from));
        Self { file, variables }
    }

    /// Reads every layer, fills secrets from their files and validates the whole.
    ///
    /// # Errors
    /// A file that cannot be read or parsed, an unknown key or a wrong type with its path, or all that
    /// [`Config::validate`] finds.
    pub fn load(self) -> Result<Config, ConfigError> {
        let mut builder = ::config::Config::builder();
        if let Some(file) = &self.file {
            let source = ::config::File::from(file.as_path())
                .format(::config::FileFormat::Toml)
                .required(true);
            builder = builder.add_source(source);
        }
        // The separator of the prefix is `__` too, so that a variable like FENGQIAO_PORT, which an orchestrator may
        // set for a service of this name, is not taken for a key.
        let environment = ::config::Environment::with_prefix("FENGQIAO")
            .prefix_separator("__")
            .separator("__")
            .source(Some(self.variables.into_iter().collect()));
        let merged = builder.add_source(environment).build();
        let merged = merged.map_err(|error| ConfigError::one("file", &error.to_string()))?;
        let mut config: Config = serde_path_to_error::deserialize(merged)
            .map_err(|error| ConfigError::key("", &error))?;
        let mut mistakes = config.resolve_secrets();
        mistakes.extend(config.mistakes());
        if mistakes.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { mistakes })
        }
    }
}
