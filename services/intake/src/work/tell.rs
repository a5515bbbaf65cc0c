//! Telling people of their cases: lines of the public timeline become messages, messages go to their gateways.
//!
//! A line is written in the transaction of the fact, and is told in a transaction that also marks it as told: nobody is told twice,
//! and nothing is forgotten when a process dies in between.

use chassis::{
    db::{Cause, Tx},
    http::Problem,
};
use chrono::{DateTime, Duration, Utc};
use contracts::{events::intake::NotificationFailed, region::directory};
use futures_util::future::join_all;
use policy::sections::notifications::Template;
use tokio_util::sync::CancellationToken;

use crate::{
    Intake,
    domain::notification::{NotificationState, Values},
    store::{
        notifications::{self, Due, Notification, Untold},
        people::{self, People},
    },
};

/// Lines told in one transaction.
const AT_ONCE: i64 = 100;

/// Tells and sends until the stop; a fault is waited out until the next look.
pub async fn run(state: &Intake, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(state.settings.notifications.poll_interval) => {}
        }
        if let Err(problem) = round(state).await {
            tracing::warn!(
                problem = problem.code().code,
                detail = problem.internal_message().unwrap_or_default(),
                "messages not told or not sent"
            );
        }
    }
}

async fn round(state: &Intake) -> Result<(), Problem> {
    while tell(state).await? == AT_ONCE {}
    send(state).await
}

/// Makes messages of lines nobody was told of; gives how many lines there were.
async fn tell(state: &Intake) -> Result<i64, Problem> {
    let cause = Cause::new(state.db.time());
    let work = state.db.tx("tell", &cause, async |tx| {
        let lines = notifications::take_untold(tx, AT_ONCE).await?;
        let policy = state.policy.notifications();
        let oldest = tx.now() - Duration::days(i64::from(policy.not_after_days));
        for line in lines.iter().filter(|line| line.happened_at >= oldest) {
            let mut templates = policy.of_fact(line.fact.as_str()).peekable();
            if templates.peek().is_none() {
                continue;
            }
            let collective_from = state.policy.intake().collective_from;
            let people = people::of_case(tx.conn(), line.case_id, collective_from).await?;
            let values = Values {
                acceptance_number: people.acceptance_number.as_deref().unwrap_or_default(),
                status: line.fact.status().name(),
                at: line.happened_at,
                // Offices are registered elsewhere; here the node signs for them.
                organisation: directory::name(*tx.node()).unwrap_or_default(),
            };
            let mut messages = Vec::new();
            for template in templates {
                messages.extend(messages_of(state, tx, line, template, &people, &values));
            }
            notifications::insert(tx, messages);
        }
        Ok(i64::try_from(lines.len()).unwrap_or(AT_ONCE))
    });
    work.await
}

/// A message on every channel of the template for everybody who is told there.
fn messages_of(
    state: &Intake,
    tx: &Tx,
    line: &Untold,
    template: &Template,
    people: &People,
    values: &Values<'_>,
) -> Vec<Notification> {
    let channels = template.channels.iter().copied();
    let reached = channels.flat_map(|channel| {
        let told = people.reached(&template.to, channel).into_iter();
        told.map(move |person| (channel, person))
    });
    let messages = reached.map(|(channel, person)| {
        let leaves = state.gateways.sends(channel);
        let text = values.fill(&template.text);
        Notification {
            id: tx.new_id(),
            case_id: line.case_id,
            party_id: person.id,
            event_id: line.event_id,
            template: template.code.clone(),
            channel,
            text_zh: text.zh,
            text_en: text.en,
            state: if leaves {
                NotificationState::Pending
            } else {
                NotificationState::DeliveredLocal
            },
            attempts: 0,
            next_attempt_at: leaves.then(|| tx.now()),
            last_failure: None,
            created_at: tx.now(),
            delivered_at: (!leaves).then(|| tx.now()),
            received_at: None,
            read_at: None,
        }
    });
    messages.collect()
}

/// Sends what is due. A message is claimed for longer than its gateway may take, so that no other process sends it too.
async fn send(state: &Intake) -> Result<(), Problem> {
    let settings = &state.settings.notifications;
    let time = state.db.time();
    let lease = Duration::from_std(settings.timeout * 2).map_err(Problem::unexpected)?;
    loop {
        let cause = Cause::new(time);
        let claim = state.db.tx("claim", &cause, async |tx| {
            let again_at = tx.now() + lease;
            notifications::claim(tx, i64::from(settings.batch), again_at).await
        });
        let due = claim.await?;
        if due.is_empty() {
            return Ok(());
        }
        let sent = join_all(due.iter().map(|due| state.gateways.send(due))).await;
        let note = state.db.tx("sent", &cause, async |tx| {
            for (due, outcome) in due.iter().zip(&sent) {
                note(state, tx, due, outcome.as_ref().err()).await?;
            }
            Ok(())
        });
        note.await?;
    }
}

/// Notes what became of a message; the last failed attempt is a fact, unless a receipt said meanwhile that it arrived.
async fn note(
    state: &Intake,
    tx: &mut Tx,
    due: &Due,
    failure: Option<&String>,
) -> Result<(), Problem> {
    let Some(failure) = failure else {
        notifications::note(tx, due.id, NotificationState::Sent, None, None);
        return Ok(());
    };
    if let Some(again) = again_at(state, tx.now(), due.attempts) {
        let pending = NotificationState::Pending;
        notifications::note(tx, due.id, pending, Some(again), Some(failure.clone()));
        return Ok(());
    }
    if notifications::fail(tx, due.id, failure).await? {
        let failed = NotificationFailed {
            notification_id: due.id,
            case_id: due.case_id,
            channel: due.channel,
            template: due.template.clone(),
            failed_at: tx.now(),
        };
        tx.publish(due.case_id, &failed)?;
    }
    Ok(())
}

/// When a message is sent again after so many attempts; none after the last one.
fn again_at(state: &Intake, now: DateTime<Utc>, attempts: i32) -> Option<DateTime<Utc>> {
    let at = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let wait = state.settings.notifications.backoff.get(at)?;
    Some(now + Duration::from_std(*wait).ok()?)
}
