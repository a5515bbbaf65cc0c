//! What a request may and must say, by its kind in the policy pack.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use contracts::border::HandsOver;
use policy::{
    PolicyPack,
    clock::due::beijing_date,
    sections::requests::{CarriedFigures, Need, RequestKind},
};
use serde_json::{Map, Value};

use super::Refusal;

/// The kind with this code.
///
/// # Errors
/// [`Refusal::UnknownKind`].
pub fn kind<'a>(policy: &'a PolicyPack, code: &str) -> Result<&'a RequestKind, Refusal> {
    policy.requests().kind(code).ok_or(Refusal::UnknownKind)
}

/// Checks the values given for a kind.
///
/// # Errors
/// [`Refusal::UnknownValue`], [`Refusal::ValueRequired`], [`Refusal::TooLong`].
pub fn check_values(
    kind: &RequestKind,
    values: &Map<String, Value>,
    max: usize,
) -> Result<(), Refusal> {
    for (code, given) in values {
        let unknown = || Refusal::UnknownValue(code.clone());
        let known = kind.value(code).ok_or_else(unknown)?;
        let text = given.as_str().ok_or_else(unknown)?;
        let open = known.options.is_empty();
        if !open && !known.options.iter().any(|option| option.code == text) {
            return Err(unknown());
        }
        check_length(&format!("/values/{code}"), text, max)?;
    }
    let missing = kind.values.iter().find(|value| {
        let given = values.get(&value.code).and_then(Value::as_str);
        value.required && given.is_none_or(|text| text.trim().is_empty())
    });
    match missing {
        Some(value) => Err(Refusal::ValueRequired(value.code.clone())),
        None => Ok(()),
    }
}

/// Checks a reason or report against what the kind or step wants.
///
/// # Errors
/// [`Refusal::ReasonRequired`], [`Refusal::NotOfKind`], [`Refusal::TooLong`], [`Refusal::PersonalData`].
pub fn check_text(
    need: Need,
    pointer: &'static str,
    text: Option<&str>,
    max: usize,
) -> Result<(), Refusal> {
    let blank = text.is_none_or(|text| text.trim().is_empty());
    match need {
        Need::Required if blank => Err(Refusal::ReasonRequired(pointer)),
        Need::None if text.is_some() => Err(Refusal::NotOfKind(pointer)),
        _ if text.is_some_and(names_a_person) => Err(Refusal::PersonalData(pointer)),
        _ => check_length(pointer, text.unwrap_or_default(), max),
    }
}

/// The figures that a kind carries, of all that were counted.
#[must_use]
pub fn carried(rule: &CarriedFigures, counted: &Value) -> Value {
    let codes = rule.fields.iter().map(|field| field.code());
    let fields = codes.filter_map(|code| Some((code.to_owned(), counted.get(code)?.clone())));
    Value::Object(fields.collect())
}

/// Whether a text holds a number as long as a telephone's or a document's.
fn names_a_person(text: &str) -> bool {
    const TELEPHONE: usize = 11;
    let mut digits = text.split(|c: char| !c.is_ascii_digit());
    digits.any(|run| run.len() >= TELEPHONE)
}

fn check_length(pointer: &str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.chars().count() > max {
        return Err(Refusal::TooLong {
            pointer: pointer.to_owned(),
            max,
        });
    }
    Ok(())
}

/// Checks the last day.
///
/// # Errors
/// [`Refusal::DeadlineRequired`], [`Refusal::NotOfKind`], [`Refusal::WrongDay`].
pub fn check_day(need: Need, due_on: Option<NaiveDate>, now: DateTime<Utc>) -> Result<(), Refusal> {
    match (need, due_on) {
        (Need::Required, None) => Err(Refusal::DeadlineRequired),
        (Need::None, Some(_)) => Err(Refusal::NotOfKind("/due_on")),
        // Four digits is what a date has on the wire; chrono reads more.
        (_, Some(day)) if day.year() > 9999 || day < beijing_date(now) => Err(Refusal::WrongDay),
        _ => Ok(()),
    }
}

/// What the signature does to the case: the option's word, else the kind's.
#[must_use]
pub fn hands_over(kind: &RequestKind, values: &Value) -> HandsOver {
    chosen(kind, values, |option| option.hands_over).unwrap_or(kind.hands_over)
}

/// When a request must be signed for and done, counted from `start`, and the clocks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Times {
    /// Clock of the signature.
    pub sign_clock: Option<String>,
    /// When it runs out.
    pub sign_due_at: Option<DateTime<Utc>>,
    /// Clock of the end.
    pub done_clock: Option<String>,
    /// When it runs out: the end of the day named, else by the clock.
    pub done_due_at: Option<DateTime<Utc>>,
}

impl Times {
    /// The times of a request of a kind.
    ///
    /// # Errors
    /// A clock the pack does not have; never for a pack that was loaded.
    pub fn of(
        policy: &PolicyPack,
        kind: &RequestKind,
        values: &Value,
        due_on: Option<NaiveDate>,
        start: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let sign_clock =
            chosen(kind, values, |o| o.sign_clock.clone()).or_else(|| kind.sign_clock.clone());
        let done_clock =
            chosen(kind, values, |o| o.done_clock.clone()).or_else(|| kind.done_clock.clone());
        let sign_due_at = match &sign_clock {
            Some(clock) => Some(policy.due(clock, None, start)?.at),
            None => None,
        };
        let done_due_at = match (&done_clock, due_on) {
            (Some(clock), Some(day)) => {
                Some(policy.clock(clock, None)?.due_on(day, policy.calendar()).at)
            }
            (Some(clock), None) => Some(policy.due(clock, None, start)?.at),
            (None, _) => None,
        };
        Ok(Self {
            sign_clock,
            sign_due_at,
            done_clock,
            done_due_at,
        })
    }
}

fn chosen<T>(
    kind: &RequestKind,
    values: &Value,
    of: impl Fn(&policy::sections::requests::RequestOption) -> Option<T>,
) -> Option<T> {
    kind.chosen(|code| values.get(code).and_then(Value::as_str))
        .find_map(of)
}
