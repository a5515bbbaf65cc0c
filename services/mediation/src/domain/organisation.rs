//! Mediation organisations as the register holds them (ME-01, ME-02; 人民调解法 8, 9).

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::{
    events::mediation::{OrganisationChanged, OrganisationRegistered},
    ids::OrganisationId,
    problems::{common, mediation as codes},
    region::RegionCode,
    text_enum,
};
use diesel::prelude::*;
use policy::{
    PolicyPack,
    clock::due::beijing_date,
    sections::mediation::{CommitteeRule, OrganisationKind},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refusal;
use crate::{json::Json, schema::organisations};

text_enum! {
    /// Sex of a member, for the rule that a committee has a woman (人民调解法 8).
    pub enum Sex {
        /// 女.
        Female => "female",
        /// 男.
        Male => "male",
    }
}

/// A member of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Full name.
    pub name: String,
    /// Sex.
    pub sex: Sex,
}

/// A mediation organisation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = organisations)]
pub struct Organisation {
    /// The organisation.
    pub id: OrganisationId,
    /// Its region.
    pub region: RegionCode,
    /// Kind code of the policy pack.
    pub kind: String,
    /// Public name, unique in its region.
    pub name: String,
    /// Route codes it handles.
    pub routes: Vec<String>,
    /// Name of its director; empty while there is none.
    pub director: String,
    /// Its members.
    pub members: Json<Vec<Member>>,
    /// Last day of the members' term, where the kind has one.
    pub term_ends_on: Option<NaiveDate>,
    /// Whether it charges; people's mediation never does (人民调解法 4).
    pub charges_fee: bool,
    /// What it charges, for everybody to read (商事调解条例 16).
    pub tariff: Option<String>,
    /// Version, from 1.
    pub version: i64,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What is told of an organisation to register it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterOrganisation {
    /// Its region, under the node.
    pub region: RegionCode,
    /// Kind code of the policy pack.
    pub kind: String,
    /// Public name, unique in its region.
    pub name: String,
    /// Route codes it will handle: of those its kind serves.
    pub routes: Vec<String>,
    /// Name of its director; where the kind is a committee, one of the members.
    pub director: String,
    /// Its members; a people's mediation committee has three to nine, a woman among them.
    #[serde(default)]
    pub members: Vec<Member>,
    /// Whether it charges; only kinds that may.
    #[serde(default)]
    pub charges_fee: bool,
    /// What it charges; needed when it does (商事调解条例 16).
    pub tariff: Option<String>,
}

/// What changes of an organisation; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisation {
    /// Public name.
    pub name: Option<String>,
    /// Route codes it will handle.
    pub routes: Option<Vec<String>>,
    /// Name of its director.
    pub director: Option<String>,
    /// Its members.
    pub members: Option<Vec<Member>>,
    /// Whether it charges.
    pub charges_fee: Option<bool>,
    /// What it charges.
    pub tariff: Option<String>,
    /// Whether the members were elected anew, so that a term begins today (人民调解法 9).
    #[serde(default)]
    pub new_term: bool,
}

fn invalid(pointer: impl Into<String>, zh: &str, en: &str) -> Refusal {
    Refusal::new(&codes::ORGANISATION_INVALID)
        .at(pointer)
        .detail(zh, en)
}

