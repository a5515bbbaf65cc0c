//! Who acts in the test: people with tokens. A file holds one token a line, bare or as `export CLERK=…`; what a person may do,
//! for which organisation and until when is read from the token itself.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use contracts::roles::Role;
use serde::Deserialize;

/// Roles without which nothing can be played.
const NEEDED: [Role; 6] = [
    Role::Applicant,
    Role::WindowClerk,
    Role::TriageOfficer,
    Role::OrganisationOfficer,
    Role::Mediator,
    Role::Leader,
];

/// What a token says of its bearer.
#[derive(Debug, Clone, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    region: String,
    #[serde(default)]
    roles: Vec<String>,
    organisation: Option<String>,
}

/// Someone with a token.
#[derive(Debug, Clone)]
pub struct Person {
    /// The token.
    pub token: String,
    claims: Claims,
}

/// An organisation with those who work for it.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// Its id.
    pub organisation: String,
    /// Mediators who may be appointed, by id; filled in once the node was asked.
    pub mediator_ids: Vec<String>,
    /// Where the matters happen that it may take; filled in once the node was asked.
    pub regions: Vec<String>,
    officers: Vec<String>,
    mediators: Vec<String>,
    turn: usize,
}

/// Everybody, by role.
#[derive(Debug, Default)]
pub struct People {
    /// Who signed the tokens.
    pub issuer: String,
    /// The region they work in.
    pub region: String,
    /// Organisations with an officer and a mediator.
    pub desks: Vec<Desk>,
    by_role: BTreeMap<Role, Vec<Person>>,
    turn: AtomicUsize,
}

impl People {
    /// Reads the tokens in a file; they must be good `until` the end of the test.
    ///
    /// # Errors
    /// It cannot be read, a token ends before `until`, a needed role has nobody, or several issuers signed.
    pub fn read(file: &Path, until: DateTime<Utc>) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| {
            format!(
                "no tokens in {}: `fengqiao up` writes them to tokens.env in its data, or name a file with --tokens",
                file.display()
            )
        })?;
        Self::parse(&text, until).with_context(|| format!("the tokens in {}", file.display()))
    }

    fn parse(text: &str, until: DateTime<Utc>) -> Result<Self> {
        let mut people = Self::default();
        for person in text.lines().filter_map(person) {
            let claims = &person.claims;
            ensure!(
                claims.exp > until.timestamp(),
                "the token of {} ends before the test does",
                claims.sub
            );
            ensure!(
                people.issuer.is_empty() || people.issuer == claims.iss,
                "they are of two issuers, {} and {}",
                people.issuer,
                claims.iss
            );
            people.issuer.clone_from(&claims.iss);
            people.region.clone_from(&claims.region);
            for role in claims.roles.iter().filter_map(|role| role.parse().ok()) {
                people.by_role.entry(role).or_default().push(person.clone());
            }
        }
        for role in NEEDED {
            ensure!(
                people.by_role.contains_key(&role),
                "nobody is {role}; needed are {}",
                NEEDED.map(Role::as_str).join(", ")
            );
        }
        people.desks = people.make_desks();
        ensure!(
            !people.desks.is_empty(),
            "no organisation has both an organisation_officer and a mediator"
        );
        Ok(people)
    }

    fn make_desks(&self) -> Vec<Desk> {
        let mut desks: BTreeMap<String, Desk> = BTreeMap::new();
        let of = |role| self.by_role.get(&role).into_iter().flatten();
        let staff = of(Role::OrganisationOfficer)
            .map(|p| (p, true))
            .chain(of(Role::Mediator).map(|p| (p, false)));
        for (person, officer) in staff {
            let Some(organisation) = &person.claims.organisation else {
                continue;
            };
            let desk = desks.entry(organisation.clone()).or_default();
            desk.organisation.clone_from(organisation);
            let list = match officer {
                true => &mut desk.officers,
                false => &mut desk.mediators,
            };
            list.push(person.token.clone());
        }
        desks
            .into_values()
            .filter(|desk| !desk.officers.is_empty() && !desk.mediators.is_empty())
            .collect()
    }

    /// The token of the next person with a role; they take turns, so that nobody alone meets the limit for one caller.
    ///
    /// # Errors
    /// Nobody has it.
    pub fn next(&self, role: Role) -> Result<&str> {
        let all = self.by_role.get(&role).map(Vec::as_slice);
        let all = all.unwrap_or_default();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let found = turn.checked_rem(all.len()).and_then(|at| all.get(at));
        match found {
            Some(person) => Ok(&person.token),
            None => bail!("nobody is {role}"),
        }
    }

    /// The next organisation, with the officer and the mediator whose turn it is there.
    ///
    /// # Errors
    /// There is none.
    pub fn next_desk(&self) -> Result<Desk> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let at = turn.checked_rem(self.desks.len()).context("no desks")?;
        let mut desk = self.desks.get(at).context("no desk")?.clone();
        desk.turn = turn / self.desks.len();
        Ok(desk)
    }

    /// How many different people there are.
    pub fn count(&self) -> usize {
        let all = self.by_role.values().flatten();
        let subjects: std::collections::BTreeSet<&str> =
            all.map(|person| person.claims.sub.as_str()).collect();
        subjects.len()
    }
}

