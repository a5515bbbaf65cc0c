//! Steps of a case as the law names them, for tests that read like it: who does what on which day, and what is refused.
//! Everything goes through the public API of a whole node in the test's process, whose clock the test sets.

mod confirmation;
mod dispute;
mod mediation;

use anyhow::{Result, ensure};
use chassis::{
    node::{Node, StartError},
    time::Time,
};
use chrono::{DateTime, Duration, NaiveDate, TimeZone as _, Utc};
use contracts::roles::Role;
use serde_json::Value;
use testkit::{TestCentre, TestDatabase};

pub use confirmation::{AT_THE_WINDOW, Application, PAPERS};
pub use dispute::{BUILDER, Dispute, Order, Party};
pub use mediation::{Agreement, Proceeding};

use crate::{
    cast::{Cast, Desk},
    client::Api,
    node::{REGION, settle::settled, start::migrated},
};

/// A node on a certain day, with its people.
pub struct Scene {
    /// A client of its API.
    pub api: Api,
    /// The people who work there.
    pub cast: Cast,
    centre: TestCentre,
}

/// An empty database with the schemas of all services.
///
/// # Errors
/// The program cannot be built, or PostgreSQL does not start.
async fn database() -> Result<TestDatabase> {
    migrated(crate::program().await?).await
}

impl Scene {
    /// A node with the services that `add` adds; it is ten in the morning of `day` in China: `2026-09-01`.
    ///
    /// # Errors
    /// It does not start.
    pub async fn on(
        day: &str,
        add: impl AsyncFnOnce(Node) -> Result<Node, StartError>,
    ) -> Result<Self> {
        let centre =
            TestCentre::start(database().await?, Time::mock(ten_o_clock(day)?), add).await?;
        let api = Api::of_one(centre.address)?;
        let cast = Cast::of(&api, &centre.issuer).await?;
        Ok(Self { api, cast, centre })
    }

    /// Days pass: now it is ten in the morning of `day`.
    ///
    /// # Errors
    /// What happened before is not told to every service in time; or the day is over already.
    pub async fn day(&self, day: &str) -> Result<()> {
        self.settle().await?;
        let to = ten_o_clock(day)?;
        ensure!(to > self.time().now(), "{day} is over");
        self.time().set(to);
        Ok(())
    }

    /// The day, in China.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        (self.time().now() + Duration::hours(8)).date_naive()
    }

    /// Its clock.
    #[must_use]
    pub fn time(&self) -> &Time {
        &self.centre.time
    }

    /// Waits until every service has heard of everything that happened.
    ///
    /// # Errors
    /// It takes too long.
    pub async fn settle(&self) -> Result<()> {
        settled(&self.centre.sql().await?, self.centre.bus().await?).await
    }

    /// Token of the account of a person who is a party.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn account(&self, subject: &str) -> Result<String> {
        let token = self.centre.issuer.token().region(REGION);
        token
            .roles([Role::Applicant.as_str()])
            .subject(subject)
            .sign()
    }

    /// Registers another mediation committee.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn committee(&self, region: &str) -> Result<Desk> {
        let administrator = &self.cast.administrator;
        Desk::register(&self.api, &self.centre.issuer, administrator, region).await
    }

    /// Registers an organ of the county that does not mediate, for a route of its kind.
    ///
    /// # Errors
    /// The node does not answer, or refuses.
    pub async fn organ(&self, kind: &str, route: &str) -> Result<Desk> {
        let administrator = &self.cast.administrator;
        Desk::organ(&self.api, &self.centre.issuer, administrator, (kind, route)).await
    }

    /// What somebody reads when everything has been told.
    ///
    /// # Errors
    /// It is refused.
    pub async fn read(&self, path: &str, token: &str) -> Result<Value> {
        self.settle().await?;
        self.api.read(path, token).await
    }

    /// Fails unless a reading is refused with this problem.
    ///
    /// # Errors
    /// It is answered otherwise.
    pub async fn hidden(&self, path: &str, token: &str, status: u16, code: &str) -> Result<()> {
        let answer = self.api.get(path, token).await?;
        answer.expect_problem(status, code).map(drop)
    }

    /// The tables in which a text stands: `mediation.concessions`.
    ///
    /// # Errors
    /// PostgreSQL does not answer.
    pub async fn stored_in(&self, text: &str) -> Result<Vec<String>> {
        self.settle().await?;
        let sql = self.centre.sql().await?;
        let tables = "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'";
        let mut found = Vec::new();
        for row in sql.query(tables, &[]).await? {
            let table: String = row.get(0);
            let query = format!("SELECT 1 FROM {table} t WHERE strpos(t::text, $1) > 0 LIMIT 1");
            if sql.query_opt(&query, &[&text]).await?.is_some() {
                found.push(table);
            }
        }
        Ok(found)
    }

    /// What `token` asks for.
    pub(crate) fn act(&self, token: &str, path: String, body: Value) -> Act<'_> {
        Act {
            scene: self,
            token: token.to_owned(),
            path,
            body,
        }
    }
}

/// Something a person wants to do.
#[must_use = "nothing happens before it is known whether it is done or refused"]
pub struct Act<'a> {
    scene: &'a Scene,
    token: String,
    path: String,
    body: Value,
}

impl Act<'_> {
    /// It is done; gives what the node answers. A minute passes.
    ///
    /// # Errors
    /// It is refused.
    pub async fn done(self) -> Result<Value> {
        self.scene.time().advance(Duration::minutes(1));
        self.scene
            .api
            .command(&self.path, &self.token, &self.body)
            .await
    }

    /// It is refused with this problem; gives it.
    ///
    /// # Errors
    /// It is done, or refused otherwise.
    pub async fn refused(self, status: u16, code: &str) -> Result<Value> {
        self.scene.settle().await?;
        let answer = self.scene.api.post(&self.path, &self.token, &self.body);
        answer.await?.expect_problem(status, code)
    }
}

/// Ten in the morning of a day in China.
fn ten_o_clock(day: &str) -> Result<DateTime<Utc>> {
    let day: NaiveDate = day.parse()?;
    Ok(Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)) + Duration::hours(2))
}
