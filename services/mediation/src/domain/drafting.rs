//! Drafting an agreement: what its clauses must say (人民调解法 28, 29).

use chrono::{DateTime, Months, NaiveDate, Utc};
use contracts::{
    events::mediation::{AgreementDrafted, AgreementForm},
    ids::{AgreementId, ObligationId, PartyId},
    problems::{common, mediation as codes},
};
use policy::{PolicyPack, clock::due::beijing_date};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    Fact, Refusal,
    agreement::{Agreement, AgreementState, Clause},
    proceeding::{Proceeding, ProceedingState},
    step,
};
use crate::json::Json;

/// One thing to be performed; an instalment is one of its own.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftClause {
    /// The party that performs.
    pub debtor: PartyId,
    /// What is to be done; needed unless it is a payment.
    pub act: Option<String>,
    /// Way code of the policy pack: transfer, cash, act …
    pub way: Option<String>,
    /// Last day to perform it.
    pub due_on: Option<NaiveDate>,
    /// Amount in fen; needed for a payment.
    pub amount_fen: Option<i64>,
}

/// What the parties agree on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftAgreement {
    /// Written, or oral: then it takes effect at once (人民调解法 30).
    pub form: AgreementForm,
    /// The main facts, what is in dispute, and each party's responsibility.
    pub facts: String,
    /// What was agreed.
    pub content: String,
    /// Content codes that exclude judicial confirmation.
    #[serde(default)]
    pub content_codes: Vec<String>,
    /// Amount in fen: the sum of the obligations' amounts.
    #[serde(default)]
    pub amount_fen: i64,
    /// What is to be performed.
    pub obligations: Vec<DraftClause>,
    /// Whether everything is performed on the spot 即时履行 when the agreement takes effect.
    #[serde(default)]
    pub immediate: bool,
    /// What stays open, when only a part of the dispute is settled 部分协议; the parties are told of the other ways for it.
    pub open_issues: Option<String>,
}

impl Proceeding {
    /// Drafts the agreement, or drafts it anew as long as nobody signed. An oral one still has to take effect.
    ///
    /// # Errors
    /// `transition-not-allowed`, `session-required`, `signature-already-given`, `written-form-required`,
    /// `obligation-incomplete`, `amount-mismatch`, `unknown-party`, `invalid-body`, `invalid-date`, `text-required`,
    /// `text-too-long`.
    pub fn draft(
        mut self,
        request: DraftAgreement,
        earlier: Option<Agreement>,
        policy: &PolicyPack,
        ids: &mut dyn FnMut() -> uuid::Uuid,
        now: DateTime<Utc>,
    ) -> Result<(Self, Agreement, Vec<Fact>), Refusal> {
        step::<Self>(
            Some(self.state),
            "draft_agreement",
            ProceedingState::Mediating,
        )?;
        let state = earlier.as_ref().map(|agreement| agreement.state);
        step::<Agreement>(state, "draft_agreement", AgreementState::Drafted)?;
        if earlier
            .as_ref()
            .is_some_and(|agreement| !agreement.signatures.is_empty())
        {
            return Err(Refusal::new(&codes::SIGNATURE_ALREADY_GIVEN));
        }
        if self.sessions == 0 {
            return Err(Refusal::new(&codes::SESSION_REQUIRED));
        }
        self.check_draft(&request, policy)?;
        let clauses = self.clauses(&request, policy, ids, now)?;
        let remaining = i32::try_from(clauses.len()).unwrap_or(i32::MAX);
        let agreement = Agreement {
            id: earlier
                .as_ref()
                .map_or_else(|| AgreementId::from(ids()), |agreement| agreement.id),
            proceeding_id: self.id,
            case_id: self.case_id,
            region: self.region,
            organisation_id: self.organisation_id,
            type_code: self.type_code.clone(),
            state: AgreementState::Drafted,
            form: request.form,
            facts: request.facts,
            content: request.content,
            content_codes: request.content_codes,
            amount_fen: request.amount_fen,
            clauses: Json(clauses),
            immediate: request.immediate,
            party_ids: self.party_ids(),
            signatures: Json(Vec::new()),
            remaining,
            partial: request.open_issues.is_some(),
            open_issues: request.open_issues,
            oral_number: None,
            confirmed: false,
            enforceable_by: Vec::new(),
            amendment: None,
            history: Json(Vec::new()),
            effective_at: None,
            version: earlier
                .as_ref()
                .map_or(1, |agreement| agreement.version + 1),
            created_at: earlier
                .as_ref()
                .map_or(now, |agreement| agreement.created_at),
            updated_at: now,
        };
        let (agreement_id, case_id, form) = (agreement.id, self.case_id, agreement.form);
        let drafted = AgreementDrafted {
            agreement_id,
            case_id,
            form,
            drafted_at: now,
        };
        self.agreement_id = Some(agreement_id);
        Ok((self.changed(now), agreement, vec![drafted.into()]))
    }

