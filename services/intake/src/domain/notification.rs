//! Messages to the people of a case: what a template says of one, and what becomes of a message.

use chassis::{config::ConfigError, http::Problem};
use chrono::{DateTime, Utc};
use contracts::{problems::intake, text_enum};
use policy::{Text, clock::due::beijing_date, sections::notifications::Notifications};

use super::public_fact::PublicFact;

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

/// How a message stands when a receipt comes.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// What became of it.
    pub state: NotificationState,
    /// Whether a gateway was given it once.
    pub tried: bool,
    /// Whether it is known to have arrived.
    pub arrived: bool,
}

/// What a receipt 回执 makes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Arrived,
    /// It did not arrive: it has failed after all.
    Failed,
    /// That was known.
    Known,
}

impl Outcome {
    /// What it makes of a message that was said to have arrived or not. A gateway may say so before its answer came, or although its
    /// answer was late.
    ///
    /// # Errors
    /// `notification-not-sent` when no gateway has it, or when the opposite is known.
    pub fn of(standing: &Standing, received: bool) -> Result<Self, Problem> {
        use NotificationState::{DeliveredLocal, Failed, Pending, Sent};
        let Standing {
            state,
            tried,
            arrived,
        } = *standing;
        match (state, arrived, received) {
            (Sent, false, true) => Ok(Self::Arrived),
            (Pending, _, true) if tried => Ok(Self::Arrived),
            (Sent, false, false) => Ok(Self::Failed),
            (Sent, true, true) | (Failed, _, false) => Ok(Self::Known),
            (Sent, true, false) | (Failed, _, true) | (Pending | DeliveredLocal, ..) => {
                Err(Problem::new(&intake::NOTIFICATION_NOT_SENT))
            }
        }
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
    fn a_receipt_is_for_a_message_that_a_gateway_has() {
        use NotificationState::{DeliveredLocal, Failed, Pending, Sent};
        for (state, tried, arrived, received, outcome) in [
            (Sent, true, false, true, Some(Outcome::Arrived)),
            (Sent, true, false, false, Some(Outcome::Failed)),
            (Sent, true, true, true, Some(Outcome::Known)),
            (Sent, true, true, false, None),
            (Failed, true, false, false, Some(Outcome::Known)),
            (Failed, true, false, true, None),
            (Pending, true, false, true, Some(Outcome::Arrived)),
            (Pending, true, false, false, None),
            (Pending, false, false, true, None),
            (DeliveredLocal, false, false, true, None),
        ] {
            let standing = Standing {
                state,
                tried,
                arrived,
            };
            let found = Outcome::of(&standing, received).ok();
            assert_eq!(found, outcome, "{standing:?} {received}");
        }
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
