//! Facts of what several departments do together: consultations, studies, task forces.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Service,
    events::events,
    ids::{CaseId, ConsultationId, OrganisationId, StudyId, TaskForceId, UrgeId},
    region::RegionCode,
    text_enum,
};

text_enum! {
    /// How a department is present at the centre (TR-16).
    pub enum EntryMode {
        /// 常驻.
        Resident => "resident",
        /// 轮驻.
        Rotating => "rotating",
        /// 随叫随驻.
        OnCall => "on_call",
        /// 云驻.
        Cloud => "cloud",
    }
}

/// Departments were called together on a case 吹哨 (transition 15; TR-06).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationCalled {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who is called.
    pub organisations: Vec<OrganisationId>,
    /// Whether the short time to report in runs.
    pub urgent: bool,
    /// When they have to have reported in.
    pub report_in_due_at: DateTime<Utc>,
    /// When they have to have met.
    pub meet_due_at: DateTime<Utc>,
    /// When.
    pub called_at: DateTime<Utc>,
}

/// A department reported in 报到 (transition 15).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationReportedIn {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Who reported in.
    pub organisation_id: OrganisationId,
    /// Whether in time.
    pub on_time: bool,
    /// When.
    pub reported_in_at: DateTime<Utc>,
}

/// A consultation came to a conclusion 会商结论 (transition 15; TR-07). The minutes stay with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ConsultationConcluded {
    /// The consultation.
    pub consultation_id: ConsultationId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Code of the policy pack.
    pub conclusion: String,
    /// Who is responsible, when somebody is.
    pub organisation_id: Option<OrganisationId>,
    /// How many were called.
    pub called: u32,
    /// How many of them had reported in.
    pub reported_in: u32,
    /// When.
    pub concluded_at: DateTime<Utc>,
}

/// A case was studied at a level 研判 (TR-08). The opinion stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CaseStudied {
    /// The study.
    pub study_id: StudyId,
    /// The case.
    pub case_id: CaseId,
    /// Where it happened.
    pub region: RegionCode,
    /// Level: a code of the policy pack.
    pub level: String,
    /// Whether it advises a task force.
    pub advises_task_force: bool,
    /// When.
    pub studied_at: DateTime<Utc>,
}

/// A task force was formed 一案一专班、一项目一专班 (transition 16; TR-08, TR-09).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskForceFormed {
    /// The task force.
    pub task_force_id: TaskForceId,
    /// The case; none when it is for a project.
    pub case_id: Option<CaseId>,
    /// Where.
    pub region: RegionCode,
    /// Why: a code of the policy pack.
    pub basis: String,
    /// The organisations in it.
    pub organisations: Vec<OrganisationId>,
    /// When its plan is due.
    pub plan_due_at: DateTime<Utc>,
    /// When.
    pub formed_at: DateTime<Utc>,
}

/// A task force has a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskForcePlanned {
    /// The task force.
    pub task_force_id: TaskForceId,
    /// The case; none when it is for a project.
    pub case_id: Option<CaseId>,
    /// Where.
    pub region: RegionCode,
    /// When.
    pub planned_at: DateTime<Utc>,
}

/// A task force reported its progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskForceProgressed {
    /// The task force.
    pub task_force_id: TaskForceId,
    /// The case; none when it is for a project.
    pub case_id: Option<CaseId>,
    /// Where.
    pub region: RegionCode,
    /// When the next report is due.
    pub next_due_at: DateTime<Utc>,
    /// When.
    pub reported_at: DateTime<Utc>,
}

/// A task force that is for a project did not give its plan or report in time 催办. Of one for a case `dispatch.urged` tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskForceUrged {
    /// The urging.
    pub urge_id: UrgeId,
    /// The task force.
    pub task_force_id: TaskForceId,
    /// Where.
    pub region: RegionCode,
    /// The clock that ran out.
    pub clock: String,
    /// When.
    pub urged_at: DateTime<Utc>,
}

/// A task force was dissolved with a result. The result in words stays with triage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskForceDissolved {
    /// The task force.
    pub task_force_id: TaskForceId,
    /// The case; none when it is for a project.
    pub case_id: Option<CaseId>,
    /// Where.
    pub region: RegionCode,
    /// Whether the matter is settled.
    pub settled: bool,
    /// When.
    pub dissolved_at: DateTime<Utc>,
}

events! { Some(Service::Triage);
    ConsultationCalled => "consultation"."called",
    ConsultationReportedIn => "consultation"."reported_in",
    ConsultationConcluded => "consultation"."concluded",
    CaseStudied => "case"."studied",
    TaskForceFormed => "taskforce"."formed",
    TaskForcePlanned => "taskforce"."planned",
    TaskForceProgressed => "taskforce"."progressed",
    TaskForceUrged => "taskforce"."urged",
    TaskForceDissolved => "taskforce"."dissolved",
}
