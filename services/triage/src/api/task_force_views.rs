//! What the operations on studies and task forces answer with.

use chrono::{DateTime, Utc};
use contracts::{
    ids::{CaseId, OrganisationId, StudyId, TaskForceId, TaskForceReportId},
    region::RegionCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Study, TaskForce, TaskForceReport, TaskForceState, TaskForceUrge};

/// A study 研判.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudyView {
    /// The study.
    pub id: StudyId,
    /// The case.
    pub case_id: CaseId,
    /// Level: a code of the policy pack.
    pub level: String,
    /// The opinion.
    pub opinion: String,
    /// Whether it advises a task force.
    pub advises_task_force: bool,
    /// Who wrote it down.
    pub studied_by: String,
    /// When.
    pub studied_at: DateTime<Utc>,
}

/// A task force 专班.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskForceView {
    /// The task force.
    pub id: TaskForceId,
    /// Its case, or …
    pub case_id: Option<CaseId>,
    /// … its project.
    pub project: Option<String>,
    /// Where.
    pub region: RegionCode,
    /// Its state.
    pub state: TaskForceState,
    /// Why: a code of the policy pack.
    pub basis: String,
    /// Who leads it.
    pub lead: String,
    /// The organisations in it.
    pub organisations: Vec<OrganisationId>,
    /// What they are to do 统一指派.
    pub assignment: String,
    /// Who formed it.
    pub formed_by: String,
    /// When.
    pub formed_at: DateTime<Utc>,
    /// When its plan, and after that its next report is due.
    pub due_at: DateTime<Utc>,
    /// The plan.
    pub plan: Option<String>,
    /// When it was made.
    pub planned_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: Option<String>,
    /// Whether the matter is settled.
    pub settled: Option<bool>,
    /// When it was dissolved.
    pub dissolved_at: Option<DateTime<Utc>>,
    /// As in the `ETag`.
    pub version: i64,
    /// Its reports, the oldest first; none in lists.
    pub reports: Vec<TaskForceReportView>,
    /// How often it was urged 催办, the earliest first, when it is for a project; those of a case stand with the case. None in lists.
    pub urges: Vec<TaskForceUrgeView>,
}

/// An urging: a plan or report was not given in time.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskForceUrgeView {
    /// The clock that ran out.
    pub clock: String,
    /// When.
    pub urged_at: DateTime<Utc>,
}

/// A report on the progress.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskForceReportView {
    /// The report.
    pub id: TaskForceReportId,
    /// What it says.
    pub report: String,
    /// Who reported.
    pub reported_by: String,
    /// When.
    pub reported_at: DateTime<Utc>,
}

impl From<Study> for StudyView {
    fn from(study: Study) -> Self {
        Self {
            id: study.id,
            case_id: study.case_id,
            level: study.level,
            opinion: study.opinion,
            advises_task_force: study.advises_task_force,
            studied_by: study.studied_by,
            studied_at: study.studied_at,
        }
    }
}

impl TaskForceView {
    /// The view of a task force.
    pub fn of(force: TaskForce, reports: Vec<TaskForceReport>) -> Self {
        Self {
            id: force.id,
            case_id: force.case_id,
            project: force.project,
            region: force.region,
            state: force.state,
            basis: force.basis,
            lead: force.lead,
            organisations: force.organisations,
            assignment: force.assignment,
            formed_by: force.formed_by,
            formed_at: force.formed_at,
            due_at: force.due_at,
            plan: force.plan,
            planned_at: force.planned_at,
            result: force.result,
            settled: force.settled,
            dissolved_at: force.dissolved_at,
            version: force.version,
            reports: reports.into_iter().map(Into::into).collect(),
            urges: Vec::new(),
        }
    }
}

impl From<TaskForceUrge> for TaskForceUrgeView {
    fn from(urge: TaskForceUrge) -> Self {
        Self {
            clock: urge.clock,
            urged_at: urge.urged_at,
        }
    }
}

impl From<TaskForceReport> for TaskForceReportView {
    fn from(report: TaskForceReport) -> Self {
        Self {
            id: report.id,
            report: report.report,
            reported_by: report.reported_by,
            reported_at: report.reported_at,
        }
    }
}