impl Organisation {
    /// Registers an organisation.
    ///
    /// # Errors
    /// `invalid-region`, `invalid-body`, `text-required`, `text-too-long`, `organisation-invalid`, `fee-not-allowed`.
    pub fn register(
        request: RegisterOrganisation,
        policy: &PolicyPack,
        id: OrganisationId,
        now: DateTime<Utc>,
    ) -> Result<(Self, OrganisationRegistered), Refusal> {
        let RegisterOrganisation {
            region,
            kind,
            name,
            routes,
            director,
            members,
            charges_fee,
            tariff,
        } = request;
        if !region.known() {
            return Err(Refusal::new(&common::INVALID_REGION).at("/region"));
        }
        let mut organisation = Self {
            id,
            region,
            kind,
            name,
            routes,
            director,
            members: Json(members),
            term_ends_on: None,
            charges_fee,
            tariff,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        organisation.check_staff(policy)?;
        organisation.term_ends_on = organisation.check(policy, now)?;
        let event = OrganisationRegistered {
            organisation_id: id,
            region,
            kind: organisation.kind.clone(),
            name: organisation.name.clone(),
            routes: organisation.routes.clone(),
        };
        Ok((organisation, event))
    }

    /// Changes its entry (人民调解法 10). New members, a new director or a new term must meet the rules of its kind; other
    /// changes may be made while somebody is missing.
    ///
    /// # Errors
    /// As [`Organisation::register`].
    pub fn change(
        mut self,
        request: ChangeOrganisation,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, OrganisationChanged), Refusal> {
        let ChangeOrganisation {
            name,
            routes,
            director,
            members,
            charges_fee,
            tariff,
            new_term,
        } = request;
        let staff_changes = director.is_some() || members.is_some() || new_term;
        self.name = name.unwrap_or(self.name);
        self.routes = routes.unwrap_or(self.routes);
        self.director = director.unwrap_or(self.director);
        self.members = members.map_or(self.members, Json);
        self.charges_fee = charges_fee.unwrap_or(self.charges_fee);
        self.tariff = tariff.or(self.tariff).filter(|_| self.charges_fee);
        if staff_changes {
            self.check_staff(policy)?;
        }
        let term_from_today = self.check(policy, now)?;
        if new_term {
            self.term_ends_on = term_from_today;
        }
        Ok(self.changed(now))
    }

    /// A member left 离任: the entry says so at once, whoever is missing then ([`super::staffing`]).
    ///
    /// # Errors
    /// `organisation-invalid` when nobody of this name and sex is a member.
    pub fn depart(
        mut self,
        member: &Member,
        now: DateTime<Utc>,
    ) -> Result<(Self, OrganisationChanged), Refusal> {
        let Some(place) = self.members.iter().position(|known| known == member) else {
            return Err(invalid("/name", "不是现任成员", "This is not a member"));
        };
        self.members.0.remove(place);
        if self.director == member.name {
            self.director = String::new();
        }
        Ok(self.changed(now))
    }

    fn changed(mut self, now: DateTime<Utc>) -> (Self, OrganisationChanged) {
        self.version += 1;
        self.updated_at = now;
        let event = OrganisationChanged {
            organisation_id: self.id,
            region: self.region,
            kind: self.kind.clone(),
            name: self.name.clone(),
            routes: self.routes.clone(),
        };
        (self, event)
    }

    /// Checks director and members (人民调解法 8).
    fn check_staff(&self, policy: &PolicyPack) -> Result<(), Refusal> {
        let (name_max, list_max) = (policy.limits().name_max, policy.limits().list_max);
        Refusal::check_text(&self.director, name_max, "/director")?;
        for (i, member) in self.members.iter().enumerate() {
            Refusal::check_text(&member.name, name_max, &format!("/members/{i}/name"))?;
        }
        if self.members.len() > list_max {
            return Err(invalid(
                "/members",
                "成员过多",
                "There are too many members",
            ));
        }
        let kind = policy.mediation().organisation_kind(&self.kind);
        match kind.and_then(|kind| kind.committee.as_ref()) {
            Some(rule) => check_committee(rule, &self.director, &self.members),
            None => Ok(()),
        }
    }

    /// Checks the rest of the entry; gives the last day of a term that begins today, where the kind has terms.
    fn check(&self, policy: &PolicyPack, now: DateTime<Utc>) -> Result<Option<NaiveDate>, Refusal> {
        let (rules, limits) = (policy.mediation(), policy.limits());
        Refusal::check_text(&self.name, limits.name_max, "/name")?;
        let kind = rules.organisation_kind(&self.kind).ok_or_else(|| {
            let kinds = rules
                .organisation_kinds
                .iter()
                .map(|kind| kind.code.as_str());
            Refusal::unknown_code("/kind", kinds)
        })?;
        check_routes(&self.routes, kind)?;
        if self.charges_fee && !kind.charges_fee {
            return Err(Refusal::new(&codes::FEE_NOT_ALLOWED).at("/charges_fee"));
        }
        if self.charges_fee || self.tariff.is_some() {
            let tariff = self.tariff.as_deref().unwrap_or_default();
            Refusal::check_text(tariff, limits.clause_max, "/tariff")?;
        }
        let years = kind.committee.as_ref().and_then(|rule| rule.term_years);
        Ok(years.map(|years| years_after(beijing_date(now), years)))
    }
}

fn years_after(date: NaiveDate, years: u32) -> NaiveDate {
    let year = date.year().saturating_add_unsigned(years);
    // 29 February has no like in most years.
    date.with_year(year)
        .or_else(|| date.pred_opt()?.with_year(year))
        .unwrap_or(NaiveDate::MAX)
}

fn check_routes(routes: &[String], kind: &OrganisationKind) -> Result<(), Refusal> {
    if routes.is_empty() {
        return Err(invalid(
            "/routes",
            "至少须有一种化解途径",
            "At least one route is needed",
        ));
    }
    let foreign = routes.iter().enumerate().position(|(i, route)| {
        !kind.routes.contains(route) || routes.iter().take(i).any(|earlier| earlier == route)
    });
    match foreign {
        None => Ok(()),
        Some(i) => Err(invalid(
            format!("/routes/{i}"),
            "该类组织不办理此途径,或重复",
            "This kind of organisation does not serve this route, or it is repeated",
        )),
    }
}

fn check_committee(
    rule: &CommitteeRule,
    director: &str,
    members: &[Member],
) -> Result<(), Refusal> {
    let (min, max) = (rule.members_min, rule.members_max);
    if !(min..=max).contains(&members.len()) {
        return Err(invalid(
            "/members",
            &format!("须有 {min} 至 {max} 名成员"),
            &format!("There must be {min} to {max} members"),
        ));
    }
    if rule.woman_required && !members.iter().any(|member| member.sex == Sex::Female) {
        return Err(invalid(
            "/members",
            "应当有妇女成员",
            "There must be a woman among the members",
        ));
    }
    let directors = members
        .iter()
        .filter(|member| member.name == director)
        .count();
    if directors != 1 {
        return Err(invalid(
            "/director",
            "主任须为成员之一",
            "The director must be one of the members",
        ));
    }
    Ok(())
}
