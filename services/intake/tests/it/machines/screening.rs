//! A hidden risk and what became of it.

use contracts::events::intake::ScreeningKind;
use intake::domain::{
    Refusal,
    screening::{Screening, ScreeningState},
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use super::id;
use crate::domain::matter::{POLICY, beginning};

/// A risk that was recorded.
#[derive(Debug, Clone)]
pub struct World(Screening);

#[derive(Debug, Clone)]
pub enum Command {
    Register,
    WriteOff(&'static str),
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;
    const BEGINS_WITH: &'static [&'static str] = &["record_screening"];

    fn tables() -> Vec<Table> {
        vec![Table::of::<Screening>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        let reason = prop::sample::select(vec!["settled", "no_risk", "nonsense"]);
        prop_oneof![Just(Command::Register), reason.prop_map(Command::WriteOff)]
    }

    fn begin() -> Self {
        Self(Screening {
            id: id(),
            case_id: id(),
            version: 1,
            region: "620602".parse().unwrap(),
            place: "东大街".to_owned(),
            kind: ScreeningKind::Routine,
            category: "wage_arrears".to_owned(),
            severity: "general".to_owned(),
            description: "欠薪".to_owned(),
            state: ScreeningState::Open,
            organisation_id: None,
            recorded_by: "grid".to_owned(),
            matter_id: None,
            reason: None,
            evidence: None,
            decided_by: None,
            decided_at: None,
            created_at: beginning(),
            updated_at: beginning(),
        })
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let (risk, now) = (&mut self.0, beginning());
        match command {
            Command::Register => {
                risk.register(id(), "clerk", now)?;
                Ok(vec!["register_screening"])
            }
            Command::WriteOff(reason) => {
                let rules = &POLICY.intake().screening;
                risk.write_off(rules, reason, "回访确认", "clerk", now)?;
                Ok(vec!["write_off_screening"])
            }
        }
    }

    fn objects(&self) -> Vec<Object> {
        vec![Object::of::<Screening>(self.0.id, self.0.state)]
    }

    fn check(&self) {
        let (risk, state) = (&self.0, self.0.state);
        assert_eq!(
            risk.matter_id.is_some(),
            state == ScreeningState::Registered
        );
        assert_eq!(risk.evidence.is_some(), state == ScreeningState::WrittenOff);
        assert_eq!(risk.decided_by.is_none(), state == ScreeningState::Open);
    }
}
