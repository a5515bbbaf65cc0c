//! Applying the rules to a case.

use std::collections::BTreeMap;

use super::{Proposal, Reason, Triage, TriageInput, TypeScore, condition::Facts, words::Found};
use crate::sections::triage::TriageRule;

/// Rule id of the reason for a named type.
const HINT_RULE: &str = "hint";
/// How many types a proposal shows.
const SCORES_SHOWN: usize = 5;

impl Triage {
    /// What the rules advise. Rules that propose a type speak first, together with the words of the text and the named
    /// type; then the others, which may ask for the type found. Among rules that propose different routes or tracks the
    /// greater sum of weights wins, then the earlier rule; of colours the severest wins.
    #[must_use]
    pub fn propose(&self, input: &TriageInput) -> Proposal {
        let found = self.matcher.find(&input.text);
        let mut run = Run {
            facts: Facts::new(input, &found),
            found: &found,
            failed: Vec::new(),
        };
        let type_rules = run.speaking(self, |rule| rule.proposes.type_code.is_some());
        let (type_code, scores) = self.choose_type(input, &found, &type_rules);
        let mut reasons = self.type_reasons(input, &found, &type_code);
        reasons.extend(type_rules.iter().map(|rule| run.reason(rule)));

        run.facts.set_type(&type_code);
        let rules = run.speaking(self, |rule| rule.proposes.type_code.is_none());
        reasons.extend(rules.iter().map(|rule| run.reason(rule)));
        let all: Vec<_> = type_rules.iter().chain(&rules).copied().collect();
        let colour = all
            .iter()
            .filter_map(|rule| rule.proposes.colour)
            .fold(self.file.default_colour, Ord::max);
        let mut obstacles: Vec<_> = all
            .iter()
            .filter_map(|rule| rule.proposes.obstacle.clone())
            .collect();
        obstacles.sort();
        obstacles.dedup();
        Proposal {
            route: heaviest(&all, |rule| rule.proposes.route.clone())
                .unwrap_or_else(|| self.default_route.clone()),
            track: heaviest(&all, |rule| rule.proposes.track).unwrap_or(self.file.default_track),
            colour: self.file.used_colour(colour),
            type_code,
            obstacles,
            reasons,
            scores,
            failed_rules: run.failed,
        }
    }

    fn choose_type(
        &self,
        input: &TriageInput,
        found: &Found,
        rules: &[&TriageRule],
    ) -> (String, Vec<TypeScore>) {
        let mut scores: BTreeMap<&str, i64> = found
            .types
            .iter()
            .map(|(code, (points, _))| (code.as_str(), *points))
            .collect();
        if let Some(hint) = self.known_hint(input) {
            *scores.entry(hint).or_default() += self.weights.hint;
        }
        for rule in rules {
            if let Some(code) = &rule.proposes.type_code {
                *scores.entry(code).or_default() += rule.weight;
            }
        }
        // In the order of the list, so that the stable sort leaves ties to the earlier type.
        let mut scores: Vec<_> = self
            .type_names
            .iter()
            .filter_map(|(code, _)| Some((code, *scores.get(code.as_str())?)))
            .filter(|(_, score)| *score > 0)
            .map(|(code, score)| TypeScore {
                type_code: code.clone(),
                score,
            })
            .collect();
        scores.sort_by_key(|entry| std::cmp::Reverse(entry.score));
        scores.truncate(SCORES_SHOWN);
        let best = scores
            .first()
            .map_or(&self.fallback, |best| &best.type_code);
        (best.clone(), scores)
    }

    fn known_hint<'a>(&self, input: &'a TriageInput) -> Option<&'a str> {
        let hint = input.type_hint.as_deref()?;
        self.type_names
            .iter()
            .any(|(code, _)| code == hint)
            .then_some(hint)
    }

    fn type_reasons(&self, input: &TriageInput, found: &Found, type_code: &str) -> Vec<Reason> {
        let Some((_, name)) = self.type_names.iter().find(|(code, _)| code == type_code) else {
            return Vec::new();
        };
        let mut reasons = Vec::new();
        let words: Vec<_> = found
            .types
            .get(type_code)
            .into_iter()
            .flat_map(|(_, words)| words.iter().cloned())
            .collect();
        if !words.is_empty() {
            let template = &self.file.keyword_reason;
            let fill = |text: &str, name: &str, comma: &str| {
                text.replace("{type}", name)
                    .replace("{words}", &words.join(comma))
            };
            reasons.push(Reason {
                rule_id: format!("words.{type_code}"),
                text_zh: fill(&template.zh, &name.zh, "、"),
                text_en: fill(&template.en, &name.en, ", "),
                matched_words: words.clone(),
            });
        }
        if self.known_hint(input) == Some(type_code) {
            let template = &self.file.hint_reason;
            reasons.push(Reason {
                rule_id: HINT_RULE.to_owned(),
                text_zh: template.zh.replace("{type}", &name.zh),
                text_en: template.en.replace("{type}", &name.en),
                matched_words: Vec::new(),
            });
        }
        reasons
    }
}

/// One application of the rules.
struct Run<'a> {
    facts: Facts,
    found: &'a Found,
    failed: Vec<String>,
}

impl Run<'_> {
    /// The rules of a stage whose condition holds.
    fn speaking<'t>(
        &mut self,
        triage: &'t Triage,
        stage: impl Fn(&TriageRule) -> bool,
    ) -> Vec<&'t TriageRule> {
        let context = self.facts.context(&triage.env);
        let mut speaking = Vec::new();
        for compiled in triage.rules.iter().filter(|known| stage(&known.rule)) {
            match compiled.condition.holds(&context) {
                Ok(true) => speaking.push(&compiled.rule),
                Ok(false) => {}
                Err(_) => self.failed.push(compiled.rule.id.clone()),
            }
        }
        speaking
    }

    /// A rule's reason, with the words found of the lists and words its condition names.
    fn reason(&self, rule: &TriageRule) -> Reason {
        let named = |text: &str| {
            rule.when.contains(&format!("\"{text}\"")) || rule.when.contains(&format!("'{text}'"))
        };
        let of_lists = self
            .found
            .lists
            .iter()
            .filter(|(id, _)| named(id))
            .flat_map(|(_, words)| words.iter());
        let of_words = self.found.words.iter().filter(|word| named(word));
        let mut matched_words: Vec<_> = of_lists.chain(of_words).cloned().collect();
        matched_words.sort();
        matched_words.dedup();
        Reason {
            rule_id: rule.id.clone(),
            matched_words,
            text_zh: rule.reason.zh.clone(),
            text_en: rule.reason.en.clone(),
        }
    }
}

/// The value with the greatest sum of weights; of equals the one proposed first.
fn heaviest<T: PartialEq>(
    rules: &[&TriageRule],
    value: impl Fn(&TriageRule) -> Option<T>,
) -> Option<T> {
    let mut sums: Vec<(T, i64)> = Vec::new();
    for rule in rules {
        let Some(proposed) = value(rule) else {
            continue;
        };
        match sums.iter_mut().find(|(known, _)| *known == proposed) {
            Some((_, sum)) => *sum += rule.weight,
            None => sums.push((proposed, rule.weight)),
        }
    }
    let best = sums.iter().map(|(_, sum)| *sum).max()?;
    sums.into_iter()
        .find(|(_, sum)| *sum == best)
        .map(|(value, _)| value)
}
