//! Messages to the people of a case: what a template says of one, and what becomes of a message.

use chassis::config::ConfigError;
use chrono::{DateTime, Utc};
use contracts::text_enum;
use policy::{Text, clock::due::beijing_date, sections::notifications::Notifications};

use super::case::PublicFact;

text_enum! {
    /// What became of a message.
    pub enum NotificationState {
        /// To be sent.
        Pending => "pending",
        /// A gateway took it.
        Sent => "sent",
        /// Kept here, to be read through the API: no gateway was asked.
        DeliveredLocal => "delivered_local",
        /// No gateway took it in all attempts.
        Failed => "failed",
    }
}

/// Whether every template tells a fact that there is; a locality writes its own.
///
/// # Errors
/// The first one that tells none: nobody would ever be told.
pub fn check_facts(policy: &Notifications) -> Result<(), ConfigError> {
    for template in &policy.templates {
        if template.fact.parse::<PublicFact>().is_err() {
            let told = format!("{}: there is no fact {}", template.code, template.fact);
            return Err(ConfigError::value("policy.notifications", told));
        }
    }
    Ok(())
}

/// What a text may name.
pub struct Values<'a> {
    /// 受理编号; none before acceptance.
    pub acceptance_number: &'a str,
    /// Name of the public status, Chinese and English.
    pub status: (&'a str, &'a str),
    /// When the fact happened.
    pub at: DateTime<Utc>,
    /// The centre.
    pub organisation: &'a str,
}

impl Values<'_> {
    /// The text in both languages.
    #[must_use]
    pub fn fill(&self, text: &Text) -> Text {
        let date = beijing_date(self.at);
        let fill = |text: &str, status: &str| {
            text.replace("{acceptance_number}", self.acceptance_number)
                .replace("{status}", status)
                .replace("{date}", &date.to_string())
                .replace("{organisation}", self.organisation)
        };
        Text {
            zh: fill(&text.zh, self.status.0),
            en: fill(&text.en, self.status.1),
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::PolicyPack;

    use super::*;

    #[test]
    fn a_text_is_filled_in_both_languages() {
        let values = Values {
            acceptance_number: "1号",
            status: ("已受理", "Accepted"),
            at: "2026-09-01T16:00:00Z".parse().unwrap(),
            organisation: "武威市",
        };
        let filled = values.fill(&Text {
            zh: "{acceptance_number} {status} {date} {organisation}".to_owned(),
            en: "{status}: {acceptance_number}".to_owned(),
        });
        assert_eq!(filled.zh, "1号 已受理 2026-09-02 武威市");
        assert_eq!(filled.en, "Accepted: 1号");
    }

    #[test]
    fn every_template_tells_a_fact_that_there_is() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let mut policy = pack.notifications().clone();
        assert!(check_facts(&policy).is_ok());
        policy.templates[0].fact = "full_moon".to_owned();
        assert!(check_facts(&policy).is_err());
    }
}
