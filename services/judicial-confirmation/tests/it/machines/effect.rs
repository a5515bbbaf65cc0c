//! An application to another body that gives an agreement effect.

use chrono::{Duration, NaiveDate};
use judicial_confirmation::domain::{
    agreement::Agreement,
    effect::{EffectApplication, EffectDecision, EffectState},
    refusal::Refusal,
};
use policy::{clock::due::beijing_date, sections::effects::EffectRoute};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use crate::{
    domain::{POLICY, agreement, beginning},
    support::id,
};

/// An agreement of three parties about money, and the application.
#[derive(Debug, Clone)]
pub struct World {
    agreement: Agreement,
    application: Option<EffectApplication>,
}

#[derive(Debug, Clone)]
pub enum Command {
    Apply {
        kind: &'static str,
        applicants: usize,
        late: bool,
    },
    Join {
        party: usize,
        late: bool,
    },
    Withdraw,
    Accept,
    Refuse,
    /// On so many days from today.
    Decide {
        outcome: &'static str,
        day: i64,
    },
}

fn today() -> NaiveDate {
    beijing_date(beginning())
}

fn last_day(late: bool) -> Option<NaiveDate> {
    late.then(|| today() - Duration::days(1))
}

fn route(kind: &str) -> &'static EffectRoute {
    POLICY.confirmation().effect_route(kind).unwrap()
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<EffectApplication>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let kind = prop::sample::select(vec![
            "notarised_instrument",
            "payment_order",
            "labour_review",
        ]);
        let outcome = prop::sample::select(vec!["issued", "in_force", "objected", "not_issued"]);
        let late = || prop::bool::weighted(0.2);
        prop_oneof![
            3 => (kind, 0..4_usize, late()).prop_map(|(kind, applicants, late)| Command::Apply { kind, applicants, late }),
            4 => (0..4_usize, late()).prop_map(|(party, late)| Command::Join { party, late }),
            1 => Just(Command::Withdraw),
            3 => Just(Command::Accept),
            1 => Just(Command::Refuse),
            4 => (outcome, -1..2_i64).prop_map(|(outcome, day)| Command::Decide { outcome, day }),
        ]
    }

    fn begin() -> Self {
        let agreement = Agreement {
            type_code: "contract.debt".to_owned(),
            amount_fen: 100,
            ..agreement(3)
        };
        Self {
            agreement,
            application: None,
        }
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (now, at) = (beginning(), (beginning(), today()));
        let (after, name) = match (command, self.application.clone()) {
            (
                Command::Apply {
                    kind,
                    applicants,
                    late,
                },
                None,
            ) => {
                let applicants = self.agreement.party_ids.iter().take(*applicants).copied();
                let (ids, terms) = ((id(), id()), (route(kind), last_day(*late)));
                let applied = EffectApplication::apply(
                    &self.agreement,
                    ids,
                    applicants.collect(),
                    terms,
                    at,
                )?;
                (applied, "apply_for_effect")
            }
            (Command::Apply { .. }, Some(_)) | (_, None) => return Ok(Vec::new()),
            (Command::Join { party, late }, Some(before)) => {
                let party = before.party_ids.get(*party).copied().unwrap_or_else(id);
                let after = before.join(party, last_day(*late), at)?;
                (after, "join_effect_application")
            }
            (Command::Withdraw, Some(before)) => {
                (before.withdraw(now)?.0, "withdraw_effect_application")
            }
            (Command::Accept, Some(before)) => (before.accept(now)?.0, "accept_effect_application"),
            (Command::Refuse, Some(before)) => {
                let after = before.refuse("材料不全".to_owned(), now)?.0;
                (after, "refuse_effect_application")
            }
            (Command::Decide { outcome, day }, Some(before)) => {
                let Some(outcome) = route(&before.kind).outcome(outcome) else {
                    return Ok(Vec::new());
                };
                let decision = EffectDecision {
                    number: None,
                    decided_on: today() + Duration::days(*day),
                };
                (
                    before.decide(outcome, decision, at)?.0,
                    "decide_effect_application",
                )
            }
        };
        self.application = Some(after);
        Ok(vec![name])
    }

    fn objects(&self) -> Vec<Object> {
        let object = |one: &EffectApplication| Object::of::<EffectApplication>(one.id, one.state);
        self.application.as_ref().map(object).into_iter().collect()
    }

    fn check(&self) {
        let Some(application) = &self.application else {
            return;
        };
        let decided = application.state == EffectState::Decided;
        assert_eq!(application.outcome.is_some(), decided);
        assert!(decided || !application.enforceable);
        let everybody = application.applicant_ids.len() == application.party_ids.len();
        let alone = application.kind == "payment_order";
        let waits = [EffectState::AwaitOtherParty, EffectState::Withdrawn];
        assert!(everybody || alone || waits.contains(&application.state));
    }
}
