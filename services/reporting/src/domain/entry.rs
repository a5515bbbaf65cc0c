//! A row of the ledger, and how what is known of a case is merged into it.
//!
//! An event gives an entry in which only what it says is filled. Every column's rule gives the same row whatever the order
//! in which the events come; an event applies once because the log holds it once. Columns that only count ([`Merge::Add`])
//! rest on that alone. Two nodes may know the same case; it is one row.

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::{
        intake::MatterClass,
        judicial_confirmation::RulingOutcome,
        triage::{RiskColour, Track},
    },
    ids::{CaseId, OrganisationId},
    region::RegionCode,
};
use diesel::{
    QueryResult, QueryableByName,
    pg::Pg,
    query_builder::AstPass,
    sql_types::{
        Array, BigInt, Bool, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

use super::outcome::Outcome;

/// How a column is merged with what a further event says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// The earliest.
    First,
    /// The latest.
    Last,
    /// Goes with the latest of this column, which is a time.
    With(&'static str),
    /// Goes with the earliest of this column, which is a time: of nodes that both took a case in, the first one's word counts.
    WithFirst(&'static str),
    /// The sum.
    Add,
    /// All values, sorted.
    Collect,
    /// All different values, sorted.
    Distinct,
}

impl Merge {
    /// The time a column goes with, if it goes with one.
    fn time(self) -> Option<&'static str> {
        match self {
            Self::With(time) | Self::WithFirst(time) => Some(time),
            _ => None,
        }
    }

    /// The rule as SQL over `l`, the stored row, and `excluded`, the new entry.
    #[must_use]
    pub fn sql(self, column: &str) -> String {
        let collected = |distinct: &str| {
            format!(
                "CASE WHEN excluded.{column} IS NULL THEN l.{column} WHEN l.{column} IS NULL THEN excluded.{column} \
                 ELSE ARRAY(SELECT {distinct} v FROM unnest(l.{column} || excluded.{column}) AS v ORDER BY v) END"
            )
        };
        match self {
            // Both ignore NULL.
            Self::First => format!("least(l.{column}, excluded.{column})"),
            Self::Last => format!("greatest(l.{column}, excluded.{column})"),
            Self::With(time) => format!(
                "CASE WHEN l.{time} IS NULL OR excluded.{time} > l.{time} THEN excluded.{column} ELSE l.{column} END"
            ),
            Self::WithFirst(time) => format!(
                "CASE WHEN l.{time} IS NOT DISTINCT FROM excluded.{time} THEN least(l.{column}, excluded.{column}) \
                 WHEN l.{time} IS NULL OR excluded.{time} < l.{time} THEN excluded.{column} ELSE l.{column} END"
            ),
            Self::Add => {
                format!("coalesce(l.{column} + excluded.{column}, l.{column}, excluded.{column})")
            }
            Self::Collect => collected(""),
            Self::Distinct => collected("DISTINCT"),
        }
    }
}

/// Declares the row: each column with its type here, its type there, and its rule.
macro_rules! ledger {
    ($($(#[$meta:meta])* $name:ident: $rust:ty as $sql:ty, $merge:expr;)+) => {
        /// A row of the ledger 台账; null is what is not known, or has not happened.
        #[derive(Debug, Clone, PartialEq, Serialize, QueryableByName, ToSchema)]
        pub struct LedgerEntry {
            /// The case.
            #[diesel(sql_type = SqlUuid)]
            pub case_id: CaseId,
            $($(#[$meta])* #[diesel(sql_type = Nullable<$sql>)] pub $name: Option<$rust>,)+
        }

        /// The columns besides `case_id`, each with its rule.
        pub const COLUMNS: &[(&str, Merge)] = &[$((stringify!($name), $merge)),+];

        impl LedgerEntry {
            /// A case of which nothing is known.
            #[must_use]
            pub fn of(case_id: CaseId) -> Self {
                Self { case_id, $($name: None),+ }
            }

            fn fills(&self, column: &str) -> bool {
                match column {
                    $(stringify!($name) => self.$name.is_some(),)+
                    _ => false,
                }
            }

            /// Adds the values of these columns to a statement, separated by commas, `case_id` first.
            pub(crate) fn bind<'b>(
                &'b self,
                columns: &[&(&str, Merge)],
                out: &mut AstPass<'_, 'b, Pg>,
            ) -> QueryResult<()> {
                out.push_bind_param::<SqlUuid, _>(&self.case_id)?;
                for (column, _) in columns {
                    out.push_sql(", ");
                    match *column {
                        $(stringify!($name) => out.push_bind_param::<Nullable<$sql>, _>(&self.$name)?,)+
                        _ => {}
                    }
                }
                Ok(())
            }
        }
    };
}

impl LedgerEntry {
    /// The columns it says something of: those it fills, and those that go with a time it fills. By every rule the others stay
    /// as they are.
    pub(crate) fn says(&self) -> Vec<&'static (&'static str, Merge)> {
        let says = |(column, merge): &&(&str, Merge)| {
            self.fills(column) || merge.time().is_some_and(|time| self.fills(time))
        };
        COLUMNS.iter().filter(says).collect()
    }
}

ledger! {
    /// Where it was brought.
    region: RegionCode as Text, Merge::WithFirst("registered_at");
    /// Dispute, petition or complaint.
    class: MatterClass as Text, Merge::WithFirst("accepted_at");
    /// Source code of the policy pack (IN-04).
    source: String as Text, Merge::WithFirst("accepted_at");
    /// Channel code of the policy pack (IN-08).
    channel: String as Text, Merge::WithFirst("accepted_at");
    /// 受理编号.
    acceptance_number: String as Text, Merge::WithFirst("accepted_at");
    /// How many people are involved.
    persons_involved: i64 as BigInt, Merge::WithFirst("accepted_at");
    /// Amount in dispute, fen.
    amount_fen: i64 as BigInt, Merge::WithFirst("accepted_at");
    /// When it was registered.
    registered_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When it was accepted; a case counts as received from then on.
    accepted_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// The node that accepted it first: where it counts in splits by node.
    origin: RegionCode as Text, Merge::WithFirst("accepted_at");
    /// When it was declined.
    declined_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When it was settled on the spot (IN-07).
    answered_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When a person decided how to handle it; the last decision counts.
    decided_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// Dispute type as decided.
    type_code: String as Text, Merge::With("decided_at");
    /// Route as decided.
    route: String as Text, Merge::With("decided_at");
    /// Track as decided.
    track: Track as Text, Merge::With("decided_at");
    /// When its risk colour was last decided or changed.
    coloured_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// Risk colour.
    colour: RiskColour as Text, Merge::With("coloured_at");
    /// Whether the decision equals the machine's proposal in all four.
    as_proposed: bool as Bool, Merge::With("decided_at");
    /// When it was last dispatched.
    dispatched_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// When an organisation last signed for it.
    signed_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// The organisation that last signed for it.
    organisation_id: OrganisationId as SqlUuid, Merge::With("signed_at");
    /// When mediation first started.
    started_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When the work on it last ended, by mediation or another way; also when what had ended was sent back.
    ended_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// How it ended; a case with an outcome counts as concluded.
    outcome: Outcome as Text, Merge::With("ended_at");
    /// End code of mediation, or outcome of the other route: of the policy pack.
    end_code: String as Text, Merge::With("ended_at");
    /// When an agreement last took effect.
    agreed_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// What the agreements are about, fen.
    agreed_amount_fen: i64 as BigInt, Merge::Add;
    /// The last day of each obligation.
    obligations_due_on: Vec<NaiveDate> as Array<Date>, Merge::Collect;
    /// The last day of each obligation that is no longer owed: the agreement was changed, replaced or given up.
    obligations_dropped_due_on: Vec<NaiveDate> as Array<Date>, Merge::Collect;
    /// Obligations performed.
    obligations_fulfilled: i64 as BigInt, Merge::Add;
    /// Obligations performed in time.
    obligations_on_time: i64 as BigInt, Merge::Add;
    /// Obligations not performed.
    obligations_defaulted: i64 as BigInt, Merge::Add;
    /// When the last obligation of an agreement was performed.
    performed_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// When judicial confirmation was first applied for.
    confirmation_applied_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When the court last ruled.
    ruled_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// What it ruled.
    ruling: RulingOutcome as Text, Merge::With("ruled_at");
    /// When the first follow-up visit is due.
    follow_up_due_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// When a follow-up visit was last made.
    follow_up_done_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// Whether the person said then to be satisfied.
    follow_up_satisfied: bool as Bool, Merge::With("follow_up_done_at");
    /// Every score given.
    ratings: Vec<i16> as Array<SmallInt>, Merge::Collect;
    /// When it was closed.
    closed_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// When it was opened again last; it counts as closed when that was later.
    reopened_at: DateTime<Utc> as Timestamptz, Merge::Last;
    /// When it was merged into another case: it counts there and not by itself.
    merged_at: DateTime<Utc> as Timestamptz, Merge::First;
    /// The clocks of the policy pack that ran out: `triage.decide`.
    clocks_breached: Vec<String> as Array<Text>, Merge::Distinct;
}
