//! Indicators: a numerator, a denominator, and the version of their formula.

use diesel::{QueryableByName, sql_types::BigInt};
use policy::{
    rounding,
    sections::reporting::{Counter, Statistic},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::table::percent;

/// Every number the ledger can count, over the cases received in a period.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[expect(missing_docs, reason = "each is the counter of the same name")]
#[diesel(check_for_backend(diesel::pg::Pg))]
pub struct Counters {
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    #[diesel(sql_type = BigInt)]
    pub settled: i64,
    #[diesel(sql_type = BigInt)]
    pub concluded: i64,
    #[diesel(sql_type = BigInt)]
    pub agreements: i64,
    #[diesel(sql_type = BigInt)]
    pub confirmations_applied: i64,
    #[diesel(sql_type = BigInt)]
    pub confirmed: i64,
    #[diesel(sql_type = BigInt)]
    pub confirmations_dismissed: i64,
    #[diesel(sql_type = BigInt)]
    pub obligations_due: i64,
    #[diesel(sql_type = BigInt)]
    pub obligations_fulfilled: i64,
    #[diesel(sql_type = BigInt)]
    pub triaged: i64,
    #[diesel(sql_type = BigInt)]
    pub triaged_as_proposed: i64,
    #[diesel(sql_type = BigInt)]
    pub triaged_on_time: i64,
    #[diesel(sql_type = BigInt)]
    pub dispatched: i64,
    #[diesel(sql_type = BigInt)]
    pub signed_on_time: i64,
    #[diesel(sql_type = BigInt)]
    pub follow_ups_due: i64,
    #[diesel(sql_type = BigInt)]
    pub follow_ups_done: i64,
    #[diesel(sql_type = BigInt)]
    pub ratings: i64,
    #[diesel(sql_type = BigInt)]
    pub satisfied_ratings: i64,
    #[diesel(sql_type = BigInt)]
    pub closed: i64,
}

impl Counters {
    /// The number a counter stands for.
    #[must_use]
    pub fn get(&self, counter: Counter) -> u64 {
        let count = match counter {
            Counter::Received => self.received,
            Counter::Settled => self.settled,
            Counter::Concluded => self.concluded,
            Counter::Agreements => self.agreements,
            Counter::ConfirmationsApplied => self.confirmations_applied,
            Counter::Confirmed => self.confirmed,
            Counter::ConfirmationsDismissed => self.confirmations_dismissed,
            Counter::ObligationsDue => self.obligations_due,
            Counter::ObligationsFulfilled => self.obligations_fulfilled,
            Counter::Triaged => self.triaged,
            Counter::TriagedAsProposed => self.triaged_as_proposed,
            Counter::TriagedOnTime => self.triaged_on_time,
            Counter::Dispatched => self.dispatched,
            Counter::SignedOnTime => self.signed_on_time,
            Counter::FollowUpsDue => self.follow_ups_due,
            Counter::FollowUpsDone => self.follow_ups_done,
            Counter::Ratings => self.ratings,
            Counter::SatisfiedRatings => self.satisfied_ratings,
            Counter::Closed => self.closed,
        };
        u64::try_from(count).unwrap_or(0)
    }
}

/// A share with all that is needed to read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Indicator {
    /// Stable id in the policy pack: `settled_rate`.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// What was counted.
    pub numerator: u64,
    /// Of what.
    pub denominator: u64,
    /// Per cent, half up; null when there is nothing to divide by.
    pub pct: Option<f64>,
    /// Version of the formula.
    pub formula_version: u32,
    /// What to know when reading it, in Chinese.
    pub note_zh: Option<String>,
    /// What to know when reading it, in English.
    pub note_en: Option<String>,
}

/// The value of a statistic of the policy pack.
#[must_use]
pub fn indicator(
    statistic: &Statistic,
    count: impl Fn(Counter) -> u64,
    decimals: u32,
) -> Indicator {
    let (numerator, denominator) = (count(statistic.numerator), count(statistic.denominator));
    let value = rounding::percent(numerator, denominator, decimals);
    let note = statistic.note.clone();
    Indicator {
        id: statistic.id.clone(),
        zh: statistic.name.zh.clone(),
        en: statistic.name.en.clone(),
        numerator,
        denominator,
        pct: value.map(|value| percent(value, decimals)),
        formula_version: statistic.formula_version,
        note_zh: note.as_ref().map(|note| note.zh.clone()),
        note_en: note.map(|note| note.en),
    }
}
