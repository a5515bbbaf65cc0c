//! Finding the pack's words in a text: plain substrings, every one of them, in one pass.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;

use crate::sections::{
    dispute_types::{DisputeTypes, KeywordWeights},
    triage::WordList,
};

/// What a word stands for.
#[derive(Debug, Clone)]
enum Use {
    /// A keyword of a type.
    Type { code: String, points: i64 },
    /// A member of a word list.
    List { id: String },
}

/// All words of a pack.
#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
    /// By pattern: the word and its uses.
    words: Vec<(String, Vec<Use>)>,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Every word found.
    pub words: BTreeSet<String>,
    /// Word lists with a word found, and those words.
    pub lists: BTreeMap<String, BTreeSet<String>>,
    /// Points of each type and the words that gave more than none.
    pub types: BTreeMap<String, (i64, BTreeSet<String>)>,
}

impl Matcher {
    pub fn new(types: &DisputeTypes, lists: &[WordList]) -> Result<Self, String> {
        let mut words: BTreeMap<&str, Vec<Use>> = BTreeMap::new();
        for known in types.types.iter().filter(|known| !known.retired) {
            for (list, points) in weighted(known, types.weights) {
                for word in list {
                    words.entry(word).or_default().push(Use::Type {
                        code: known.code.clone(),
                        points,
                    });
                }
            }
        }
        for list in lists {
            for word in &list.words {
                words.entry(word).or_default().push(Use::List {
                    id: list.id.clone(),
                });
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(words.keys())
            .map_err(|error| error.to_string())?;
        let words = words
            .into_iter()
            .map(|(word, uses)| (word.to_owned(), uses))
            .collect();
        Ok(Self { automaton, words })
    }

    /// Finds every word once, however often it occurs, also inside another.
    pub fn find(&self, text: &str) -> Found {
        let patterns: BTreeSet<_> = self
            .automaton
            .find_overlapping_iter(text)
            .map(|found| found.pattern().as_usize())
            .collect();
        let mut found = Found::default();
        for (word, uses) in patterns.iter().filter_map(|index| self.words.get(*index)) {
            found.words.insert(word.clone());
            for word_use in uses {
                match word_use {
                    Use::List { id } => {
                        let words = found.lists.entry(id.clone()).or_default();
                        words.insert(word.clone());
                    }
                    Use::Type { code, points } => {
                        let (sum, words) = found.types.entry(code.clone()).or_default();
                        *sum += points;
                        if *points > 0 {
                            words.insert(word.clone());
                        }
                    }
                }
            }
        }
        found
    }
}

fn weighted(
    known: &crate::sections::dispute_types::DisputeType,
    weights: KeywordWeights,
) -> [(&Vec<String>, i64); 4] {
    let words = &known.keywords;
    [
        (&words.strong, weights.strong),
        (&words.normal, weights.normal),
        (&words.weak, weights.weak),
        (&words.against, weights.against),
    ]
}