impl Desk {
    /// The token of its officer.
    pub fn officer(&self) -> &str {
        pick(&self.officers, self.turn)
    }

    /// The token of its mediator.
    pub fn mediator(&self) -> &str {
        pick(&self.mediators, self.turn)
    }

    /// The mediator to be appointed.
    pub fn mediator_id(&self) -> &str {
        pick(&self.mediator_ids, self.turn)
    }
}

fn pick(all: &[String], turn: usize) -> &str {
    let at = turn.checked_rem(all.len()).unwrap_or_default();
    all.get(at).map(String::as_str).unwrap_or_default()
}

/// The person whose token a line holds, if it holds one.
fn person(line: &str) -> Option<Person> {
    let token = line.trim().rsplit(['=', ' ']).next()?;
    let mut parts = token.split('.');
    let (_header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims = serde_json::from_slice(&claims).ok()?;
    Some(Person {
        token: token.to_owned(),
        claims,
    })
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    use contracts::roles::Role;
    use serde_json::json;

    use super::{NEEDED, People};

    fn token(role: Role, subject: &str, exp: i64, organisation: Option<&str>) -> String {
        let claims = json!({ "iss": "urn:test", "sub": subject, "exp": exp, "region": "6206", "roles": [role],
                             "organisation": organisation });
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
        format!("e30.{claims}.c2ln")
    }

    fn everybody() -> String {
        let mut text = "# people\nexport ORG=one\n\n".to_owned();
        for role in NEEDED {
            let organisation = role.bound_to_organisation().then_some("one");
            for n in 0..2 {
                let token = token(role, &format!("{role}-{n}"), 2_000_000_000, organisation);
                text.push_str(&format!("export X={token}\n"));
            }
        }
        text
    }

    fn now() -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(1_900_000_000, 0).unwrap()
    }

    #[test]
    fn people_of_a_role_take_turns() {
        let people = People::parse(&everybody(), now()).unwrap();
        assert_eq!(people.issuer, "urn:test");
        assert_eq!(people.count(), 12);
        let (one, other) = (
            people.next(Role::WindowClerk).unwrap(),
            people.next(Role::WindowClerk).unwrap(),
        );
        assert_ne!(one, other);
        let (one, other) = (people.next_desk().unwrap(), people.next_desk().unwrap());
        assert_ne!(one.mediator(), other.mediator());
    }

    #[test]
    fn a_missing_role_and_an_ended_token_are_told() {
        let only_clerk = token(Role::WindowClerk, "a", 2_000_000_000, None);
        let error = People::parse(&only_clerk, now()).unwrap_err().to_string();
        assert!(error.contains("nobody is applicant"), "{error}");
        let ended = token(Role::WindowClerk, "a", 1_800_000_000, None);
        let error = People::parse(&ended, now()).unwrap_err().to_string();
        assert!(
            error.contains("the token of a ends before the test does"),
            "{error}"
        );
    }
}
