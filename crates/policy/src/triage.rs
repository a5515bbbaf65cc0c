//! Proposals: which type, route, track and colour the rules of the pack advise for a case, and why.
//!
//! A proposal is advice. A person decides (个人信息保护法 24), and both are kept.

mod condition;
mod propose;
mod words;

use std::{fmt, sync::Arc};

use contracts::events::triage::{RiskColour, Track};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::sections::{
    dispute_types::DisputeTypes,
    routes::Routes,
    triage::{TriageFile, TriageRule},
};
use condition::Condition;
pub use condition::{ConditionError, VARIABLES};
use words::Matcher;

/// What is known of a case when it is proposed for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TriageInput {
    /// What the person said.
    pub text: String,
    /// The dispute type the person or the clerk named.
    pub type_hint: Option<String>,
    /// People involved.
    pub party_count: u32,
    /// `dispute`, `petition` or `complaint`.
    pub class: String,
    /// Source code.
    pub source: String,
    /// Channel code.
    pub channel: String,
    /// Amount in dispute, fen; conditions see 0 when it is not known.
    pub amount_fen: Option<i64>,
}

/// Why something is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reason {
    /// The rule, `words.<type>` for a type found by words, `hint` for the type that was named.
    pub rule_id: String,
    /// The words of the text that spoke for it. Words of the policy pack, never other text of the person.
    pub matched_words: Vec<String>,
    /// Why, in Chinese.
    pub text_zh: String,
    /// Why, in English.
    pub text_en: String,
}

/// Points of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TypeScore {
    /// The type.
    pub type_code: String,
    /// Its points.
    pub score: i64,
}

/// What the rules advise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Dispute type code, first or second level.
    pub type_code: String,
    /// Route code.
    pub route: String,
    /// Track.
    pub track: Track,
    /// Risk colour: the severest that any rule asked for.
    pub colour: RiskColour,
    /// Codes of `mediation.yaml`'s obstacles that were found; not empty = should not be mediated.
    pub obstacles: Vec<String>,
    /// Every rule that spoke, in the order of the file; the type's reason first.
    pub reasons: Vec<Reason>,
    /// The types that scored, best first, at most five.
    pub scores: Vec<TypeScore>,
    /// Rules whose condition failed on this input (a division by zero, a wrong index); they proposed nothing.
    pub failed_rules: Vec<String>,
}

/// The compiled rules.
pub struct Triage {
    file: TriageFile,
    matcher: Matcher,
    rules: Vec<CompiledRule>,
    env: Arc<cel::Env>,
    weights: crate::sections::dispute_types::KeywordWeights,
    fallback: String,
    default_route: String,
    type_names: Vec<(String, crate::Text)>,
}

struct CompiledRule {
    rule: TriageRule,
    condition: Condition,
}

impl fmt::Debug for Triage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Triage")
            .field("rules", &self.rules.len())
            .finish_non_exhaustive()
    }
}

impl Triage {
    /// Compiles the rules.
    ///
    /// # Errors
    /// The index of each rule whose condition is wrong, with what is wrong.
    pub(crate) fn compile(
        file: TriageFile,
        types: &DisputeTypes,
        routes: &Routes,
    ) -> Result<Self, Vec<(usize, ConditionError)>> {
        let env = Arc::new(cel::Env::stdlib());
        let mut rules = Vec::new();
        let mut errors = Vec::new();
        for (index, rule) in file.rules.iter().enumerate() {
            match Condition::compile(&rule.when, &env) {
                Ok(condition) => rules.push(CompiledRule {
                    rule: rule.clone(),
                    condition,
                }),
                Err(error) => errors.push((index, error)),
            }
        }
        let matcher = Matcher::new(types, &file.word_lists)
            .map_err(|reason| vec![(0, ConditionError::Words(reason))])?;
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Self {
            matcher,
            rules,
            env,
            weights: types.weights,
            fallback: types.fallback.clone(),
            default_route: routes.default.clone(),
            type_names: types
                .types
                .iter()
                .map(|known| (known.code.clone(), known.name.clone()))
                .collect(),
            file,
        })
    }

    /// The file: tracks, colours, dispatch modes, rules.
    #[must_use]
    pub fn file(&self) -> &TriageFile {
        &self.file
    }
}
