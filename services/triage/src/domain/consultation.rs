//! The centre whistles, departments report in 中心吹哨、部门报到 (transition 15; TR-06, TR-07).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::triage::{
        ConsultationCalled, ConsultationConcluded, ConsultationReportedIn, EntryMode,
    },
    ids::{CaseId, ConsultationCallId, ConsultationId, DispatchOrderId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    problems::triage as problems,
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{Refusal, TriageCase, refusal::text};
use crate::{
    clocks,
    schema::{consultation_calls, consultations},
};

/// Conclusion of one whose case goes on in another one.
const MERGED: &str = "merged";

text_enum! {
    /// State of a consultation.
    pub enum ConsultationState {
        /// 已吹哨.
        Called => "called",
        /// 已形成结论.
        Concluded => "concluded",
    }
}

/// A consultation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consultations)]
pub struct Consultation {
    /// The consultation.
    pub id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Its state.
    pub state: ConsultationState,
    /// Whether the short time to report in runs.
    pub urgent: bool,
    /// What for.
    pub purpose: String,
    /// Subject of who called.
    pub called_by: String,
    /// When.
    pub called_at: DateTime<Utc>,
    /// When they have to have met.
    pub meet_due_at: DateTime<Utc>,
    /// Code of the policy pack, or `merged`.
    pub conclusion: Option<String>,
    /// The minutes.
    pub minutes: Option<String>,
    /// Who is responsible.
    pub responsible_organisation: Option<OrganisationId>,
    /// Until which day, in Beijing.
    pub due_on: Option<NaiveDate>,
    /// The order that came of it.
    pub order_id: Option<DispatchOrderId>,
    /// Subject of who concluded.
    pub concluded_by: Option<String>,
    /// When.
    pub concluded_at: Option<DateTime<Utc>>,
    /// Raised by every change.
    pub version: i64,
}

/// A department that is called.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = consultation_calls)]
pub struct ConsultationCall {
    /// The call.
    pub id: ConsultationCallId,
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The department.
    pub organisation_id: OrganisationId,
    /// What it is to bring or do.
    pub duty: String,
    /// Subject of who was on duty for it when it was called.
    pub officer: Option<String>,
    /// How it is present at the centre, by the same roster.
    pub entry_mode: Option<EntryMode>,
    /// When it has to have reported in.
    pub report_in_due_at: DateTime<Utc>,
    /// Subject of who reported in.
    pub reported_by: Option<String>,
    /// When.
    pub reported_in_at: Option<DateTime<Utc>>,
}

impl StateMachine for Consultation {
    type State = ConsultationState;
    const NAME: (&'static str, &'static str) = ("Consultation", "会商");
    const TRANSITIONS: &'static [Transition<ConsultationState>] = &[
        Transition {
            number: 15,
            command: "call_consultation",
            action: "吹哨",
            from: &[],
            to: ConsultationState::Called,
        },
        Transition {
            number: 15,
            command: "report_in",
            action: "报到",
            from: &[ConsultationState::Called],
            to: ConsultationState::Called,
        },
        Transition {
            number: 15,
            command: "conclude_consultation",
            action: "会商结论",
            from: &[ConsultationState::Called],
            to: ConsultationState::Concluded,
        },
        Transition {
            number: 32,
            command: "merge_case",
            action: "并案",
            from: &[ConsultationState::Called],
            to: ConsultationState::Concluded,
        },
    ];
}

/// A department to call, with who is on duty for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Id of the call.
    pub call_id: ConsultationCallId,
    /// The department.
    pub organisation_id: OrganisationId,
    /// What it is to bring or do.
    pub duty: String,
    /// Who is on duty, and how it is present.
    pub on_duty: Option<(String, EntryMode)>,
}

/// What comes of a consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Code of the policy pack.
    pub conclusion: String,
    /// The minutes.
    pub minutes: String,
    /// Who is responsible.
    pub responsible_organisation: Option<OrganisationId>,
    /// Until which day.
    pub due_on: Option<NaiveDate>,
}

/// A consultation that was called, its calls, and the fact.
pub type Called = (Consultation, Vec<ConsultationCall>, ConsultationCalled);

