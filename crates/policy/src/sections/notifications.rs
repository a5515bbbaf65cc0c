//! `notifications.yaml`: who is told what of a case, and how.

use contracts::events::intake::{NotificationChannel, PartySide};
use serde::Deserialize;

use crate::Text;

/// What a text may name: nothing that says who or what a case is about.
pub const PLACEHOLDERS: [&str; 4] = ["acceptance_number", "status", "date", "organisation"];

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// Days after which a fact is told nobody.
    pub not_after_days: u32,
    /// The messages.
    pub templates: Vec<Template>,
}

/// A message.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Stable code.
    pub code: String,
    /// The fact of the public timeline it tells.
    pub fact: String,
    /// Whom.
    pub to: Vec<PartySide>,
    /// How.
    pub channels: Vec<NotificationChannel>,
    /// What it says, with placeholders.
    pub text: Text,
}

impl Notifications {
    /// The messages that tell a fact.
    pub fn of_fact<'a>(&'a self, fact: &'a str) -> impl Iterator<Item = &'a Template> {
        self.templates
            .iter()
            .filter(move |known| known.fact == fact)
    }
}

/// What is written in braces in a text; an opening brace without its end gives the rest.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .map(|rest| rest.split_once('}').map_or(rest, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn what_is_in_braces_is_found() {
        let found = |text| placeholders(text).collect::<Vec<_>>();
        assert_eq!(found("无"), Vec::<&str>::new());
        assert_eq!(found("{a}与{b_c}。"), ["a", "b_c"]);
        assert_eq!(found("{a与b"), ["a与b"]);
        assert_eq!(found("{{a}"), ["", "a"]);
    }
}
