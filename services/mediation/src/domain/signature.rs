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
    /// Where the scan of the paper is kept, when it was signed by hand; needed where an electronic signature has no effect
    /// (电子签名法 3).
    pub scan_reference: Option<String>,
}

impl Agreement {
    /// Adds a signature. Whether it was the last one needed tells [`Agreement::fully_signed`].
    ///
    /// # Errors
    /// `transition-not-allowed`, `unknown-party`, `signature-already-given`, `signature-form-not-allowed`,
    /// `scan-required`, `invalid-body`.
    pub fn sign(
        mut self,
        request: &SignAgreement,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Fact>), Refusal> {
        self.state = step::<Self>(Some(self.state), "sign_agreement", AgreementState::Drafted)?;
        let signature = self.signature(&self.signatures, request, policy, now)?;
        let SignAgreement {
            signer,
            party_id,
            form,
            ..
        } = *request;
        self.signatures.push(signature);
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

    /// One more signature beside those `given`.
    ///
    /// # Errors
    /// As [`Agreement::sign`].
    pub(super) fn signature(
        &self,
        given: &[Signature],
        request: &SignAgreement,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<Signature, Refusal> {
        let SignAgreement {
            signer,
            party_id,
            form,
            ref scan_reference,
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
        if let Some(scan) = scan_reference {
            Refusal::check_text(scan, policy.limits().reference_max, "/scan_reference")?;
        } else if rules.scan_required(&self.type_code) {
            return Err(Refusal::new(&codes::SCAN_REQUIRED).at("/scan_reference"));
        }
        if signed(given, signer, party_id) {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN).at("/signer"));
        }
        Ok(Signature {
            signer,
            party_id,
            form,
            signed_at: now,
            scan_reference: scan_reference.clone(),
        })
    }

    /// Whether everyone whose act it needs has signed: all parties, the mediator, and the organisation where its seal is
    /// needed.
    #[must_use]
    pub fn fully_signed(&self, policy: &PolicyPack) -> bool {
        self.all_signed(&self.signatures, policy)
    }

    /// Whether all parties have signed, whoever else is still to sign.
    #[must_use]
    pub fn signed_by_every_party(&self) -> bool {
        self.parties_signed(&self.signatures)
    }

    fn parties_signed(&self, given: &[Signature]) -> bool {
        let signs = |id| signed(given, SignerKind::Party, Some(id));
        self.party_ids.iter().copied().all(signs)
    }

    /// Whether everyone needed is among those who signed.
    pub(super) fn all_signed(&self, given: &[Signature], policy: &PolicyPack) -> bool {
        self.parties_signed(given)
            && signed(given, SignerKind::Mediator, None)
            && (!policy.mediation().agreement.seal_required
                || signed(given, SignerKind::Organisation, None))
    }
}

fn signed(given: &[Signature], signer: SignerKind, party_id: Option<PartyId>) -> bool {
    given
        .iter()
        .any(|signature| signature.signer == signer && signature.party_id == party_id)
}
