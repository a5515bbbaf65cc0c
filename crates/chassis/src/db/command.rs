//! A command from outside: one transaction in which the work, its events and the stored answer to its idempotency key
//! commit together.

use contracts::problems::common;
use diesel::{
    OptionalExtension as _, QueryableByName,
    sql_types::{BigInt, Bytea, Jsonb, Nullable, SmallInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl as _;

use super::{Cause, Db, Tx, statement};
use crate::http::{Call, Problem, Reply};

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Bytea)]
    fingerprint: Vec<u8>,
    #[diesel(sql_type = SmallInt)]
    status: i16,
    #[diesel(sql_type = Jsonb)]
    body: serde_json::Value,
    #[diesel(sql_type = Nullable<BigInt>)]
    version: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    location: Option<String>,
}

impl Db {
    /// Runs a command. With an idempotency key, a second call gives the first one's answer and does nothing. Without one, a
    /// command whose commit is in doubt is not tried again: it may have taken effect.
    ///
    /// # Errors
    /// What `work` gives; `invalid-header` when the caller named a version and `work` compared it with none;
    /// `idempotency-key-reused` when the key was used for another request; `unavailable`.
    pub async fn command<P, B>(
        &self,
        call: &Call<P, B>,
        name: &'static str,
        mut work: impl AsyncFnMut(&mut Tx) -> Result<Reply, Problem>,
    ) -> Result<Reply, Problem> {
        let cause = Cause::new(self.time());
        let mut work = async |tx: &mut Tx| {
            let reply = work(tx).await?;
            call.expects_no_more()?;
            Ok(reply)
        };
        let Some(key) = call.idempotency_key.as_deref() else {
            return self.tx(name, &cause, work).await;
        };
        let result = self
            .tx_absorbed(name, &cause, async |tx: &mut Tx| {
                let reply = work(tx).await?;
                store(tx, call, key, &reply);
                Ok(reply)
            })
            .await;
        // A repeated call does the work a second time until something refuses it, at the latest the stored key itself; all
        // of that is rolled back. First calls, which are nearly all, so need not ask whether they are first.
        let Err(problem) = result else { return result };
        match load(self, &call.principal.subject, key).await {
            Ok(Some(stored)) => replay(stored, &call.fingerprint),
            Ok(None) => Err(problem),
            // The call may be a repeated one that had succeeded: its own refusal would say that it had not.
            Err(unread) => Err(unread),
        }
    }
}

async fn load(db: &Db, principal: &str, key: &str) -> Result<Option<Stored>, Problem> {
    let stored = statement(
        "SELECT fingerprint, status, body, version, location FROM idempotency WHERE principal = $1 AND key = $2",
    )
    .bind::<Text, _>(principal)
    .bind::<Text, _>(key)
    .get_result::<Stored>(&mut db.read().await?)
    .await
    .optional()?;
    Ok(stored)
}

fn replay(stored: Stored, fingerprint: &[u8; 32]) -> Result<Reply, Problem> {
    if stored.fingerprint != fingerprint {
        return Err(Problem::new(&common::IDEMPOTENCY_KEY_REUSED));
    }
    Ok(Reply {
        status: u16::try_from(stored.status).unwrap_or(200),
        body: stored.body,
        version: stored.version,
        location: stored.location,
        replayed: true,
    })
}

/// Stores the answer; the transaction fails when the key has one already.
fn store<P, B>(tx: &mut Tx, call: &Call<P, B>, key: &str, reply: &Reply) {
    let now = tx.now();
    tx.later(
        statement(
            "INSERT INTO idempotency (principal, key, fingerprint, status, body, version, location, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind::<Text, _>(call.principal.subject.clone())
        .bind::<Text, _>(key.to_owned())
        .bind::<Bytea, _>(call.fingerprint.to_vec())
        .bind::<SmallInt, _>(i16::try_from(reply.status).unwrap_or(200))
        .bind::<Jsonb, _>(reply.body.clone())
        .bind::<Nullable<BigInt>, _>(reply.version)
        .bind::<Nullable<Text>, _>(reply.location.clone())
        .bind::<Timestamptz, _>(now),
    );
}
