//! What people do in a visit.

mod desk;
mod intake;
mod lifecycle;
mod made_up;
mod reading;

use std::time::Instant;

use chrono::{Duration, NaiveDate};
use serde_json::Value;

use crate::{
    hand::{Failed, Hand, now},
    kinds::Kind,
    play::Visit,
};

/// Plays one visit.
pub async fn play(hand: &mut Hand<'_>, visit: Visit) -> Result<(), Failed> {
    let turn = hand.world.next_serial();
    match visit {
        Visit::Window => intake::window(hand, turn).await,
        Visit::Hotline => intake::hotline(hand, turn).await,
        Visit::Code => intake::code(hand, turn).await,
        Visit::Desk => desk::work(hand, turn).await,
        Visit::Search => reading::search(hand, turn).await,
        Visit::Dashboard => reading::dashboard(hand).await,
        Visit::Lifecycle => lifecycle::play(hand, turn).await,
    }
}

/// The next person with a role. That every role has somebody was checked before the start.
fn person<'a>(hand: &Hand<'a>, role: contracts::roles::Role) -> &'a str {
    hand.world.people.next(role).unwrap_or_default()
}

/// Gets a page of a list and opens the item whose turn it is, if there is any.
async fn list_and_open(
    hand: &mut Hand<'_>,
    (list, path): (Kind, &str),
    (open, base, field): (Kind, &str, &str),
    token: &str,
    turn: u64,
) -> Result<(), Failed> {
    let found = hand.get(list, path, token).await?;
    if let Some(id) = choose(&found, field, turn) {
        hand.get(open, &format!("{base}/{id}"), token).await?;
    }
    Ok(())
}

/// A field of the list's item whose turn it is.
fn choose(list: &Value, field: &str, turn: u64) -> Option<String> {
    let items = list.get("items")?.as_array()?;
    let length = u64::try_from(items.len()).ok()?;
    let at = usize::try_from(turn.checked_rem(length)?).ok()?;
    Some(items.get(at)?.get(field)?.as_str()?.to_owned())
}

fn text(object: &Value, field: &str) -> String {
    let text = object.get(field).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Today in China.
fn today() -> NaiveDate {
    (now() + Duration::hours(8)).date_naive()
}

/// Whether a field of reporting's row is filled.
fn filled(field: &'static str) -> impl Fn(&Value) -> bool {
    move |entry| entry.get(field).is_some_and(|value| !value.is_null())
}

/// What is done, with the moment before it.
fn begin() -> Instant {
    Instant::now()
}
