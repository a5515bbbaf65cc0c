//! Task forces 一案一专班、一项目一专班 (transition 16; TR-08, TR-09).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::{
        TaskForceDissolved, TaskForceFormed, TaskForcePlanned, TaskForceProgressed, TaskForceUrged,
    },
    ids::{CaseId, OrganisationId, TaskForceId, TaskForceReportId, TypedId as _, UrgeId},
    lifecycle::{StateMachine, Transition},
    problems::triage as problems,
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{Refusal, Study, TriageCase, refusal::text};
use crate::{
    clocks,
    schema::{task_force_reports, task_force_urges, task_forces},
};

/// What is written of one that ended because its case goes on in another one.
const MERGED: &str = "已并案，由主案专班办理";

text_enum! {
    /// State of a task force.
    pub enum TaskForceState {
        /// 已成立: owes its plan.
        Formed => "formed",
        /// 工作中: owes its reports.
        Planned => "planned",
        /// 已解散.
        Dissolved => "dissolved",
    }
}

/// A task force.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = task_forces)]
pub struct TaskForce {
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
    /// Subject of who leads it.
    pub lead: String,
    /// The organisations in it.
    pub organisations: Vec<OrganisationId>,
    /// What they are to do 统一指派.
    pub assignment: String,
    /// Subject of who formed it.
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
    /// Raised by every change.
    pub version: i64,
}

/// A report on the progress.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = task_force_reports)]
pub struct TaskForceReport {
    /// The report.
    pub id: TaskForceReportId,
    /// The task force.
    pub task_force_id: TaskForceId,
    /// What it says.
    pub report: String,
    /// Subject of who reported.
    pub reported_by: String,
    /// When.
    pub reported_at: DateTime<Utc>,
}

/// An urging of a task force that is for a project 催办.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = task_force_urges)]
pub struct TaskForceUrge {
    /// The urging.
    pub id: UrgeId,
    /// The task force.
    pub task_force_id: TaskForceId,
    /// The clock that ran out.
    pub clock: String,
    /// When.
    pub urged_at: DateTime<Utc>,
}

impl StateMachine for TaskForce {
    type State = TaskForceState;
    const NAME: (&'static str, &'static str) = ("Task force", "专班");
    const TRANSITIONS: &'static [Transition<TaskForceState>] = &[
        Transition {
            number: 16,
            command: "form_task_force",
            action: "成立专班",
            from: &[],
            to: TaskForceState::Formed,
        },
        Transition {
            number: 16,
            command: "plan_task_force",
            action: "制定方案",
            from: &[TaskForceState::Formed],
            to: TaskForceState::Planned,
        },
        Transition {
            number: 16,
            command: "report_task_force",
            action: "报告进展",
            from: &[TaskForceState::Planned],
            to: TaskForceState::Planned,
        },
        Transition {
            number: 16,
            command: "dissolve_task_force",
            action: "解散",
            from: &[TaskForceState::Formed, TaskForceState::Planned],
            to: TaskForceState::Dissolved,
        },
        Transition {
            number: 32,
            command: "merge_case",
            action: "并案",
            from: &[TaskForceState::Formed, TaskForceState::Planned],
            to: TaskForceState::Dissolved,
        },
    ];
}

/// What a task force is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// A case, with its studies.
    Case(&'a TriageCase, &'a [Study]),
    /// A project of a region.
    Project(&'a str, RegionCode),
}

/// Who is in it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Why: a code of the policy pack.
    pub basis: String,
    /// Subject of who leads it.
    pub lead: String,
    /// The organisations in it.
    pub organisations: Vec<OrganisationId>,
    /// What they are to do 统一指派.
    pub assignment: String,
}

impl TaskForce {
    /// Forms a task force.
    ///
    /// # Errors
    /// A merged case, one that not every level has studied or for which the highest does not advise it; an unknown reason; an
    /// organisation named twice; no lead or assignment in words.
    pub fn form(
        id: TaskForceId,
        purpose: &Purpose<'_>,
        team: &Team,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, TaskForceFormed), Refusal> {
        if policy
            .triage()
            .file()
            .task_force
            .basis(&team.basis)
            .is_none()
        {
            return Err(Refusal::Field(&problems::UNKNOWN_BASIS, "/basis"));
        }
        let distinct: BTreeSet<_> = team.organisations.iter().collect();
        if distinct.len() < team.organisations.len() {
            let twice = &problems::DEPARTMENT_TWICE;
            return Err(Refusal::Field(twice, "/organisations"));
        }
        if let Purpose::Case(case, _) = purpose {
            case.check_goes_on()?;
        }
        let (case_id, project, region) = match purpose {
            Purpose::Case(_, studies) if !Study::advise(studies, policy) => {
                return Err(Refusal::Code(&problems::STUDIES_MISSING));
            }
            Purpose::Case(case, _) => (Some(case.case_id), None, case.region),
            Purpose::Project(name, region) => {
                (None, Some(text(name, "/project", policy)?), *region)
            }
        };
        let due = policy.due(clocks::TASK_FORCE_PLAN, None, now)?;
        let force = Self {
            id,
            case_id,
            project,
            region,
            state: TaskForceState::Formed,
            basis: team.basis.clone(),
            lead: text(&team.lead, "/lead", policy)?,
            organisations: team.organisations.clone(),
            assignment: text(&team.assignment, "/assignment", policy)?,
            formed_by: by.to_owned(),
            formed_at: now,
            due_at: due.at,
            plan: None,
            planned_at: None,
            result: None,
            settled: None,
            dissolved_at: None,
            version: 1,
        };
        let event = TaskForceFormed {
            task_force_id: id,
            case_id,
            region,
            basis: force.basis.clone(),
            organisations: force.organisations.clone(),
            plan_due_at: due.at,
            formed_at: now,
        };
        Ok((force, event))
    }

