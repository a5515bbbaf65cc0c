//! Three-level study 三级研判: the levels study a case one after another (transition 16; TR-08).

use chrono::{DateTime, Utc};
use contracts::{
    events::triage::CaseStudied,
    ids::{CaseId, StudyId},
    problems::triage as problems,
};
use diesel::{Insertable, Queryable, Selectable};
use policy::PolicyPack;

use super::{Refusal, TriageCase, refusal::text};
use crate::schema::studies;

/// A study.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = studies)]
pub struct Study {
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
    /// Subject of who wrote it down.
    pub studied_by: String,
    /// When.
    pub studied_at: DateTime<Utc>,
}

/// What a level finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Level: a code of the policy pack.
    pub level: String,
    /// The opinion.
    pub opinion: String,
    /// Whether it advises a task force.
    pub advises_task_force: bool,
}

impl Study {
    /// A level studies the case.
    ///
    /// # Errors
    /// A merged case, an unknown level, one whose lower level has not studied the case, no opinion.
    pub fn hold(
        id: StudyId,
        case: &TriageCase,
        finding: &Finding,
        earlier: &[Self],
        by: &str,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, CaseStudied), Refusal> {
        case.check_goes_on()?;
        let rule = &policy.triage().file().task_force;
        let place = rule.level(&finding.level);
        let place = place.ok_or(Refusal::Field(&problems::UNKNOWN_STUDY_LEVEL, "/level"))?;
        let below = rule.study_levels.iter().take(place).next_back();
        if below.is_some_and(|below| earlier.iter().all(|study| study.level != below.code)) {
            return Err(Refusal::Code(&problems::LOWER_STUDY_MISSING));
        }
        let study = Self {
            id,
            case_id: case.case_id,
            level: finding.level.clone(),
            opinion: text(&finding.opinion, "/opinion", policy)?,
            advises_task_force: finding.advises_task_force,
            studied_by: by.to_owned(),
            studied_at: now,
        };
        let event = CaseStudied {
            study_id: id,
            case_id: case.case_id,
            region: case.region,
            level: study.level.clone(),
            advises_task_force: study.advises_task_force,
            studied_at: now,
        };
        Ok((study, event))
    }

    /// Whether the highest level advises a task force with its latest study.
    #[must_use]
    pub fn advise(studies: &[Self], policy: &PolicyPack) -> bool {
        let highest = policy.triage().file().task_force.study_levels.last();
        let latest = studies
            .iter()
            .filter(|study| highest.is_some_and(|level| level.code == study.level))
            .max_by_key(|study| (study.studied_at, study.id));
        latest.is_some_and(|study| study.advises_task_force)
    }
}
