//! Messages to organisations: what they are given to do, by whom they are urged, who wants to meet them.

use chassis::config::ConfigError;
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{
    ids::{AppointmentId, CaseId, EventId, OrganisationId},
    region::RegionCode,
    text_enum,
};
use policy::{
    Text,
    clock::due::beijing_date,
    sections::notifications::{DUE, Notifications},
};

text_enum! {
    /// What an organisation is told.
    pub enum OrganisationFact {
        /// 交办: an order was issued to it, also to hand a case over to it or to report it up to it.
        OrderIssued => "order_issued",
        /// 协办: it is to work along on a case.
        AssistAsked => "assist_asked",
        /// 吹哨: it is called together with others on a case (TR-06).
        ConsultationCalled => "consultation_called",
        /// 撤回: its order was taken back.
        OrderRecalled => "order_recalled",
        /// 退回未获同意.
        ReturnRejected => "return_rejected",
        /// 返工: what it reported as finished was not accepted.
        Reworked => "reworked",
        /// 催办.
        Urged => "urged",
        /// 督办.
        Supervised => "supervised",
        /// 预约: somebody wants to meet it.
        AppointmentAsked => "appointment_asked",
        /// 取消预约: they cannot come.
        AppointmentCancelled => "appointment_cancelled",
    }
}

impl OrganisationFact {
    /// Whether something is due with it: only then may its text name the day.
    #[must_use]
    pub fn has_day(self) -> bool {
        match self {
            Self::OrderIssued
            | Self::AssistAsked
            | Self::ConsultationCalled
            | Self::Reworked
            | Self::Supervised => true,
            Self::OrderRecalled
            | Self::ReturnRejected
            | Self::Urged
            | Self::AppointmentAsked
            | Self::AppointmentCancelled => false,
        }
    }
}

/// Whether every template for organisations tells a fact that there is, and names a day only where there is one; a locality writes
/// its own.
///
/// # Errors
/// The first one that does not.
pub fn check_facts(policy: &Notifications) -> Result<(), ConfigError> {
    let fault = |text: String| ConfigError::value("policy.notifications", text);
    for template in &policy.organisations {
        let code = &template.code;
        let Ok(fact) = template.fact.parse::<OrganisationFact>() else {
            let told = &template.fact;
            return Err(fault(format!("{code}: there is no fact {told}")));
        };
        let day = format!("{{{DUE}}}");
        let named = [&template.text.zh, &template.text.en];
        if !fact.has_day() && named.iter().any(|text| text.contains(&day)) {
            return Err(fault(format!("{code}: {day} where nothing is due")));
        }
    }
    Ok(())
}

/// What an organisation is told of.
pub struct Told {
    /// What happened.
    pub fact: OrganisationFact,
    /// Whom it concerns.
    pub organisation_id: OrganisationId,
    /// Where the case happened, or the organisation is.
    pub region: RegionCode,
    /// The case, if it is one.
    pub case_id: Option<CaseId>,
    /// The appointment, if it is one.
    pub appointment_id: Option<AppointmentId>,
    /// The event that said so: nobody is told it twice.
    pub event_id: EventId,
    /// When; of an appointment, when it begins.
    pub at: DateTime<Utc>,
    /// What is due is in time before this instant.
    pub due_at: Option<DateTime<Utc>>,
}

impl Told {
    /// The text in both languages but for the acceptance number, which the table knows.
    #[must_use]
    pub fn fill(&self, text: &Text) -> Text {
        let date = beijing_date(self.at).to_string();
        // The last day: a limit in days ends with midnight after it.
        let due = self
            .due_at
            .map(|at| beijing_date(at - TimeDelta::seconds(1)));
        let due = due.map(|day| day.to_string()).unwrap_or_default();
        let day = format!("{{{DUE}}}");
        let fill = |text: &str| text.replace("{date}", &date).replace(&day, &due);
        Text {
            zh: fill(&text.zh),
            en: fill(&text.en),
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::ids::TypedId as _;
    use policy::PolicyPack;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_last_day_is_told_and_not_the_midnight_after_it() {
        let told = Told {
            fact: OrganisationFact::OrderIssued,
            organisation_id: OrganisationId::from_uuid(Uuid::from_u128(1)),
            region: "620602".parse().unwrap(),
            case_id: None,
            appointment_id: None,
            event_id: EventId::from_uuid(Uuid::from_u128(2)),
            at: "2026-09-01T16:00:00Z".parse().unwrap(),
            due_at: Some("2026-09-08T16:00:00Z".parse().unwrap()),
        };
        let filled = told.fill(&Text {
            zh: "{acceptance_number} {date} {due}".to_owned(),
            en: "{due}".to_owned(),
        });
        assert_eq!(filled.zh, "{acceptance_number} 2026-09-02 2026-09-08");
        assert_eq!(filled.en, "2026-09-08");
    }

    #[test]
    fn a_template_of_a_locality_is_checked() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let policy = pack.notifications();
        assert!(check_facts(policy).is_ok());
        for fact in OrganisationFact::ALL {
            let known = policy.organisations.iter();
            assert_eq!(
                known
                    .filter(|template| template.fact == fact.as_str())
                    .count(),
                1,
                "{fact}"
            );
        }
        let spoilt = |fact: &str, zh: &str| {
            let mut policy = policy.clone();
            policy.organisations[0].fact = fact.to_owned();
            policy.organisations[0].text.zh = zh.to_owned();
            check_facts(&policy).is_err()
        };
        assert!(spoilt("full_moon", "有新的交办事项"));
        assert!(spoilt("urged", "请于{due}前办结"));
        assert!(!spoilt("order_issued", "请于{due}前办结"));
    }
}
