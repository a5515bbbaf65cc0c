//! `dispute_types.yaml`: the two-level list of dispute types, and the column sets statistics are published in.

use serde::Deserialize;

use crate::Text;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeTypes {
    /// Version of the list; stored with every case so that a later list does not reinterpret it.
    pub version: String,
    /// The type of what fits nowhere else.
    pub fallback: String,
    /// Points of a matched word by its strength.
    pub weights: KeywordWeights,
    /// The types; ties between scores go to the earlier one.
    pub types: Vec<DisputeType>,
    /// Column sets of statistics.
    pub statistic_groups: Vec<StatisticGroup>,
}

/// Points of a matched word.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeywordWeights {
    /// Points of a word that names the type.
    pub strong: i64,
    /// Points of a word that is common in it.
    pub normal: i64,
    /// Points of a word that hints at it.
    pub weak: i64,
    /// Points, below 0, of a word that speaks against it.
    pub against: i64,
    /// Points for the type the person or the clerk named.
    pub hint: i64,
}

/// Words that point to a type. Each counts once however often it occurs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// Words that name the type.
    #[serde(default)]
    pub strong: Vec<String>,
    /// Words that are common in it.
    #[serde(default)]
    pub normal: Vec<String>,
    /// Words that hint at it.
    #[serde(default)]
    pub weak: Vec<String>,
    /// Words that speak against it.
    #[serde(default)]
    pub against: Vec<String>,
}

/// A dispute type: `contract`, or below it `contract.debt`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeType {
    /// Stable code; a dot separates the second level from the first.
    pub code: String,
    /// Name people see.
    pub name: Text,
    /// Words that point to it.
    #[serde(default)]
    pub keywords: Keywords,
    /// About a personal status (marriage, parentage, adoption): no judicial confirmation (民诉法解释 355).
    #[serde(default)]
    pub status_relation: bool,
    /// May be mediated at all.
    #[serde(default = "yes")]
    pub mediable: bool,
    /// Not used for new cases any more; still understood.
    #[serde(default)]
    pub retired: bool,
}

fn yes() -> bool {
    true
}

/// A set of columns in which a body publishes its statistics.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatisticGroup {
    /// Stable id: `moj_15`.
    pub id: String,
    /// Name people see.
    pub name: Text,
    /// The columns in the order they are printed.
    pub columns: Vec<Column>,
    /// Code of the column that takes every type no column names.
    pub residual: String,
}

/// A column of a statistic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Stable code.
    pub code: String,
    /// Printed name.
    pub name: Text,
    /// The types counted in it; a first-level code takes its second level with it unless that is named elsewhere.
    #[serde(default)]
    pub types: Vec<String>,
}

/// The first-level code of a type code.
#[must_use]
pub fn root_of(code: &str) -> &str {
    code.split_once('.').map_or(code, |(root, _)| root)
}

impl DisputeTypes {
    /// The type with this code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&DisputeType> {
        self.types.iter().find(|known| known.code == code)
    }

    /// Whether a new case may be of this type.
    #[must_use]
    pub fn usable(&self, code: &str) -> bool {
        self.get(code).is_some_and(|known| !known.retired)
    }

    /// The types of the first level.
    pub fn first_level(&self) -> impl Iterator<Item = &DisputeType> {
        self.types.iter().filter(|known| !known.code.contains('.'))
    }

    /// The column set with this id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&StatisticGroup> {
        self.statistic_groups.iter().find(|group| group.id == id)
    }
}

impl StatisticGroup {
    /// The column a type is counted in: its own, else its first level's, else the residual one.
    #[must_use]
    pub fn column_of(&self, type_code: &str) -> &str {
        let naming = |code: &str| {
            self.columns
                .iter()
                .find(|column| column.types.iter().any(|known| known == code))
        };
        naming(type_code)
            .or_else(|| naming(root_of(type_code)))
            .map_or(self.residual.as_str(), |column| column.code.as_str())
    }

    /// The column with this code.
    #[must_use]
    pub fn column(&self, code: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.code == code)
    }
}
