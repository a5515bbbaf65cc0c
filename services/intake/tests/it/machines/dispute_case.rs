//! A case beside another one: opened again, merged, split, archived, while the facts of every service move its public status.

use chrono::{DateTime, Duration, Utc};
use intake::domain::{
    Refusal,
    case::CaseStatus,
    case_file::{Archiving, FileDocument, Sheet},
    dispute_case::DisputeCase,
    matter::{Matter, MatterState},
    public_fact::PublicFact,
};
use proptest::prelude::*;
use testkit::machines::{GIVEN, Object, Table, Walk};

use super::id;
use crate::domain::matter::{POLICY, beginning, matter};

/// The cases, the first of which comes with two matters, as the store keeps them.
#[derive(Debug, Clone)]
pub struct World {
    cases: Vec<(DisputeCase, Vec<Matter>)>,
    now: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub enum Command {
    /// What a service says of a case.
    Fact(usize, PublicFact),
    Reopen(usize),
    Archive(usize, bool),
    Merge(usize, usize),
    Split(usize),
    Wait(i64),
}

fn case(now: DateTime<Utc>, matters: usize) -> (DisputeCase, Vec<Matter>) {
    let case = DisputeCase {
        id: id(),
        region: "620602".parse().unwrap(),
        status: CaseStatus::Registered,
        status_at: now,
        closed_at: None,
        reopened_at: None,
        merged_into: None,
        recurrence_of: None,
        organisation_id: None,
        node: None,
    };
    let of_case = |_| Matter {
        id: id(),
        case_id: case.id,
        state: MatterState::Accepted,
        ..matter()
    };
    let matters = (0..matters).map(of_case).collect();
    (case, matters)
}

/// The status after a fact, as the store decides it.
fn note(case: &mut DisputeCase, fact: PublicFact, at: DateTime<Utc>) {
    let status = fact.status();
    if case.status.order(case.status_at) < status.order(at) {
        (case.status, case.status_at) = (status, at);
    }
}

impl World {
    fn at(&mut self, which: usize) -> &mut (DisputeCase, Vec<Matter>) {
        let last = self.cases.len() - 1;
        &mut self.cases[which.min(last)]
    }
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<DisputeCase>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let which = 0..3_usize;
        let facts = PublicFact::ALL.iter().copied();
        // A case is merged, archived and reopened by intake's own commands alone.
        let own = |fact: &PublicFact| {
            use PublicFact::{Archived, Joined, Merged, Reopened, Split};
            matches!(fact, Archived | Joined | Merged | Reopened | Split)
        };
        let facts: Vec<_> = facts.filter(|fact| !own(fact)).collect();
        let early = [
            PublicFact::Accepted,
            PublicFact::Triaged,
            PublicFact::Signed,
        ];
        prop_oneof![
            4 => (which.clone(), prop::sample::select(early.to_vec())).prop_map(|(case, fact)| Command::Fact(case, fact)),
            1 => (which.clone(), prop::sample::select(facts)).prop_map(|(case, fact)| Command::Fact(case, fact)),
            1 => which.clone().prop_map(|case| Command::Fact(case, PublicFact::Closed)),
            2 => which.clone().prop_map(Command::Reopen),
            2 => (which.clone(), any::<bool>()).prop_map(|(case, paper)| Command::Archive(case, paper)),
            1 => (which.clone(), which.clone()).prop_map(|(one, other)| Command::Merge(one, other)),
            1 => which.prop_map(Command::Split),
            2 => (0..40_i64).prop_map(Command::Wait),
        ]
    }

