//! How a case goes, and what it publishes on its way.

use std::collections::BTreeMap;

/// How a case goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Written agreement, confirmed by the court, performed at once.
    Confirmed,
    /// Written agreement, performed in three instalments.
    Instalments,
    /// Oral agreement.
    Oral,
    /// A party does not want mediation.
    Refused,
    /// The sides are too far apart.
    Failed,
}

impl Course {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Confirmed,
        Self::Instalments,
        Self::Oral,
        Self::Refused,
        Self::Failed,
    ];

    /// The course of the n-th of many cases.
    #[must_use]
    pub fn of(n: usize) -> Self {
        Self::ALL
            .get(n % Self::ALL.len())
            .copied()
            .unwrap_or(Self::Confirmed)
    }

    /// Whether the dispute was settled.
    #[must_use]
    pub fn settled(self) -> bool {
        !matches!(self, Self::Refused | Self::Failed)
    }

    /// What a closed case has published, and how often.
    fn events(self) -> Vec<(&'static str, i64)> {
        let mut events = vec![
            ("matter.registered", 1),
            ("matter.accepted", 1),
            ("triage.proposed", 1),
            ("triage.decided", 1),
            ("dispatch.issued", 1),
            ("dispatch.signed", 1),
            ("mediation.opened", 1),
            ("mediation.ended", 1),
            ("follow_up.done", 1),
            ("rating.given", 1),
            ("case.closed", 1),
        ];
        if self == Self::Refused {
            events.extend([("mediation.consented", 1), ("mediation.refused", 1)]);
            return events;
        }
        events.extend([
            ("mediation.consented", 2),
            ("mediation.started", 1),
            ("mediation.session_held", 1),
        ]);
        if !self.settled() {
            return events;
        }
        events.extend([("agreement.drafted", 1), ("agreement.effective", 1)]);
        if self != Self::Oral {
            events.push(("agreement.signed_by", 4));
        }
        events.push((
            "performance.fulfilled",
            if self == Self::Instalments { 3 } else { 1 },
        ));
        if self == Self::Confirmed {
            let kinds = [
                "confirmation.applied",
                "confirmation.joint_completed",
                "confirmation.court_received",
                "confirmation.accepted",
                "confirmation.questioned",
                "confirmation.ruled",
            ];
            events.extend(kinds.map(|kind| (kind, 1)));
        }
        events
    }
}

/// What closed cases of these courses have published together, besides planned follow-ups and clocks.
#[must_use]
pub fn expected_events(courses: impl IntoIterator<Item = Course>) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    for (kind, count) in courses.into_iter().flat_map(Course::events) {
        *counts.entry(kind.to_owned()).or_insert(0) += count;
    }
    counts
}
