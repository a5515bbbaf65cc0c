//! What everybody in the test shares: the node's API, the people, what was measured, what was done.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use contracts::roles::Role;
use reqwest::Url;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::{cases::Case, people::People, tally::Tally};

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How many look at once, again and again, how long an event takes to reporting: looking is load too.
const WATCHERS: usize = 4;

/// Shared by all hands.
#[derive(Debug)]
pub struct World {
    /// Sends requests: to this address and nowhere else.
    pub http: reqwest::Client,
    /// The node.
    pub target: Url,
    /// Who acts.
    pub people: People,
    /// Places where matters happen: the node's regions.
    pub regions: Vec<String>,
    /// What was measured.
    pub tally: Tally,
    /// Who may watch an event on its way.
    pub watchers: Semaphore,
    /// Cases as they should stand.
    pub cases: Mutex<Vec<Case>>,
    /// Accepted cases that wait for the triage desk.
    pub waiting: Mutex<VecDeque<Case>>,
    serial: AtomicU64,
}

impl World {
    /// Asks the node what has to be known before the test begins.
    ///
    /// # Errors
    /// It is not ready within `patience`, or refuses the tokens.
    pub async fn meet(target: Url, people: People, patience: Duration) -> Result<Self> {
        // No redirects and no proxy: what was checked against the list is what gets the requests.
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(usize::MAX)
            .tcp_nodelay(true)
            .build()?;
        // Numbers of made-up people differ from run to run.
        let serial = crate::hand::now().timestamp().unsigned_abs() % 100_000 * 100_000;
        let mut world = Self {
            http,
            target,
            people,
            regions: Vec::new(),
            tally: Tally::default(),
            watchers: Semaphore::new(WATCHERS),
            cases: Mutex::default(),
            waiting: Mutex::default(),
            serial: AtomicU64::new(serial),
        };
        world.until_ready(patience).await?;
        world.regions = world.places().await?;
        let mut desks = std::mem::take(&mut world.people.desks);
        for desk in &mut desks {
            let path = format!("/mediation/v1/organisations/{}", desk.organisation);
            let found = world.read(&path, desk.officer()).await?;
            let own = found.get("region").and_then(Value::as_str);
            let own = own.unwrap_or_default();
            let under = world.regions.iter().filter(|r| r.starts_with(own));
            desk.regions = under.cloned().collect();
            if desk.regions.is_empty() {
                desk.regions.push(own.to_owned());
            }
            let path = format!("{path}/mediators?limit=200");
            let found = world.read(&path, desk.officer()).await?;
            desk.mediator_ids = texts(&found, "items", "id");
            ensure!(
                !desk.mediator_ids.is_empty(),
                "the organisation {} has no mediator",
                desk.organisation
            );
        }
        world.people.desks = desks;
        Ok(world)
    }

    /// Waits for the node: it may be starting, or being upgraded.
    async fn until_ready(&self, patience: Duration) -> Result<()> {
        let begun = Instant::now();
        loop {
            let Err(error) = self.ready().await else {
                return Ok(());
            };
            if begun.elapsed() >= patience {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_secs(1).min(patience)).await;
        }
    }

    async fn ready(&self) -> Result<()> {
        let ready = self.http.get(self.url("/readyz")).send().await;
        let ready = ready.with_context(|| format!("no answer from {}", self.target))?;
        ensure!(
            ready.status().is_success(),
            "{} is not ready: {}",
            self.target,
            ready.text().await.unwrap_or_default()
        );
        Ok(())
    }

    /// The regions one level below the node's, or its own when there are none.
    async fn places(&self) -> Result<Vec<String>> {
        let leader = self.people.next(Role::Leader)?;
        let path = "/reporting/v1/statistics?dimension=region";
        let regions = texts(&self.read(path, leader).await?, "rows", "code");
        Ok(match regions.is_empty() {
            true => vec![self.people.region.clone()],
            false => regions,
        })
    }

    /// An address at the node.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.target.as_str().trim_end_matches('/'))
    }

    /// GET outside of what is measured.
    ///
    /// # Errors
    /// No answer, or another than 200.
    pub async fn read(&self, path: &str, token: &str) -> Result<Value> {
        let response = self.http.get(self.url(path)).bearer_auth(token).send();
        let response = response.await.with_context(|| path.to_owned())?;
        let status = response.status();
        let body: Value = response.json().await.unwrap_or_default();
        ensure!(status.is_success(), "{path}: {status} {body}");
        Ok(body)
    }

    /// The next number for something made up.
    pub fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// Keeps a case to be compared in the end.
    pub fn keep(&self, case: Case) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.push(case);
    }

    /// Leaves an accepted case to the triage desk.
    pub fn leave(&self, case: Case) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(case);
    }

    /// The case that has waited longest for the triage desk.
    pub fn take_waiting(&self) -> Option<Case> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    }

    /// All cases of the run.
    pub fn all_cases(&self) -> Vec<Case> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        cases.extend(waiting.drain(..));
        cases.clone()
    }
}

/// A text field of every object in a list.
fn texts(object: &Value, list: &str, field: &str) -> Vec<String> {
    let list = object.get(list).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|item| Some(item.get(field)?.as_str()?.to_owned()))
        .collect()
}