    fn begin() -> Self {
        Self {
            cases: Vec::new(),
            now: beginning(),
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (now, node) = (self.now, "6206".parse().unwrap());
        if self.cases.is_empty() {
            self.cases = vec![case(now, 2), case(now, 1)];
            return Ok(vec![GIVEN]);
        }
        match *command {
            Command::Wait(days) => {
                self.now += Duration::days(days) + Duration::minutes(1);
                Ok(Vec::new())
            }
            Command::Fact(which, fact) => {
                let case = &mut self.at(which).0;
                if case.merged_into.is_none() {
                    note(case, fact, now);
                    if fact == PublicFact::Closed {
                        case.closed_at = Some(now);
                    }
                }
                Ok(vec![GIVEN])
            }
            Command::Reopen(which) => {
                let rule = POLICY.clock("case.reopen", None).unwrap();
                let window = |closed_at| rule.due(closed_at, POLICY.calendar());
                let case = &mut self.at(which).0;
                case.reopen("objection", window, now)?;
                (case.status, case.status_at) = (PublicFact::Reopened.status(), now);
                case.reopened_at = Some(now);
                Ok(vec!["reopen_case"])
            }
            Command::Archive(which, paper) => {
                let rules = &POLICY.intake().file;
                let case = &mut self.at(which).0;
                let document = |(position, kind): (i32, &str)| FileDocument {
                    case_id: case.id,
                    position,
                    kind: kind.to_owned(),
                    title: "材料".to_owned(),
                    pages: 1,
                    added_by: "clerk".to_owned(),
                    added_at: now,
                    attachment_id: None,
                    sha256: None,
                };
                let kinds = [
                    "application",
                    "rights_notice",
                    "identity",
                    "session_record",
                    "back_cover",
                ];
                let documents: Vec<_> = (1..).zip(kinds).map(document).collect();
                let sheet = |document: &FileDocument| Sheet {
                    kind: document.kind.clone(),
                    pages: 1,
                };
                let sheets: Vec<_> = documents.iter().filter(|_| paper).map(sheet).collect();
                let until = |at| POLICY.due("case.reopen", None, at).unwrap();
                let archiving = Archiving {
                    documents: &documents,
                    paper: &sheets,
                    agreed: false,
                    retention: rules.retention_class(&rules.retention_default).unwrap(),
                    by: "clerk",
                    reopen_until: case.closed_at.map(until),
                };
                case.check_archivable(&archiving, rules, now)?;
                _ = case.archive(&archiving, "1".to_owned(), None, now);
                note(case, PublicFact::Archived, now);
                Ok(vec!["archive_case"])
            }
            Command::Merge(one, other) => {
                let (leading, matters) = self.at(other).clone();
                let case = self.at(one).0.clone();
                let leads = self
                    .cases
                    .iter()
                    .any(|(led, _)| led.merged_into == Some(case.id));
                DisputeCase::check_classes(&self.at(one).1, &matters)?;
                case.merge_into(&leading, leads, Vec::new(), node, now)?;
                let (case, matters) = self.at(one);
                let moved = std::mem::take(matters);
                case.merged_into = Some(leading.id);
                note(case, PublicFact::Merged, now);
                self.at(other).1.extend(moved);
                Ok(vec!["merge_case"])
            }
            Command::Split(which) => {
                let (case, matters) = self.at(which).clone();
                let asked = matters.first().map(|matter| matter.id);
                let new = DisputeCase {
                    id: id(),
                    status: PublicFact::Split.status(),
                    status_at: now,
                    ..case.clone()
                };
                let asked = asked.as_slice();
                case.split(new.id, asked, &matters, node, now)?;
                let (stay, go) = matters
                    .into_iter()
                    .partition(|matter| !asked.contains(&matter.id));
                self.at(which).1 = stay;
                self.cases.push((new, go));
                Ok(vec!["split_case"])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |(case, _): &(DisputeCase, Vec<Matter>)| {
            Object::of::<DisputeCase>(case.id, case.status)
        };
        self.cases.iter().map(object).collect()
    }

    fn check(&self) {
        for (case, matters) in &self.cases {
            assert_eq!(
                case.merged_into.is_some(),
                case.status == CaseStatus::Merged
            );
            assert_eq!(
                case.merged_into.is_some(),
                matters.is_empty(),
                "no matter is lost"
            );
            let leading = self
                .cases
                .iter()
                .find(|(one, _)| Some(one.id) == case.merged_into);
            assert!(
                leading.is_none_or(|(leading, _)| leading.merged_into.is_none()),
                "a chain"
            );
        }
        let matters: usize = self.cases.iter().map(|(_, matters)| matters.len()).sum();
        assert!(self.cases.is_empty() || matters == 3);
    }
}
