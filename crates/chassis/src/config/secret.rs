//! Secrets and where they come from.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

use super::error::Mistake;

/// A name and a password of one service, where services do not share them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Login {
    /// The name to log in with; unset: the section's rule.
    pub user: Option<String>,
    /// The password.
    pub password: Option<SecretString>,
    /// File that holds the password.
    pub password_file: Option<PathBuf>,
    /// File with credentials, instead of a name and a password (NATS only).
    pub credentials_file: Option<PathBuf>,
}

impl Login {
    pub(super) fn resolve(&mut self, path: &str, mistakes: &mut Vec<Mistake>) {
        read_twin(
            &format!("{path}.password"),
            &mut self.password,
            self.password_file.as_ref(),
            mistakes,
        );
    }
}

/// Fills a secret from the file its twin names. Both set is a mistake: it would be unclear which one counts.
pub(super) fn read_twin(
    path: &str,
    secret: &mut Option<SecretString>,
    file: Option<&PathBuf>,
    mistakes: &mut Vec<Mistake>,
) {
    let Some(file) = file else { return };
    if secret.is_some() {
        mistakes.push(Mistake::new(
            path,
            &format!("both {path} and {path}_file are set; keep one"),
        ));
        return;
    }
    match std::fs::read_to_string(file) {
        Ok(text) => {
            *secret = Some(SecretString::from(
                text.trim_end_matches(['\r', '\n']).to_owned(),
            ))
        }
        Err(error) => {
            mistakes.push(Mistake::new(
                &format!("{path}_file"),
                &format!("cannot read {}: {error}", file.display()),
            ));
        }
    }
}
