//! Dead letters that a person marked for replay. The consumer of the stream they came on takes them up: it alone has their
//! handlers and their guard.

use async_nats::{HeaderMap, HeaderName, HeaderValue};
use contracts::{events::Envelope, ids::TypedId as _, problems::common};
use uuid::Uuid;

use super::{
    Verdict,
    consumer::Consumer,
    dead_letters::{self, DeadLetter},
    inbox,
};
use crate::{
    db::{Cause, Tx},
    http::Problem,
};

impl<S: 'static> Consumer<S> {
    /// Tries those that came on subjects beginning with `prefix`; one that fails again stays, with the reason.
    pub(super) async fn replay_dead_letters(&self, prefix: &str) {
        let Ok(marked) = dead_letters::to_replay(&self.db, prefix).await else {
            return;
        };
        for id in marked {
            let cause = Cause::new(self.db.time());
            let work = async |tx: &mut Tx| self.try_again(tx, id).await;
            if let Err(problem) = self.db.tx("replay", &cause, work).await {
                _ = dead_letters::failed_again(&self.db, id, &problem).await;
            }
        }
    }

    async fn try_again(&self, tx: &mut Tx, id: Uuid) -> Result<(), Problem> {
        // Another process may lead by now, and have it in hand.
        let Some(letter) = dead_letters::claim(tx, id).await? else {
            return Ok(());
        };
        let envelope = letter
            .envelope()
            .map_err(|e| Problem::new(&common::INVALID_HEADER).internal(e))?;
        let verdict = self.subscriptions.check(
            &self.state,
            &headers(&letter),
            &letter.nats_subject,
            &envelope,
            &letter.payload,
        );
        match verdict {
            Verdict::Apply => {}
            Verdict::Refuse(problem) => return Err(problem),
            Verdict::Ignore | Verdict::Later => {
                return Err(Problem::new(&common::INVALID_HEADER)
                    .internal("not for this node, or its sender is not known yet"));
            }
        }
        if self.is_to_be_applied(tx, &letter, &envelope).await? {
            tx.caused_by(Cause::event(&envelope));
            self.subscriptions
                .apply(&self.state, tx, &envelope, &letter.payload)
                .await?;
        }
        dead_letters::delete(tx, id).await
    }

    /// A letter that the inbox has was never applied. One that it did not have may have come a second time and been applied.
    async fn is_to_be_applied(
        &self,
        tx: &mut Tx,
        letter: &DeadLetter,
        envelope: &Envelope,
    ) -> Result<bool, Problem> {
        if letter.in_inbox {
            return Ok(true);
        }
        let fresh = inbox::record(tx, &[envelope]).await?;
        inbox::advance(tx, &[envelope], |event| self.subscriptions.is_whole(event));
        Ok(fresh.contains(&(envelope.id.uuid(), envelope.origin())))
    }
}

/// Its headers as they came.
fn headers(letter: &DeadLetter) -> HeaderMap {
    let kept = letter.headers.as_object().into_iter().flatten();
    kept.filter_map(|(name, value)| {
        let value: HeaderValue = value.as_str()?.parse().ok()?;
        Some((name.parse::<HeaderName>().ok()?, value))
    })
    .collect()
}
