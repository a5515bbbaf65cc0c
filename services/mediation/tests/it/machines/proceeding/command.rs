//! What may be asked of a proceeding.

use contracts::events::mediation::{AgreementForm, SignatureForm, SignerKind};
use mediation::domain::drafting::{DraftAgreement, DraftClause};
use proptest::prelude::*;

use super::World;
use crate::machines::today;

/// A command with everything a caller chooses in it. A party's index may be one too many: a stranger.
#[derive(Debug, Clone)]
pub enum Command {
    Answer {
        party: usize,
        consents: bool,
    },
    Start {
        mediators: usize,
        accepted: bool,
    },
    Session,
    Pause,
    Resume,
    OtherWay,
    Dismissed,
    Replace,
    Draft {
        oral: bool,
        immediate: bool,
        clauses: u32,
    },
    Sign {
        signer: SignerKind,
        party: usize,
        form: SignatureForm,
    },
    /// Whoever has not signed, in the form that is theirs.
    SignNext,
    End {
        code: &'static str,
    },
    TimeOver,
    Suspect,
    Clear,
    Confirmed,
    Amend {
        clauses: u32,
    },
    SignAmendment,
    Fulfil {
        obligation: usize,
    },
    Default {
        obligation: usize,
    },
}

/// Any of them; what leads on more often.
pub fn any() -> impl Strategy<Value = Command> {
    let code = proptest::sample::select(vec![
        "agreement",
        "party_unwilling",
        "large_gap",
        "unreachable",
        "self_settled_withdrawn",
        "other",
        "nonsense",
    ]);
    prop_oneof![
        8 => (0..4_usize, proptest::bool::weighted(0.95)).prop_map(|(party, consents)| Command::Answer { party, consents }),
        4 => (0..3_usize, proptest::bool::weighted(0.9)).prop_map(|(mediators, accepted)| Command::Start { mediators, accepted }),
        3 => Just(Command::Session),
        1 => Just(Command::Pause),
        3 => Just(Command::Resume),
        1 => Just(Command::OtherWay),
        1 => Just(Command::Dismissed),
        1 => Just(Command::Replace),
        3 => (proptest::bool::weighted(0.2), proptest::bool::weighted(0.2), 0..4_u32)
            .prop_map(|(oral, immediate, clauses)| Command::Draft { oral, immediate, clauses }),
        9 => (proptest::sample::select(SignerKind::ALL), 0..4_usize, proptest::sample::select(SignatureForm::ALL))
            .prop_map(|(signer, party, form)| Command::Sign { signer, party, form }),
        9 => Just(Command::SignNext),
        1 => code.prop_map(|code| Command::End { code }),
        1 => Just(Command::TimeOver),
        1 => Just(Command::Suspect),
        3 => Just(Command::Clear),
        1 => Just(Command::Confirmed),
        2 => (0..4_u32).prop_map(|clauses| Command::Amend { clauses }),
        6 => Just(Command::SignAmendment),
        3 => (0..4_usize).prop_map(|obligation| Command::Fulfil { obligation }),
        1 => (0..4_usize).prop_map(|obligation| Command::Default { obligation }),
    ]
}

impl<const PARTIES: usize> World<PARTIES> {
    /// What is to be agreed on.
    pub(super) fn terms(&self, oral: bool, immediate: bool, clauses: u32) -> DraftAgreement {
        let clause = |_| DraftClause {
            debtor: self.party(PARTIES - 1),
            act: None,
            way: Some("payment".to_owned()),
            due_on: Some(today()),
            amount_fen: Some(100),
        };
        DraftAgreement {
            form: if oral {
                AgreementForm::Oral
            } else {
                AgreementForm::Written
            },
            facts: "事实".to_owned(),
            content: "内容".to_owned(),
            content_codes: Vec::new(),
            amount_fen: i64::from(clauses) * 100,
            obligations: (0..clauses).map(clause).collect(),
            immediate,
            // Agreements of one clause settle a part only.
            open_issues: (clauses == 1).then(|| "误工费".to_owned()),
        }
    }
}
