//! `notifications.yaml`: who is told what of a case, and how.

use contracts::events::intake::{NotificationChannel, PartySide};
use serde::Deserialize;

use crate::Text;

/// What a text may name: nothing that says who or what a case is about.
pub const PLACEHOLDERS: [&str; 4] = ["acceptance_number", "status", "date", "organisation"];

/// The day on which something is due, in a text for an organisation.
pub const DUE: &str = "due";

/// What a text for an organisation may name.
pub const ORGANISATION_PLACEHOLDERS: [&str; 3] = ["acceptance_number", "date", DUE];

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// Days after which a fact is told nobody.
    pub not_after_days: u32,
    /// The messages.
    pub templates: Vec<Template>,
    /// The messages to organisations; none tells them nothing.
    #[serde(default)]
    pub organisations: Vec<OrganisationTemplate>,
}

/// A message to an organisation, which is kept on the node.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationTemplate {
    /// Stable code.
    pub code: String,
    /// What it tells: a fact of intake's list for organisations.
    pub fact: String,
    /// What it says, with placeholders.
    pub text: Text,
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

    /// The messages that tell organisations a fact.
    pub fn of_organisations<'a>(
        &'a self,
        fact: &'a str,
    ) -> impl Iterator<Item = &'a OrganisationTemplate> {
        let known = self.organisations.iter();
        known.filter(move |known| known.fact == fact)
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
