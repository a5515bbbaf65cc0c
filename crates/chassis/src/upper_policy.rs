//! The policy that a superior has handed down: kept by every service in its own schema, followed by every process.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::{
    events::{Envelope, federation::PolicyAdopted},
    problems::common,
};
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{Jsonb, Text, Timestamptz},
};
use diesel_async::RunQueryDsl as _;
use policy::{CurrentPolicy, PackFiles};

use crate::{
    db::{Db, Tx, statement},
    http::Problem,
    lifecycle::Lifecycle,
};

/// Keeps what was handed down; the processes of the service notice it.
pub fn keep(tx: &mut Tx, policy: &PolicyAdopted) -> Result<(), Problem> {
    let files = serde_json::to_value(&policy.files)
        .map_err(|error| Problem::new(&common::INTERNAL).internal(error))?;
    let now = tx.now();
    tx.later(
        statement(
            "INSERT INTO upper_policy (issued_by, version, files, adopted_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (only_row) DO UPDATE SET issued_by = $1, version = $2, files = $3, adopted_at = $4",
        )
        .bind::<Text, _>(policy.by.to_string())
        .bind::<Text, _>(policy.version.clone())
        .bind::<Jsonb, _>(files)
        .bind::<Timestamptz, _>(now),
    );
    Ok(())
}

/// As an event of this node.
pub(crate) fn apply<S>(
    _: &S,
    tx: &mut Tx,
    _: &Envelope,
    policy: PolicyAdopted,
) -> Result<(), Problem> {
    keep(tx, &policy)
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = Jsonb)]
    files: serde_json::Value,
}

/// The policy of one service of a process.
pub(crate) struct UpperPolicy {
    db: Db,
    files: Arc<PackFiles>,
    current: CurrentPolicy,
    /// Version of what was handed down and was tried last.
    tried: Option<String>,
}

impl UpperPolicy {
    /// Reads what is kept and puts the pack in force: `own`, the one without anything handed down, when nothing is kept.
    ///
    /// # Errors
    /// A pack that is wrong with what was handed down, as text; or PostgreSQL.
    pub async fn open(db: Db, files: Arc<PackFiles>, own: &CurrentPolicy) -> Result<Self, String> {
        let row = stored(&db, None).await.map_err(|e| e.to_string())?;
        let current = match row.as_ref().map(read_files).transpose()? {
            None => own.fork(),
            Some(handed_down) => {
                let pack = files.pack(db.node(), Some(&handed_down));
                CurrentPolicy::new(pack.map_err(|e| e.to_string())?)
            }
        };
        Ok(Self {
            db,
            files,
            current,
            tried: row.map(|row| row.version),
        })
    }

    /// The pack in force.
    pub fn current(&self) -> CurrentPolicy {
        self.current.clone()
    }

    /// Looks again and again until the stop; what is new comes into force.
    pub async fn follow(
        mut self,
        every: Duration,
        lifecycle: Lifecycle,
    ) -> Result<(), std::convert::Infallible> {
        let stop = lifecycle.soft().clone();
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(every) => {}
            }
            match stored(&self.db, self.tried.as_deref()).await {
                Ok(None) => {}
                Ok(Some(row)) => self.adopt(row),
                Err(problem) => {
                    tracing::debug!(service = %self.db.service(), problem = problem.code().code, "policy not looked at");
                }
            }
        }
    }

    fn adopt(&mut self, row: Row) {
        let (service, version) = (self.db.service(), row.version.as_str());
        let pack = read_files(&row).and_then(|handed_down| {
            let pack = self.files.pack(self.db.node(), Some(&handed_down));
            pack.map_err(|errors| errors.to_string())
        });
        match pack {
            Ok(pack) => {
                tracing::info!(%service, handed_down = version, in_force = pack.version(), "another policy is in force");
                self.current.replace(pack);
            }
            // The border desk has tried it with the same files: this process was started with others.
            Err(error) => {
                tracing::error!(%service, handed_down = version, error, "the policy handed down cannot be used")
            }
        }
        self.tried = Some(row.version);
    }
}

/// What is kept, unless it is what is known already.
async fn stored(db: &Db, known: Option<&str>) -> Result<Option<Row>, Problem> {
    let mut conn = db.read().await?;
    let row = statement("SELECT version, files FROM upper_policy WHERE version <> $1")
        .bind::<Text, _>(known.unwrap_or_default())
        .get_result::<Row>(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

fn read_files(row: &Row) -> Result<BTreeMap<String, String>, String> {
    serde_json::from_value(row.files.clone()).map_err(|error| error.to_string())
}
