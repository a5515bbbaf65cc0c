//! Mediators as the register holds them (ME-02, ME-03, ME-04; 人民调解法 13-15).

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::mediation::{MediatorChanged, MediatorRegistered, MediatorStanding},
    ids::{CaseId, MediatorId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    problems::common,
    region::RegionCode,
};
use diesel::prelude::*;
use policy::{PolicyPack, clock::due::beijing_date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Refusal, organisation::Organisation, step};
use crate::{
    json::Json,
    schema::{mediator_conflicts, mediators},
};

/// A training a mediator took part in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// What it was about.
    pub name: String,
    /// Length in hours of lessons.
    pub hours: u32,
    /// Its last day, not in the future.
    pub completed_on: NaiveDate,
}

/// A mediator.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = mediators)]
pub struct Mediator {
    /// The mediator.
    pub id: MediatorId,
    /// The organisation they mediate for.
    pub organisation_id: OrganisationId,
    /// Region of the organisation.
    pub region: RegionCode,
    /// Full name.
    pub name: String,
    /// Kind code of the policy pack: full-time, part-time, expert pool.
    pub class: String,
    /// Subject of the account they log in with.
    pub account_subject: Option<String>,
    /// What qualifies them.
    pub qualifications: Vec<String>,
    /// Whether they may be given cases.
    pub standing: MediatorStanding,
    /// Why they were suspended or retired.
    pub standing_reason: Option<String>,
    /// Level code of the policy pack.
    pub level: Option<String>,
    /// Background code of the policy pack.
    pub background: Option<String>,
    /// Dispute type codes they know best.
    pub specialties: Vec<String>,
    /// Trainings they took part in.
    pub trainings: Json<Vec<Training>>,
    /// Version, from 1.
    pub version: i64,
    /// When they were registered.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// An interest of a mediator in a case, as the register holds it: they mediate it only when every party accepts
/// (人民法院在线调解规则 13).
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = mediator_conflicts)]
pub struct Conflict {
    /// The mediator.
    pub mediator_id: MediatorId,
    /// The case.
    pub case_id: CaseId,
    /// The relation or interest.
    pub interest: String,
    /// When it was noted.
    pub created_at: DateTime<Utc>,
}

/// What is told of a mediator to register them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterMediator {
    /// Full name.
    pub name: String,
    /// Kind code of the policy pack: full-time, part-time, expert pool.
    pub class: String,
    /// Subject of the account they log in with.
    pub account_subject: Option<String>,
    /// What qualifies them.
    #[serde(default)]
    pub qualifications: Vec<String>,
    /// Level code of the policy pack.
    pub level: Option<String>,
    /// Background code of the policy pack.
    pub background: Option<String>,
    /// Dispute type codes they know best.
    #[serde(default)]
    pub specialties: Vec<String>,
    /// Trainings they took part in.
    #[serde(default)]
    pub trainings: Vec<Training>,
}

/// What changes of a mediator; what is left out stays, a list that is given takes the old one's place.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMediator {
    /// Full name.
    pub name: Option<String>,
    /// Kind code of the policy pack.
    pub class: Option<String>,
    /// Subject of the account they log in with.
    pub account_subject: Option<String>,
    /// What qualifies them.
    pub qualifications: Option<Vec<String>>,
    /// Level code of the policy pack.
    pub level: Option<String>,
    /// Background code of the policy pack.
    pub background: Option<String>,
    /// Dispute type codes they know best.
    pub specialties: Option<Vec<String>>,
    /// Trainings they took part in.
    pub trainings: Option<Vec<Training>>,
}

impl StateMachine for Mediator {
    type State = MediatorStanding;

    const NAME: (&'static str, &'static str) = ("mediator", "调解员");

    const TRANSITIONS: &'static [Transition<MediatorStanding>] = {
        use MediatorStanding::{Active, Retired, Suspended};
        &[
            Transition {
                number: 0,
                command: "register_mediator",
                action: "登记",
                from: &[],
                to: Active,
            },
            Transition {
                number: 0,
                command: "set_mediator_standing",
                action: "暂停",
                from: &[Active],
                to: Suspended,
            },
            Transition {
                number: 0,
                command: "set_mediator_standing",
                action: "恢复",
                from: &[Suspended],
                to: Active,
            },
            Transition {
                number: 0,
                command: "set_mediator_standing",
                action: "离任",
                from: &[Active, Suspended],
                to: Retired,
            },
        ]
    };
}

