//! What `check` tries: what the border desk may publish, and the way of a message to each node and back.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use accounts::probe::{self, SourceState, Tried};
use anyhow::{Context as _, Result};
use async_nats::{Client, ConnectOptions, Event, ServerError};
use chassis::{config::Config, db::Db, http::Problem, time::Time};
use contracts::region::RegionCode;
use federation::audits::{self, Scope};
use tokio::sync::mpsc;

use super::{db, desk};
use crate::commands::failed;

/// How long a message may take there and back: the nodes look for work every 2 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of it.
#[derive(Default)]
pub struct Trial {
    /// How long a message took to a node and back.
    pub there_and_back: BTreeMap<RegionCode, Duration>,
    sources: Vec<SourceState>,
    /// What is wrong.
    pub wrong: Vec<String>,
}

impl Trial {
    /// Tries it with the node above, when there is one, and with these nodes below.
    pub async fn run(
        config: &Config,
        parent: Option<RegionCode>,
        children: &[RegionCode],
    ) -> Result<Self> {
        let mut trial = Self::default();
        if let Err(error) = trial.at_server(config).await {
            trial.wrong.push(format!("{error:#}"));
        }
        let db = db(config)?;
        let below = children.iter().map(|child| to_child(&db, *child));
        let above = parent.map(|parent| to_parent(&db, parent));
        let (below, above) = tokio::join!(
            futures_util::future::join_all(below),
            futures_util::future::OptionFuture::from(above)
        );
        for (node, took) in below.into_iter().chain(above) {
            match took.map_err(failed)? {
                Some(took) => _ = trial.there_and_back.insert(node, took),
                None => trial.wrong.push(format!(
                    "a message to {node} and back took longer than {} s",
                    PATIENCE.as_secs()
                )),
            }
        }
        Ok(trial)
    }

    async fn at_server(&mut self, config: &Config) -> Result<()> {
        let (client, mut refusals) = connect(config).await?;
        let node = config.region()?;
        let own = probe::tried_subject(node);
        match probe::publish(&client, &mut refusals, &own).await? {
            Tried::Taken => {}
            Tried::Passed => self.wrong.push(format!("no stream takes {own}")),
            Tried::Refused => self.wrong.push(format!(
                "nats-server does not let this node publish {own}: is its configuration that of `server-config`?"
            )),
        }
        let neighbours = probe::neighbours_subject(node);
        if probe::publish(&client, &mut refusals, &neighbours).await? != Tried::Refused {
            self.wrong.push(format!(
                "nats-server lets this node publish as another, {neighbours}: is its configuration that of `server-config`?"
            ));
        }
        for stream in [accounts::UP, accounts::DOWN] {
            let sources = probe::sources(&client, stream).await?;
            self.sources.extend(sources);
        }
        Ok(())
    }

    /// How far behind what is read from a node below is: messages, and when it was heard of.
    pub fn lag_of(&self, child: RegionCode) -> String {
        self.lag(&format!("up.{}.>", accounts::subtree(child)))
    }

    /// The same of the node above.
    pub fn lag_above(&self, node: RegionCode) -> String {
        self.lag(&format!("down.{}.>", accounts::subtree(node)))
    }

    fn lag(&self, filter: &str) -> String {
        let source = self.sources.iter().find(|source| source.filter == filter);
        source.map_or_else(String::new, |source| match source.heard {
            Some(heard) => format!("{}, heard {} s ago", source.lag, heard.as_secs()),
            None => format!("{}, never heard", source.lag),
        })
    }

    /// How long a message took to a node and back.
    pub fn took(&self, node: RegionCode) -> String {
        let took = self.there_and_back.get(&node);
        took.map_or_else(String::new, |took| format!("{} ms", took.as_millis()))
    }
}

/// As the border desk, with what the server refuses.
async fn connect(config: &Config) -> Result<(Client, mpsc::UnboundedReceiver<String>)> {
    let credentials = desk(config)?.federation_credentials(Time::system().now())?;
    let (tell, refusals) = mpsc::unbounded_channel();
    let mut options = ConnectOptions::with_credentials(&credentials)?
        .custom_inbox_prefix(format!("_INBOX_{}", accounts::FEDERATION))
        .request_timeout(Some(config.nats.request_timeout))
        .event_callback(move |event| {
            if let Event::ServerError(ServerError::Other(text)) = event {
                // Nobody listens any more when the trial is over.
                _ = tell.send(text);
            }
            std::future::ready(())
        });
    if let Some(ca) = &config.nats.ca_file {
        options = options.add_root_certificates(ca.clone()).require_tls(true);
    }
    let servers: Vec<&str> = config.nats.url.split(',').map(str::trim).collect();
    let client = options.connect(servers).await;
    let client =
        client.with_context(|| format!("the border desk's login at {}", config.nats.url))?;
    Ok((client, refusals))
}

type Took = (RegionCode, Result<Option<Duration>, Problem>);

/// Asks a child for what it has of today; it answers over the link.
async fn to_child(db: &Db, child: RegionCode) -> Took {
    let today = (Time::system().now() + chrono::Duration::hours(8)).date_naive();
    let scope = Scope {
        from: today,
        to: today,
        node: Some(child),
        kind: None,
        after: None,
    };
    let started = Instant::now();
    let took = async {
        let question = audits::ask(db, child, &scope).await?;
        until(started, async || {
            Ok(audits::answer(db, question).await?.is_some())
        })
        .await
    };
    (child, took.await)
}

/// Sends something up that changes nothing there; the node above confirms what it has.
async fn to_parent(db: &Db, parent: RegionCode) -> Took {
    let started = Instant::now();
    let took = async {
        let call = audits::call_up(db).await?;
        until(started, async || audits::is_confirmed(db, call).await).await
    };
    (parent, took.await)
}

/// How long it took; none when it takes too long.
async fn until(
    started: Instant,
    done: impl AsyncFn() -> Result<bool, Problem>,
) -> Result<Option<Duration>, Problem> {
    while started.elapsed() < PATIENCE {
        if done().await? {
            return Ok(Some(started.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(None)
}