impl Consultation {
    /// The centre calls departments together.
    ///
    /// # Errors
    /// A merged case, too few departments for a case of this colour, one named twice, no purpose or duty in words.
    pub fn call(
        id: ConsultationId,
        case: &TriageCase,
        departments: &[Department],
        (urgent, purpose): (bool, &str),
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Called, Refusal> {
        case.check_goes_on()?;
        let rule = &policy.triage().file().consultation;
        let distinct: BTreeSet<_> = departments.iter().map(|one| one.organisation_id).collect();
        if distinct.len() < departments.len() {
            return Err(Refusal::Field(&problems::DEPARTMENT_TWICE, "/departments"));
        }
        let several = u32::try_from(distinct.len()).is_ok_and(|n| n >= rule.min_departments);
        let grave = case.colour >= rule.min_colour;
        if distinct.is_empty() || !(several || grave) {
            return Err(Refusal::Field(
                &problems::CONSULTATION_NOT_NEEDED,
                "/departments",
            ));
        }
        let purpose = text(purpose, "/purpose", policy)?;
        let report_in = policy.due(Self::report_in_clock(urgent), None, now)?.at;
        let meet = policy.due(clocks::MEET, None, now)?.at;
        let call = |one: &Department| -> Result<ConsultationCall, Refusal> {
            let (officer, entry_mode) = one.on_duty.clone().unzip();
            Ok(ConsultationCall {
                id: one.call_id,
                consultation_id: id,
                organisation_id: one.organisation_id,
                duty: text(&one.duty, "/departments", policy)?,
                officer,
                entry_mode,
                report_in_due_at: report_in,
                reported_by: None,
                reported_in_at: None,
            })
        };
        let calls = departments
            .iter()
            .map(call)
            .collect::<Result<Vec<_>, Refusal>>()?;
        let event = ConsultationCalled {
            consultation_id: id,
            case_id: case.case_id,
            region: case.region,
            organisations: departments.iter().map(|one| one.organisation_id).collect(),
            urgent,
            report_in_due_at: report_in,
            meet_due_at: meet,
            called_at: now,
        };
        let consultation = Self {
            id,
            case_id: case.case_id,
            region: case.region,
            state: ConsultationState::Called,
            urgent,
            purpose,
            called_by: by.to_owned(),
            called_at: now,
            meet_due_at: meet,
            conclusion: None,
            minutes: None,
            responsible_organisation: None,
            due_on: None,
            order_id: None,
            concluded_by: None,
            concluded_at: None,
            version: 1,
        };
        Ok((consultation, calls, event))
    }

    /// The clock in which departments report in.
    #[must_use]
    pub fn report_in_clock(urgent: bool) -> &'static str {
        if urgent {
            clocks::REPORT_IN_URGENT
        } else {
            clocks::REPORT_IN
        }
    }

    /// A department reports in.
    ///
    /// # Errors
    /// A consultation that is over, a department that has reported in before.
    pub fn report_in(
        &self,
        call: &ConsultationCall,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConsultationCall, ConsultationReportedIn), Refusal> {
        let state = super::step::<Self>(self.state, "report_in", ConsultationState::Called)?;
        if call.reported_in_at.is_some() {
            return Err(Refusal::Code(&problems::REPORTED_IN_ALREADY));
        }
        let reported = ConsultationCall {
            reported_by: Some(by.to_owned()),
            reported_in_at: Some(now),
            ..call.clone()
        };
        let event = ConsultationReportedIn {
            consultation_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: call.organisation_id,
            on_time: now <= call.report_in_due_at,
            reported_in_at: now,
        };
        let consultation = Self {
            state,
            version: self.version + 1,
            ..self.clone()
        };
        Ok((consultation, reported, event))
    }

    /// The centre writes down what came of it.
    ///
    /// # Errors
    /// A consultation that is over, an unknown conclusion, one without the organisation and the day it needs, no minutes.
    pub fn conclude(
        &self,
        calls: &[ConsultationCall],
        outcome: &Outcome,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, ConsultationConcluded), Refusal> {
        let state = super::step::<Self>(
            self.state,
            "conclude_consultation",
            ConsultationState::Concluded,
        )?;
        let rule = policy
            .triage()
            .file()
            .consultation
            .conclusion(&outcome.conclusion);
        let rule = rule.ok_or(Refusal::Field(&problems::UNKNOWN_CONCLUSION, "/conclusion"))?;
        let named = outcome.responsible_organisation.is_some() && outcome.due_on.is_some();
        if rule.responsible && !named {
            return Err(Refusal::Field(
                &problems::RESPONSIBLE_REQUIRED,
                "/responsible_organisation",
            ));
        }
        let minutes = text(&outcome.minutes, "/minutes", policy)?;
        let responsible = outcome
            .responsible_organisation
            .filter(|_| rule.responsible);
        let event = self.conclusion(&outcome.conclusion, calls, responsible, now);
        let concluded = Self {
            state,
            conclusion: Some(outcome.conclusion.clone()),
            minutes: Some(minutes),
            responsible_organisation: responsible,
            due_on: outcome.due_on.filter(|_| rule.responsible),
            concluded_by: Some(by.to_owned()),
            concluded_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        };
        Ok((concluded, event))
    }

    /// It goes on about the case that its own was merged into (transition 32).
    #[must_use]
    pub fn follow(&self, into: &TriageCase) -> Self {
        Self {
            case_id: into.case_id,
            region: into.region,
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// It ends with its case, which was merged into one about which departments are called together already (transition 32).
    ///
    /// # Errors
    /// A consultation that is over.
    pub fn end_merged(
        &self,
        calls: &[ConsultationCall],
        now: DateTime<Utc>,
    ) -> Result<(Self, ConsultationConcluded), Refusal> {
        let state = super::step::<Self>(self.state, "merge_case", ConsultationState::Concluded)?;
        let ended = Self {
            state,
            conclusion: Some(MERGED.to_owned()),
            concluded_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        };
        Ok((ended, self.conclusion(MERGED, calls, None, now)))
    }

    fn conclusion(
        &self,
        conclusion: &str,
        calls: &[ConsultationCall],
        responsible: Option<OrganisationId>,
        now: DateTime<Utc>,
    ) -> ConsultationConcluded {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let reported = calls.iter().filter(|call| call.reported_in_at.is_some());
        ConsultationConcluded {
            consultation_id: self.id,
            case_id: self.case_id,
            region: self.region,
            conclusion: conclusion.to_owned(),
            organisation_id: responsible,
            called: count(calls.len()),
            reported_in: count(reported.count()),
            concluded_at: now,
        }
    }
}