    /// Checks everything of a draft but its clauses.
    pub(super) fn check_draft(
        &self,
        request: &DraftAgreement,
        policy: &PolicyPack,
    ) -> Result<(), Refusal> {
        let (rules, limits) = (policy.mediation(), policy.limits());
        if request.form == AgreementForm::Oral && !rules.agreement.oral_allowed_for(&self.type_code)
        {
            return Err(Refusal::new(&codes::WRITTEN_FORM_REQUIRED).at("/form"));
        }
        Refusal::check_text(&request.facts, limits.record_max, "/facts")?;
        Refusal::check_text(&request.content, limits.record_max, "/content")?;
        if let Some(open) = &request.open_issues {
            Refusal::check_text(open, limits.record_max, "/open_issues")?;
        }
        let excluded = policy.confirmation();
        let unknown = |code: &String| excluded.excluded_content(code).is_none();
        if let Some(i) = request.content_codes.iter().position(unknown) {
            let codes = excluded
                .excluded
                .iter()
                .map(|content| content.code.as_str());
            return Err(Refusal::unknown_code(format!("/content_codes/{i}"), codes));
        }
        let amount_max = limits.amount_fen_max;
        if !(0..=amount_max).contains(&request.amount_fen) {
            return Err(Refusal::new(&common::INVALID_BODY)
                .at("/amount_fen")
                .detail(
                    format!("应为 0 至 {amount_max} 分"),
                    format!("It must be 0 to {amount_max} fen"),
                ));
        }
        Ok(())
    }

    /// The clauses of a draft, checked.
    pub(super) fn clauses(
        &self,
        request: &DraftAgreement,
        policy: &PolicyPack,
        ids: &mut dyn FnMut() -> uuid::Uuid,
        now: DateTime<Utc>,
    ) -> Result<Vec<Clause>, Refusal> {
        let max = policy.limits().obligations_max;
        if !(1..=max).contains(&request.obligations.len()) {
            return Err(Refusal::new(&codes::OBLIGATION_INCOMPLETE)
                .at("/obligations")
                .detail(
                    format!("须有 1 至 {max} 项履行义务"),
                    format!("There must be 1 to {max} obligations"),
                ));
        }
        let mut clauses = Vec::with_capacity(request.obligations.len());
        let mut sum: i64 = 0;
        for (i, draft) in request.obligations.iter().enumerate() {
            let clause = self.clause(draft, i, policy, ObligationId::from(ids()), now)?;
            sum = sum.saturating_add(clause.amount_fen.unwrap_or(0));
            clauses.push(clause);
        }
        if sum != request.amount_fen {
            return Err(Refusal::new(&codes::AMOUNT_MISMATCH).at("/amount_fen"));
        }
        Ok(clauses)
    }

    fn clause(
        &self,
        draft: &DraftClause,
        i: usize,
        policy: &PolicyPack,
        obligation_id: ObligationId,
        now: DateTime<Utc>,
    ) -> Result<Clause, Refusal> {
        let at = |field: &str| format!("/obligations/{i}/{field}");
        let incomplete = |field: &str| Refusal::new(&codes::OBLIGATION_INCOMPLETE).at(at(field));
        let (rules, limits) = (&policy.mediation().agreement, policy.limits());
        if !self
            .parties
            .iter()
            .any(|party| party.party_id == draft.debtor)
        {
            return Err(Refusal::new(&codes::UNKNOWN_PARTY).at(at("debtor")));
        }
        let way_code = draft.way.as_deref().ok_or_else(|| incomplete("way"))?;
        let way = rules.performance_way(way_code).ok_or_else(|| {
            let ways = rules.performance_ways.iter().map(|way| way.code.as_str());
            Refusal::unknown_code(at("way"), ways)
        })?;
        if let Some(act) = &draft.act {
            Refusal::check_text(act, limits.clause_max, &at("act"))?;
        }
        match draft.amount_fen {
            None if way.money && (rules.money_clause_needs_amount || draft.act.is_none()) => {
                return Err(incomplete("amount_fen"));
            }
            None if draft.act.is_none() => return Err(incomplete("act")),
            Some(_) if !way.money => {
                let refusal = Refusal::new(&common::INVALID_BODY).at(at("amount_fen"));
                return Err(refusal.detail(
                    "此履行方式不涉及金额",
                    "This way of performance is not about money",
                ));
            }
            Some(amount) if !(1..=limits.amount_fen_max).contains(&amount) => {
                let refusal = Refusal::new(&common::INVALID_BODY).at(at("amount_fen"));
                return Err(refusal.detail(
                    "金额须为正数且不超过上限",
                    "The amount must be positive and within the limit",
                ));
            }
            _ => {}
        }
        let due_on = draft.due_on.ok_or_else(|| incomplete("due_on"))?;
        let today = beijing_date(now);
        let last =
            today.checked_add_months(Months::new(limits.obligation_years_max.saturating_mul(12)));
        if due_on < today || last.is_some_and(|last| due_on > last) {
            let years = limits.obligation_years_max;
            return Err(Refusal::new(&common::INVALID_DATE).at(at("due_on")).detail(
                format!("不得早于今日,且不得超过 {years} 年"),
                format!("It must not be in the past or more than {years} years ahead"),
            ));
        }
        Ok(Clause {
            obligation_id,
            debtor: draft.debtor,
            act: draft.act.clone(),
            way: way_code.to_owned(),
            due_on,
            amount_fen: draft.amount_fen,
        })
    }
}
