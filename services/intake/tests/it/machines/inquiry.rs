//! A question and its answer.

use intake::domain::{
    Refusal,
    inquiry::{Inquiry, InquiryState, Question},
};
use proptest::prelude::*;
use testkit::machines::{Object, Table, Walk};

use super::id;
use crate::domain::matter::{POLICY, beginning};

/// A question, once it is asked.
#[derive(Debug, Clone)]
pub struct World(Option<Inquiry>);

#[derive(Debug, Clone)]
pub enum Command {
    Ask,
    Answer,
    Rate(u8),
}

impl Walk for World {
    type Command = Command;
    type Refusal = Refusal;

    fn tables() -> Vec<Table> {
        vec![Table::of::<Inquiry>()]
    }

    fn commands() -> impl Strategy<Value = Command> {
        prop_oneof![
            Just(Command::Ask),
            Just(Command::Answer),
            (1..6_u8).prop_map(Command::Rate),
        ]
    }

    fn begin() -> Self {
        Self(None)
    }

    fn apply(&mut self, command: &Command) -> Result<Vec<&'static str>, Refusal> {
        let now = beginning();
        match (command, &mut self.0) {
            (Command::Ask, none @ None) => {
                let question = Question {
                    id: id(),
                    region: "620602".parse().unwrap(),
                    item: "legal_advice".to_owned(),
                    question: "欠薪怎么办".to_owned(),
                    by: "person".to_owned(),
                };
                let due = POLICY.due("matter.answer", None, now).unwrap();
                *none = Some(Inquiry::ask(question, due, now).0);
                Ok(vec!["ask_inquiry"])
            }
            (Command::Answer, Some(inquiry)) => {
                inquiry.answer("可以申请调解".to_owned(), "adviser", now)?;
                Ok(vec!["answer_inquiry"])
            }
            (Command::Rate(score), Some(inquiry)) => {
                inquiry.rate(*score, now)?;
                Ok(vec!["rate_inquiry"])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn objects(&self) -> Vec<Object> {
        let object = |inquiry: &Inquiry| Object::of::<Inquiry>(inquiry.id, inquiry.state);
        self.0.as_ref().map(object).into_iter().collect()
    }

    fn check(&self) {
        let Some(inquiry) = &self.0 else { return };
        let answered = inquiry.state == InquiryState::Answered;
        assert_eq!(inquiry.answer.is_some(), answered);
        assert!(answered || inquiry.score.is_none());
    }
}
