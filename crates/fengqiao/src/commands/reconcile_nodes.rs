//! `fengqiao reconcile` between nodes: what every child has of a period, against what is here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use chassis::{config::Config, db::Db, time::Time};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use contracts::{
    Service,
    border::{AuditAnswered, AuditRow},
    ids::EventId,
    region::RegionCode,
};
use federation::audits::{self, Scope};

use super::{db, failed};

/// How long a child may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Days compared when no period is given.
const DAYS: u64 = 31;

/// Something that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The child did not answer.
    Silent(RegionCode),
    /// Facts of one day and kind.
    Facts {
        /// Where they happened.
        node: RegionCode,
        /// When.
        day: NaiveDate,
        /// What kind.
        kind: String,
        /// Those the child has and this node has not.
        missing: Vec<EventId>,
        /// Those this node has and the child has not.
        extra: Vec<EventId>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent(child) => write!(f, "{child}: no answer within {PATIENCE:?}"),
            Self::Facts {
                node,
                day,
                kind,
                missing,
                extra,
            } => {
                write!(f, "{node} {day} {kind}:")?;
                for (word, ids) in [("missing here", missing), ("not there", extra)] {
                    if !ids.is_empty() {
                        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                        write!(f, " {} {word}: {}", ids.len(), ids.join(" "))?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// Compares with every child; a node that stands alone has none.
pub async fn compare(config: &Config, period: Option<&str>) -> Result<Vec<Difference>> {
    if config.federation.directory.is_none() {
        return Ok(Vec::new());
    }
    let (from, to) = days(period)?;
    let db = db(config, Service::Federation)?;
    let mut differences = Vec::new();
    for child in audits::children(&db).await.map_err(failed)? {
        let desk = Desk { db: &db, child };
        differences.extend(desk.compare(from, to).await?);
    }
    Ok(differences)
}

/// A child, and how it is asked.
struct Desk<'a> {
    db: &'a Db,
    child: RegionCode,
}

impl Desk<'_> {
    async fn compare(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<Difference>> {
        let whole = Scope {
            from,
            to,
            node: None,
            kind: None,
            after: None,
        };
        let Some((there, here)) = self.both(&whole).await? else {
            return Ok(vec![Difference::Silent(self.child)]);
        };
        let mut found = Vec::new();
        for node in differing(&there.rows, &here.rows, |row| row.node) {
            // Month by month: an answer has to fit into a message.
            let mut first = from;
            while first <= to {
                let next = month_after(first);
                let last = to.min(next - Days::new(1));
                let by_day = Scope {
                    from: first,
                    to: last,
                    node: Some(node),
                    kind: None,
                    after: None,
                };
                found.extend(self.by_day(&by_day, node).await?);
                first = next;
            }
        }
        Ok(found)
    }

    async fn by_day(&self, scope: &Scope, node: RegionCode) -> Result<Vec<Difference>> {
        let Some((there, here)) = self.both(scope).await? else {
            return Ok(vec![Difference::Silent(self.child)]);
        };
        let mut found = Vec::new();
        for (day, kind) in differing(&there.rows, &here.rows, |row| (row.day, row.kind.clone())) {
            let (Some(day), Some(kind)) = (day, kind) else {
                continue;
            };
            let one = Scope {
                from: day,
                to: day,
                node: Some(node),
                kind: Some(kind.clone()),
                after: None,
            };
            let Some(there) = ids(one.clone(), async |page| self.there(page).await).await? else {
                return Ok(vec![Difference::Silent(self.child)]);
            };
            let here = ids(one, async |page| self.here(page).await.map(Some)).await?;
            let here = here.unwrap_or_default();
            found.push(Difference::Facts {
                node,
                day,
                kind,
                missing: there.difference(&here).copied().collect(),
                extra: here.difference(&there).copied().collect(),
            });
        }
        Ok(found)
    }

    /// What the child has, and what this node has; none when the child does not answer.
    async fn both(&self, scope: &Scope) -> Result<Option<(AuditAnswered, AuditAnswered)>> {
        match self.there(scope).await? {
            Some(there) => Ok(Some((there, self.here(scope).await?))),
            None => Ok(None),
        }
    }

    async fn there(&self, scope: &Scope) -> Result<Option<AuditAnswered>> {
        let id = audits::ask(self.db, self.child, scope)
            .await
            .map_err(failed)?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(there) = audits::answer(self.db, id).await.map_err(failed)? {
                return Ok(Some(there));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(None)
    }

    async fn here(&self, scope: &Scope) -> Result<AuditAnswered> {
        audits::own(self.db, self.child, scope)
            .await
            .map_err(failed)
    }
}

/// All ids, page by page; none when a page does not come.
async fn ids(
    mut scope: Scope,
    page: impl AsyncFn(&Scope) -> Result<Option<AuditAnswered>>,
) -> Result<Option<BTreeSet<EventId>>> {
    let mut all = BTreeSet::new();
    loop {
        let Some(answer) = page(&scope).await? else {
            return Ok(None);
        };
        let last = answer.ids.last().copied();
        all.extend(answer.ids);
        // A node of an earlier release gives its first page again and again.
        if !answer.more || last.is_none_or(|last| scope.after.is_some_and(|after| last <= after)) {
            return Ok(Some(all));
        }
        scope.after = last;
    }
}

/// The keys under which the two sides do not have the same.
fn differing<K: Ord + Clone>(
    there: &[AuditRow],
    here: &[AuditRow],
    key: impl Fn(&AuditRow) -> K,
) -> Vec<K> {
    let by_key = |rows: &[AuditRow]| -> BTreeMap<K, (i64, i64)> {
        rows.iter()
            .map(|row| (key(row), (row.count, row.digest)))
            .collect()
    };
    let (there, here) = (by_key(there), by_key(here));
    let all: BTreeSet<K> = there.keys().chain(here.keys()).cloned().collect();
    all.into_iter()
        .filter(|k| there.get(k) != here.get(k))
        .collect()
}

fn month_after(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    first + Months::new(1)
}

/// First and last day of a period.
fn days(period: Option<&str>) -> Result<(NaiveDate, NaiveDate)> {
    let Some(period) = period else {
        let today = (Time::system().now() + chrono::Duration::hours(8)).date_naive();
        return Ok((today - Days::new(DAYS - 1), today));
    };
    let unreadable = || format!("not a period: {period} (2026, 2026-Q3, 2026-09, 2026-09-01)");
    if let Ok(day) = period.parse::<NaiveDate>() {
        return Ok((day, day));
    }
    let (year, rest) = period.split_once('-').unwrap_or((period, ""));
    let year: i32 = year.parse().with_context(unreadable)?;
    let (month, months) = match rest {
        "" => (1, 12),
        quarter if quarter.starts_with('Q') => {
            let number: u32 = quarter
                .trim_start_matches('Q')
                .parse()
                .with_context(unreadable)?;
            if !(1..=4).contains(&number) {
                bail!(unreadable());
            }
            (number * 3 - 2, 3)
        }
        month => (month.parse().with_context(unreadable)?, 1),
    };
    let first = NaiveDate::from_ymd_opt(year, month, 1).with_context(unreadable)?;
    Ok((first, first + Months::new(months) - Days::new(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (period, from, to) in [
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-Q3", "2026-07-01", "2026-09-30"),
            ("2026-02", "2026-02-01", "2026-02-28"),
            ("2026-09-01", "2026-09-01", "2026-09-01"),
        ] {
            assert_eq!(
                days(Some(period)).unwrap(),
                (day(from), day(to)),
                "{period}"
            );
        }
        for wrong in ["", "Q3", "2026-Q5", "2026-13", "2026-00", "soon"] {
            assert!(days(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn ids_are_read_to_the_last_page() {
        let (time, day) = (Time::system(), "2026-09-01".parse().unwrap());
        let mut wanted: Vec<EventId> = (0..5).map(|_| time.id()).collect();
        wanted.sort();
        let scope = Scope {
            from: day,
            to: day,
            node: None,
            kind: None,
            after: None,
        };
        let page = async |scope: &Scope| {
            let rest: Vec<EventId> = wanted
                .iter()
                .filter(|id| scope.after.is_none_or(|after| **id > after))
                .copied()
                .collect();
            Ok(Some(AuditAnswered {
                audit_id: time.id(),
                rows: Vec::new(),
                more: rest.len() > 2,
                ids: rest.into_iter().take(2).collect(),
            }))
        };
        let all = ids(scope.clone(), page).await.unwrap().unwrap();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), wanted);
        let silent = ids(scope, async |_: &Scope| Ok(None)).await.unwrap();
        assert_eq!(silent, None);
    }

    #[test]
    fn only_what_differs_is_looked_at() {
        let row = |node: &str, count, digest| AuditRow {
            node: node.parse().unwrap(),
            day: None,
            kind: None,
            count,
            digest,
        };
        let there = [
            row("620602", 2, 5),
            row("620621", 1, 1),
            row("620622", 1, 9),
        ];
        let here = [
            row("620602", 2, 5),
            row("620621", 1, 2),
            row("620623", 1, 9),
        ];
        let nodes: Vec<String> = differing(&there, &here, |row| row.node)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(nodes, ["620621", "620622", "620623"]);
    }
}
