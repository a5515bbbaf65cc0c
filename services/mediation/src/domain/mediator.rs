//! Mediators as the register holds them (ME-02, ME-03; 人民调解法 13, 14).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::MediatorRegistered,
    ids::{MediatorId, OrganisationId},
    problems::common,
    region::RegionCode,
};
use diesel::prelude::*;
use policy::PolicyPack;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Refusal,
    organisation::{LIST_MAX, Organisation},
};
use crate::schema::mediators;

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
    /// Kind code of the policy pack: full-time or part-time.
    pub class: String,
    /// Subject of the account they log in with.
    pub account_subject: Option<String>,
    /// What qualifies them.
    pub qualifications: Vec<String>,
    /// Version, from 1.
    pub version: i64,
    /// When they were registered.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is told of a mediator to register them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterMediator {
    /// Full name.
    pub name: String,
    /// Kind code of the policy pack: full-time or part-time.
    pub class: String,
    /// Subject of the account they log in with.
    pub account_subject: Option<String>,
    /// What qualifies them.
    #[serde(default)]
    pub qualifications: Vec<String>,
}

impl Mediator {
    /// Registers a mediator of an organisation.
    ///
    /// # Errors
    /// `invalid-body`, `text-required`, `text-too-long`.
    pub fn register(
        request: RegisterMediator,
        organisation: &Organisation,
        policy: &PolicyPack,
        id: MediatorId,
        now: DateTime<Utc>,
    ) -> Result<(Self, MediatorRegistered), Refusal> {
        let RegisterMediator {
            name,
            class,
            account_subject,
            qualifications,
        } = request;
        let name_max = policy.limits().name_max;
        Refusal::check_text(&name, name_max, "/name")?;
        if let Some(subject) = &account_subject {
            Refusal::check_text(subject, name_max, "/account_subject")?;
        }
        if qualifications.len() > LIST_MAX {
            return Err(Refusal::new(&common::INVALID_BODY).at("/qualifications"));
        }
        for (i, qualification) in qualifications.iter().enumerate() {
            Refusal::check_text(qualification, name_max, &format!("/qualifications/{i}"))?;
        }
        let rules = policy.mediation();
        if rules.mediator_kind(&class).is_none() {
            let kinds = rules.mediator_kinds.iter().map(|kind| kind.code.as_str());
            return Err(Refusal::unknown_code("/class", kinds));
        }
        let Organisation {
            id: organisation_id,
            region,
            ..
        } = *organisation;
        let event = MediatorRegistered {
            mediator_id: id,
            organisation_id,
            region,
        };
        let mediator = Self {
            id,
            organisation_id,
            region,
            name,
            class,
            account_subject,
            qualifications,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Ok((mediator, event))
    }
}
