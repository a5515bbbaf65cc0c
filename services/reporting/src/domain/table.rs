//! A split of the cases of a period that adds up: total = Σ rows + residual (RP-10).

use policy::rounding::{self, Rounding};
use serde::Serialize;
use utoipa::ToSchema;

use super::{dimension::Dimension, layout::Layout};

/// Version of what a count and a share are: cases accepted in the period, share in all of them. Since 2 what was finished without
/// mediation counts as concluded, and as settled when the policy pack says so of its outcome. Since 3 an agreement that was given up for
/// another way does not count as settled, and what is no longer owed of one is not waited for.
pub const FORMULA_VERSION: u32 = 3;

/// What is counted of a set of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// Cases received 受理.
    pub count: u64,
    /// Of these, settled 化解: agreed, settled by the parties themselves, or settled another way.
    pub settled: u64,
    /// Of these, concluded: the work on it ended, settled or not.
    pub concluded: u64,
    /// Amount in dispute, fen.
    pub amount_fen: i64,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.settled += other.settled;
        self.concluded += other.concluded;
        self.amount_fen = self.amount_fen.saturating_add(other.amount_fen);
    }
}

/// The cases with one key, as the database counted them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The key; none where the case has none.
    pub key: Option<String>,
    /// The figures.
    pub figures: Figures,
}

/// A row of a split.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Row {
    /// Code; null in the residual row.
    pub code: Option<String>,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Share in all cases received, per cent, rounded as `rounding` says.
    pub share_pct: f64,
}

/// Proof that a table adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct TotalCheck {
    /// Σ of the rows' counts.
    pub parts: u64,
    /// The residual's count.
    pub residual: u64,
    /// All cases, counted by themselves.
    pub total: u64,
    /// Whether `parts` + `residual` = `total`.
    pub balanced: bool,
}

/// A split.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The rows, those without a case too.
    pub rows: Vec<Row>,
    /// The cases in no row 其他/未列明.
    pub residual: Row,
    /// Proof that it adds up.
    pub check: TotalCheck,
    /// What the printed shares add up to, per cent.
    pub column_total_pct: f64,
}

/// Puts what was counted into the rows of a layout and gives each its share.
#[must_use]
pub fn table(
    dimension: Dimension,
    layout: &Layout<'_>,
    counted: &[Counted],
    total: Figures,
    rounding: Rounding,
    decimals: u32,
) -> Table {
    let mut figures = vec![Figures::default(); layout.rows.len()];
    let mut rest = Figures::default();
    for one in counted {
        let code = layout.row_of(one.key.as_deref());
        let index = layout
            .rows
            .iter()
            .position(|row| Some(row.code.as_str()) == code);
        match index.and_then(|index| figures.get_mut(index)) {
            Some(row) => row.add(one.figures),
            None => rest.add(one.figures),
        }
    }
    let counts: Vec<u64> = figures.iter().chain([&rest]).map(|row| row.count).collect();
    let shares = rounding::shares(&counts, decimals, rounding);
    let column_total: u64 = shares.iter().sum();
    let mut shares = shares.into_iter().map(|share| percent(share, decimals));
    let rows = layout.rows.iter().zip(figures).map(|(named, figures)| Row {
        code: Some(named.code.clone()),
        zh: named.name.zh.clone(),
        en: named.name.en.clone(),
        figures,
        share_pct: shares.next().unwrap_or_default(),
    });
    let rows: Vec<Row> = rows.collect();
    let parts = rows.iter().map(|row| row.figures.count).sum();
    let (zh, en) = dimension.residual();
    Table {
        rows,
        residual: Row {
            code: None,
            zh: zh.to_owned(),
            en: en.to_owned(),
            figures: rest,
            share_pct: shares.next().unwrap_or_default(),
        },
        check: TotalCheck {
            parts,
            residual: rest.count,
            total: total.count,
            balanced: parts + rest.count == total.count,
        },
        column_total_pct: percent(column_total, decimals),
    }
}

/// A value in units of the last decimal as a number: 992 with one decimal is 99.2.
#[must_use]
pub fn percent(value: u64, decimals: u32) -> f64 {
    // Read from its text, which is exact, so that it prints the same.
    rounding::text(value, decimals).parse().unwrap_or_default()
}
