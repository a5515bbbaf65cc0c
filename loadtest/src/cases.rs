//! Every case the test made, and whether the node still has all of it: each acknowledged command's fact must be in reporting,
//! once, and the case must stand there as it ended.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use contracts::roles::Role;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use serde_json::Value;

use crate::{hand::Failed, world::World};

/// How many cases are compared at once.
const AT_ONCE: usize = 8;
/// How many differing cases are named.
const NAMED: usize = 20;

/// A case as the answers to commands say it must stand.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// Its matter.
    pub matter_id: String,
    /// Its parties.
    pub parties: Vec<String>,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Whether an agreement took effect.
    pub settled: bool,
    facts: Vec<&'static str>,
    unsure: Vec<&'static str>,
}

impl Case {
    /// A case just registered.
    pub fn new(id: String, matter_id: String, parties: Vec<String>) -> Self {
        Self {
            id,
            matter_id,
            parties,
            facts: vec!["matter.registered"],
            ..Self::default()
        }
    }

    /// Notes what a command must have left behind: its facts when it was acknowledged; when nothing is known they may be there
    /// or not.
    pub fn note<T>(
        &mut self,
        facts: &[&'static str],
        outcome: Result<T, Failed>,
    ) -> Result<T, Failed> {
        match &outcome {
            Ok(_) => self.facts.extend_from_slice(facts),
            Err(failed) if failed.unsure => self.unsure.extend_from_slice(facts),
            Err(_) => {}
        }
        outcome
    }

    /// What differs from what reporting knows: facts missing, facts too many, and whether it stands otherwise.
    fn compare(&self, seen: &[&str], entry: &Value) -> Differs {
        let mut differs = Differs::default();
        let count = |list: &[&str], fact: &str| list.iter().filter(|f| **f == fact).count();
        let mut known: Vec<&str> = [self.facts.as_slice(), self.unsure.as_slice()].concat();
        known.sort_unstable();
        known.dedup();
        for fact in known {
            let (least, found) = (count(&self.facts, fact), count(seen, fact));
            let most = least + count(&self.unsure, fact);
            differs.lost += least.saturating_sub(found);
            differs.doubled += found.saturating_sub(most);
        }
        let has = |field: &str| entry.get(field).is_some_and(|value| !value.is_null());
        let agreed = entry.get("outcome").and_then(Value::as_str) == Some("agreed");
        differs.stands_otherwise =
            self.accepted && !has("accepted_at") || self.settled && !(agreed && has("agreed_at"));
        differs
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Differs {
    lost: usize,
    doubled: usize,
    stands_otherwise: bool,
}

/// What the comparison found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Compared {
    /// Cases compared.
    pub cases: usize,
    /// Facts of acknowledged commands.
    pub facts: usize,
    /// Of these, not in reporting.
    pub lost_events: usize,
    /// Facts that are there more often than they happened.
    pub doubled_events: usize,
    /// Cases that stand in reporting otherwise than they ended.
    pub wrong_states: usize,
    /// Some of the cases that differ.
    pub differing: Vec<String>,
}

/// Compares all cases with reporting, by id. What is missing may still be on its way until `patience` has passed.
///
/// # Errors
/// Reporting does not answer.
pub async fn compare(world: &World, cases: &[Case], patience: Duration) -> Result<Compared> {
    let until = Instant::now() + patience;
    let mut compared = Compared::default();
    let mut checks = stream::iter(cases)
        .map(|case| async move { anyhow::Ok((case, settle(world, case, until).await?)) })
        .buffer_unordered(AT_ONCE);
    while let Some((case, differs)) = checks.try_next().await? {
        compared.cases += 1;
        compared.facts += case.facts.len();
        compared.lost_events += differs.lost;
        compared.doubled_events += differs.doubled;
        compared.wrong_states += usize::from(differs.stands_otherwise);
        if differs != Differs::default() && compared.differing.len() < NAMED {
            compared.differing.push(case.id.clone());
        }
    }
    Ok(compared)
}

async fn settle(world: &World, case: &Case, until: Instant) -> Result<Differs> {
    let entry = format!("/reporting/v1/ledger/{}", case.id);
    let timeline = format!("/reporting/v1/cases/{}/timeline?limit=200", case.id);
    loop {
        let entry = look(world, &entry).await?;
        let timeline = look(world, &timeline).await?;
        let items = timeline.get("items").and_then(Value::as_array);
        let seen: Vec<&str> = items
            .into_iter()
            .flatten()
            .filter_map(|item| item.get("fact")?.as_str())
            .collect();
        let differs = case.compare(&seen, &entry);
        let may_come = differs.lost > 0 || differs.stands_otherwise;
        if !may_come || Instant::now() > until {
            return Ok(differs);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// GET; nothing when there is nothing. What hinders for a moment is waited for.
async fn look(world: &World, path: &str) -> Result<Value> {
    let mut last = String::new();
    for _ in 0..60 {
        let token = world.people.next(Role::Leader)?;
        match world
            .http
            .get(world.url(path))
            .bearer_auth(token)
            .send()
            .await
        {
            Ok(response) if response.status().is_success() => {
                return response.json().await.with_context(|| path.to_owned());
            }
            Ok(response) if response.status() == reqwest::StatusCode::NOT_FOUND => {
                return Ok(Value::Null);
            }
            Ok(response) => last = response.status().to_string(),
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    bail!("cases cannot be compared: {path}: {last}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Case, Differs};
    use crate::hand::Failed;

    fn case() -> Case {
        let mut case = Case::new("c".into(), "m".into(), Vec::new());
        case.note(&["matter.accepted"], Ok(())).unwrap();
        case.accepted = true;
        case.note(&["mediation.consented"], Ok(())).unwrap();
        case.note(&["mediation.consented"], Ok(())).unwrap();
        case
    }

    #[test]
    fn what_is_missing_and_what_is_there_twice_is_found() {
        let entry = json!({ "accepted_at": "2026-01-01T00:00:00Z" });
        let good = [
            "matter.registered",
            "matter.accepted",
            "triage.proposed",
            "mediation.consented",
            "mediation.consented",
        ];
        assert_eq!(case().compare(&good, &entry), Differs::default());
        let one_consent = &good[..4];
        assert_eq!(case().compare(one_consent, &entry).lost, 1);
        let thrice = [&good[..], &["mediation.consented"]].concat();
        assert_eq!(case().compare(&thrice, &entry).doubled, 1);
        assert_eq!(
            case().compare(&[], &json!(null)),
            Differs {
                lost: 4,
                doubled: 0,
                stands_otherwise: true
            }
        );
    }

    #[test]
    fn a_command_without_an_answer_may_have_had_its_effect() {
        let entry = json!({ "accepted_at": "2026-01-01T00:00:00Z" });
        let mut case = Case::new("c".into(), "m".into(), Vec::new());
        case.note::<()>(&["matter.accepted"], Err(Failed { unsure: true }))
            .unwrap_err();
        case.note::<()>(&["triage.decided"], Err(Failed { unsure: false }))
            .unwrap_err();
        assert_eq!(
            case.compare(&["matter.registered"], &entry),
            Differs::default()
        );
        assert_eq!(
            case.compare(&["matter.registered", "matter.accepted"], &entry),
            Differs::default()
        );
    }

    #[test]
    fn a_settled_case_must_stand_as_agreed() {
        let mut case = case();
        case.settled = true;
        let seen = [
            "matter.registered",
            "matter.accepted",
            "mediation.consented",
            "mediation.consented",
        ];
        let entry = json!({ "accepted_at": "t", "outcome": "failed", "agreed_at": null });
        assert!(case.compare(&seen, &entry).stands_otherwise);
        let entry = json!({ "accepted_at": "t", "outcome": "agreed", "agreed_at": "t" });
        assert!(!case.compare(&seen, &entry).stands_otherwise);
    }
}