    /// Its plan; from now on it reports.
    ///
    /// # Errors
    /// A task force that has a plan or is dissolved, an empty plan.
    pub fn plan(
        &self,
        plan: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, TaskForcePlanned), Refusal> {
        let state = super::step::<Self>(self.state, "plan_task_force", TaskForceState::Planned)?;
        let force = Self {
            state,
            plan: Some(text(plan, "/plan", policy)?),
            planned_at: Some(now),
            due_at: policy.due(clocks::TASK_FORCE_PROGRESS, None, now)?.at,
            version: self.version + 1,
            ..self.clone()
        };
        let event = TaskForcePlanned {
            task_force_id: self.id,
            case_id: self.case_id,
            region: self.region,
            planned_at: now,
        };
        Ok((force, event))
    }

    /// Its progress; the time to the next report starts anew.
    ///
    /// # Errors
    /// A task force without a plan or dissolved, an empty report.
    pub fn report(
        &self,
        id: TaskForceReportId,
        report: &str,
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, TaskForceReport, TaskForceProgressed), Refusal> {
        let state = super::step::<Self>(self.state, "report_task_force", TaskForceState::Planned)?;
        let report = TaskForceReport {
            id,
            task_force_id: self.id,
            report: text(report, "/report", policy)?,
            reported_by: by.to_owned(),
            reported_at: now,
        };
        let force = Self {
            state,
            due_at: policy.due(clocks::TASK_FORCE_PROGRESS, None, now)?.at,
            version: self.version + 1,
            ..self.clone()
        };
        let event = TaskForceProgressed {
            task_force_id: self.id,
            case_id: self.case_id,
            region: self.region,
            next_due_at: force.due_at,
            reported_at: now,
        };
        Ok((force, report, event))
    }

    /// Dissolves it with a result.
    ///
    /// # Errors
    /// A task force that is dissolved, no result in words.
    pub fn dissolve(
        &self,
        result: &str,
        settled: bool,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, TaskForceDissolved), Refusal> {
        let to = TaskForceState::Dissolved;
        let state = super::step::<Self>(self.state, "dissolve_task_force", to)?;
        let result = text(result, "/result", policy)?;
        Ok(self.dissolved(state, (&result, settled), now))
    }

    fn dissolved(
        &self,
        state: TaskForceState,
        (result, settled): (&str, bool),
        now: DateTime<Utc>,
    ) -> (Self, TaskForceDissolved) {
        let force = Self {
            state,
            result: Some(result.to_owned()),
            settled: Some(settled),
            dissolved_at: Some(now),
            version: self.version + 1,
            ..self.clone()
        };
        let event = TaskForceDissolved {
            task_force_id: self.id,
            case_id: self.case_id,
            region: self.region,
            settled,
            dissolved_at: now,
        };
        (force, event)
    }

    /// It goes on for the case that its own was merged into (transition 32).
    #[must_use]
    pub fn follow(&self, into: &TriageCase) -> Self {
        Self {
            case_id: Some(into.case_id),
            region: into.region,
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// It ends with its case, which was merged into one that has a task force (transition 32).
    ///
    /// # Errors
    /// A task force that is dissolved.
    pub fn end_merged(&self, now: DateTime<Utc>) -> Result<(Self, TaskForceDissolved), Refusal> {
        let to = TaskForceState::Dissolved;
        let state = super::step::<Self>(self.state, "merge_case", to)?;
        Ok(self.dissolved(state, (MERGED, false), now))
    }

    /// Its clock ran out: it is urged.
    #[must_use]
    pub fn urge(
        &self,
        id: UrgeId,
        clock: &str,
        now: DateTime<Utc>,
    ) -> (TaskForceUrge, TaskForceUrged) {
        let urge = TaskForceUrge {
            id,
            task_force_id: self.id,
            clock: clock.to_owned(),
            urged_at: now,
        };
        let event = TaskForceUrged {
            urge_id: id,
            task_force_id: self.id,
            region: self.region,
            clock: clock.to_owned(),
            urged_at: now,
        };
        (urge, event)
    }

    /// What its facts and clocks are about: its case; for a project, the task force itself.
    #[must_use]
    pub fn subject(&self) -> CaseId {
        self.case_id.unwrap_or_else(|| CaseId::from(self.id.uuid()))
    }
}
