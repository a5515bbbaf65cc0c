//! What must be true of every stored state.

use contracts::events::mediation::{AgreementForm, SignatureForm, SignerKind};
use mediation::domain::{
    agreement::AgreementState, obligation::ObligationState, proceeding::ProceedingState,
};

use testkit::machines::Walk as _;

use super::{World, command::Command};

impl<const PARTIES: usize> World<PARTIES> {
    /// Nothing goes on without everybody's consent, and nothing is in effect without everybody's signature.
    pub(super) fn check_consent(&self) {
        let state = self.proceeding.state;
        let consented = self
            .proceeding
            .parties
            .iter()
            .all(|party| party.answer.as_ref().is_some_and(|answer| answer.consents));
        use ProceedingState::{Agreed, AgreementDismissed, ConsentPending, Mediating, Paused};
        if matches!(state, Mediating | Paused | Agreed | AgreementDismissed) {
            assert!(
                consented && !self.proceeding.mediator_ids.is_empty(),
                "{self:?}"
            );
        }
        let in_effect = self
            .agreement
            .as_ref()
            .is_some_and(|agreement| agreement.effective_at.is_some());
        let transferred = self.proceeding.course.transfer.is_some();
        assert!(in_effect == matches!(state, Agreed | AgreementDismissed) || transferred);
        assert_eq!(
            self.proceeding.ended_at.is_some(),
            !matches!(state, ConsentPending | Mediating | Paused)
        );
        let Some(agreement) = &self.agreement else {
            return;
        };
        assert!(self.proceeding.sessions > 0);
        if in_effect && agreement.form == AgreementForm::Written {
            let signed = |signer, party_id| {
                agreement
                    .signatures
                    .iter()
                    .filter(|s| s.signer == signer && s.party_id == party_id)
                    .count()
            };
            assert!(
                self.proceeding
                    .party_ids()
                    .into_iter()
                    .all(|party| signed(SignerKind::Party, Some(party)) == 1)
            );
            assert_eq!(
                (
                    signed(SignerKind::Mediator, None),
                    signed(SignerKind::Organisation, None)
                ),
                (1, 1)
            );
        }
    }

    /// What is owed and what the agreement says of it agree.
    pub(super) fn check_performance(&self) {
        let Some(agreement) = &self.agreement else {
            return;
        };
        let count = |state| {
            self.obligations
                .iter()
                .filter(|obligation| obligation.state == state)
                .count()
        };
        if agreement.effective_at.is_some() && agreement.state != AgreementState::Replaced {
            let left = count(ObligationState::Open) + count(ObligationState::Defaulted);
            assert_eq!(usize::try_from(agreement.remaining).unwrap(), left);
            let expected = match (count(ObligationState::Defaulted), left) {
                (0, 0) => AgreementState::Performed,
                (0, _) => AgreementState::Performing,
                _ => AgreementState::Defaulted,
            };
            assert_eq!(agreement.state, expected);
        }
    }
}

/// The usual way reaches the end.
#[test]
fn the_usual_way_is_open() {
    let mut world = World::<2>::begin();
    let sign = |signer, party, form| Command::Sign {
        signer,
        party,
        form,
    };
    for command in [
        Command::Answer {
            party: 0,
            consents: true,
        },
        Command::Answer {
            party: 1,
            consents: true,
        },
        Command::Start {
            mediators: 1,
            accepted: true,
        },
        Command::Session,
        Command::Draft {
            oral: false,
            immediate: false,
            clauses: 2,
        },
        sign(SignerKind::Party, 0, SignatureForm::Handwritten),
        sign(SignerKind::Party, 1, SignatureForm::Electronic),
        sign(SignerKind::Mediator, 0, SignatureForm::Handwritten),
        sign(SignerKind::Organisation, 0, SignatureForm::Seal),
        Command::Fulfil { obligation: 0 },
        Command::Fulfil { obligation: 1 },
    ] {
        world.apply(&command).unwrap();
        world.check();
    }
    assert_eq!(world.agreement.unwrap().state, AgreementState::Performed);
}