impl Mediator {
    /// Registers a mediator of an organisation.
    ///
    /// # Errors
    /// `invalid-body`, `invalid-date`, `text-required`, `text-too-long`.
    pub fn register(
        request: RegisterMediator,
        organisation: &Organisation,
        policy: &PolicyPack,
        id: MediatorId,
        now: DateTime<Utc>,
    ) -> Result<(Self, MediatorRegistered), Refusal> {
        let standing = step::<Self>(None, "register_mediator", MediatorStanding::Active)?;
        let Organisation {
            id: organisation_id,
            region,
            ..
        } = *organisation;
        let mediator = Self {
            id,
            organisation_id,
            region,
            name: request.name,
            class: request.class,
            account_subject: request.account_subject,
            qualifications: request.qualifications,
            standing,
            standing_reason: None,
            level: request.level,
            background: request.background,
            specialties: request.specialties,
            trainings: Json(request.trainings),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        mediator.check(policy, now)?;
        let event = MediatorRegistered {
            mediator_id: id,
            organisation_id,
            region,
        };
        Ok((mediator, event))
    }

    /// Changes their entry (人民调解法 10).
    ///
    /// # Errors
    /// As [`Mediator::register`].
    pub fn change(
        mut self,
        request: ChangeMediator,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, MediatorChanged), Refusal> {
        self.name = request.name.unwrap_or(self.name);
        self.class = request.class.unwrap_or(self.class);
        self.account_subject = request.account_subject.or(self.account_subject);
        self.qualifications = request.qualifications.unwrap_or(self.qualifications);
        self.level = request.level.or(self.level);
        self.background = request.background.or(self.background);
        self.specialties = request.specialties.unwrap_or(self.specialties);
        self.trainings = request.trainings.map_or(self.trainings, Json);
        self.check(policy, now)?;
        Ok(self.changed(now))
    }

    /// Suspends, reinstates or retires them (人民调解法 15). What they mediate already is theirs until somebody else takes
    /// it over.
    ///
    /// # Errors
    /// `transition-not-allowed`, `text-required`, `text-too-long`.
    pub fn stand(
        mut self,
        standing: MediatorStanding,
        reason: String,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, MediatorChanged), Refusal> {
        self.standing = step::<Self>(Some(self.standing), "set_mediator_standing", standing)?;
        Refusal::check_text(&reason, policy.limits().note_max, "/reason")?;
        self.standing_reason = Some(reason).filter(|_| standing != MediatorStanding::Active);
        Ok(self.changed(now))
    }

    /// Notes an interest of theirs in a case.
    ///
    /// # Errors
    /// `text-required`, `text-too-long`.
    pub fn conflict(
        &self,
        case_id: CaseId,
        interest: String,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Conflict, Refusal> {
        Refusal::check_text(&interest, policy.limits().note_max, "/interest")?;
        Ok(Conflict {
            mediator_id: self.id,
            case_id,
            interest,
            created_at: now,
        })
    }

    fn check(&self, policy: &PolicyPack, now: DateTime<Utc>) -> Result<(), Refusal> {
        let (rules, limits) = (policy.mediation(), policy.limits());
        let name_max = limits.name_max;
        Refusal::check_text(&self.name, name_max, "/name")?;
        if let Some(subject) = &self.account_subject {
            Refusal::check_text(subject, name_max, "/account_subject")?;
        }
        for (length, pointer) in [
            (self.qualifications.len(), "/qualifications"),
            (self.specialties.len(), "/specialties"),
            (self.trainings.len(), "/trainings"),
        ] {
            if length > limits.list_max {
                return Err(Refusal::new(&common::INVALID_BODY).at(pointer));
            }
        }
        for (i, qualification) in self.qualifications.iter().enumerate() {
            Refusal::check_text(qualification, name_max, &format!("/qualifications/{i}"))?;
        }
        Refusal::check_code(&self.class, &rules.mediator_kinds, "/class")?;
        if let Some(level) = &self.level {
            Refusal::check_code(level, &rules.mediator_levels, "/level")?;
        }
        if let Some(background) = &self.background {
            Refusal::check_code(background, &rules.mediator_backgrounds, "/background")?;
        }
        let known = |code: &String| policy.dispute_types().get(code).is_some();
        if let Some(i) = self.specialties.iter().position(|code| !known(code)) {
            return Err(Refusal::new(&common::INVALID_BODY).at(format!("/specialties/{i}")));
        }
        for (i, training) in self.trainings.iter().enumerate() {
            let at = |field: &str| format!("/trainings/{i}/{field}");
            Refusal::check_text(&training.name, name_max, &at("name"))?;
            if training.completed_on > beijing_date(now) {
                return Err(Refusal::new(&common::INVALID_DATE).at(at("completed_on")));
            }
        }
        Ok(())
    }

    fn changed(mut self, now: DateTime<Utc>) -> (Self, MediatorChanged) {
        self.version += 1;
        self.updated_at = now;
        let event = MediatorChanged {
            mediator_id: self.id,
            organisation_id: self.organisation_id,
            region: self.region,
            standing: self.standing,
        };
        (self, event)
    }
}
