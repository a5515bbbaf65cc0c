//! Signing an agreement, one by one (人民调解法 29; 电子签名法 3).

use chrono::{DateTime, Utc};
use contracts::{
    events::mediation::{AgreementSignedBy, SignatureForm, SignerKind},
    ids::PartyId,
    problems::{common, mediation as codes},
};
use policy::PolicyPack;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState, Signature},
    step,
};

/// Who signs, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignAgreement {
    /// Party, mediator or organisation.
    pub signer: SignerKind,
    /// The party, when it is one; an applicant may leave it out.
    pub party_id: Option<PartyId>,
    /// How. The organisation seals; a party or mediator signs, or leaves a fingerprint.
    pub form: SignatureForm,
}

impl Agreement {
    /// Adds a signature. Whether it was the last one needed tells [`Agreement::fully_signed`].
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `signature-already-given`, `signature-form-not-allowed`, `invalid-body`.
    pub fn sign(
        mut self,
        request: &SignAgreement,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), "sign_agreement", AgreementState::Drafted)?;
        let SignAgreement {
            signer,
            party_id,
            form,
        } = *request;
        let known = match (signer, party_id) {
            (SignerKind::Party, Some(id)) => self.party_ids.contains(&id),
            (SignerKind::Party, None) => false,
            (SignerKind::Mediator | SignerKind::Organisation, id) => id.is_none(),
        };
        if !known {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at("/party_id"));
        }
        let rules = &policy.mediation().agreement;
        if !rules.signature_allowed(form, &self.type_code) {
            let refusal = Refusal::new(&codes::SIGNATURE_FORM_NOT_ALLOWED).at("/form");
            let reason = &rules.no_e_signature_reason;
            return Err(refusal.detail(&reason.zh, &reason.en));
        }
        let fits = match signer {
            SignerKind::Party => true,
            SignerKind::Mediator => form != SignatureForm::Seal,
            SignerKind::Organisation => {
                matches!(form, SignatureForm::Seal | SignatureForm::Electronic)
            }
        };
        if !fits {
            let refusal = Refusal::new(&common::INVALID_BODY).at("/form");
            return Err(refusal.detail(
                "调解员签名,组织盖章",
                "The mediator signs, the organisation seals",
            ));
        }
        if self.signed(signer, party_id) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN).at("/signer"));
        }
        self.signatures.push(Signature {
            signer,
            party_id,
            form,
            signed_at: now,
        });
        let (agreement_id, case_id) = (self.id, self.case_id);
        let signed = AgreementSignedBy {
            agreement_id,
            case_id,
            signer,
            party_id,
            form,
            signed_at: now,
        };
        Ok((self.changed(now), vec![signed.into()]))
    }

    /// Whether everyone whose act it needs has signed: all parties, the mediator, and the organisation where its seal is
    /// needed.
    #[must_use]
    pub fn fully_signed(&self, policy: &PolicyPack) -> bool {
        self.party_ids
            .iter()
            .all(|id| self.signed(SignerKind::Party, Some(*id)))
            && self.signed(SignerKind::Mediator, None)
            && (!policy.mediation().agreement.seal_required
                || self.signed(SignerKind::Organisation, None))
    }

    fn signed(&self, signer: SignerKind, party_id: Option<PartyId>) -> bool {
        self.signatures
            .iter()
            .any(|signature| signature.signer == signer && signature.party_id == party_id)
    }
}
