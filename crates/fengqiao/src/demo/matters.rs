//! What people bring: the 288 real questions, repeated to the counts that 武威 published.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// The real questions, with attribution in the same folder.
const QUESTIONS: &str = include_str!("../../../../policies/reference/disputes/questions.csv");

/// Published counts by type: code of the column, its name, count.
pub const PUBLISHED: [(&str, &str, usize); 5] = [
    ("marriage_family", "婚姻家庭", 579),
    ("neighbour", "邻里", 792),
    ("labour", "劳资", 563),
    ("land", "土地", 388),
    ("other", "其他", 1114),
];
/// Published: of 3,436 received, this many were settled.
pub const SETTLED: usize = 3410;
/// Every so many-th matter is not settled: 26 of 3,436.
const NOT_SETTLED_EVERY: usize = 132;

/// How a matter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Written agreement, performed at once.
    Written,
    /// Oral agreement, performed at once.
    Oral,
    /// Written agreement, performed in three instalments.
    Instalments,
    /// Written agreement, confirmed by the court.
    Confirmed,
    /// A party does not want mediation.
    Refused,
    /// Mediation fails: the sides are too far apart.
    Failed,
}

impl Course {
    /// Whether the debtor pays when the agreement is made (即时履行), so that nothing is left to watch.
    #[must_use]
    pub fn performed_at_once(self) -> bool {
        matches!(self, Self::Written | Self::Oral)
    }
}

/// One matter.
#[derive(Debug, Clone)]
pub struct Matter {
    /// Number, from 0.
    pub n: usize,
    /// What the person says.
    pub text: String,
    /// The type a person decides on, a code of the policy pack.
    pub type_code: &'static str,
    /// Where.
    pub region: &'static str,
    /// How it goes.
    pub course: Course,
}

#[derive(Deserialize)]
struct Question {
    text: String,
    label: String,
}

/// The published column of a question's label, and the dispute type.
fn type_of(label: &str) -> (&'static str, &'static str) {
    match label {
        "婚姻家庭" => ("marriage_family", "marriage_family"),
        "邻里相邻" => ("neighbour", "neighbour"),
        "劳动争议" => ("labour", "labour"),
        "土地山林" => ("land", "forest_land"),
        "合同" | "借贷债务" | "建设工程" => ("other", "contract"),
        "损害赔偿" => ("other", "damages"),
        "消费" => ("other", "consumer"),
        "房屋宅基地" => ("other", "homestead"),
        "医疗" => ("other", "medical"),
        "物业" => ("other", "property_management"),
        "征地拆迁" => ("other", "expropriation"),
        "交通事故" => ("other", "traffic_accident"),
        "环境" => ("other", "pollution"),
        "公司企业" => ("other", "business_operation"),
        _ => ("other", "other"),
    }
}

/// The 3,436 matters, or every `every`-th of them.
pub fn of_the_half_year(every: usize) -> Result<Vec<Matter>> {
    let mut questions = csv::Reader::from_reader(QUESTIONS.as_bytes());
    let questions: Vec<Question> = questions
        .deserialize()
        .collect::<Result<_, _>>()
        .context("questions.csv")?;
    ensure!(
        questions.len() == 288,
        "questions.csv has {} rows",
        questions.len()
    );
    let mut all = Vec::new();
    for (column, _, count) in PUBLISHED {
        let of_column: Vec<(&Question, &'static str)> = questions
            .iter()
            .filter_map(|q| {
                Some((q, type_of(&q.label)))
                    .filter(|(_, (c, _))| *c == column)
                    .map(|(q, (_, t))| (q, t))
            })
            .collect();
        all.extend(of_column.iter().cycle().take(count).copied());
    }
    let regions = ["620602", "620621", "620622", "620623"];
    let some = all.into_iter().enumerate().step_by(every.max(1));
    let matters = some
        .enumerate()
        .map(|(nth, (n, (question, type_code)))| Matter {
            n,
            text: question.text.clone(),
            type_code,
            region: regions
                .get(nth % regions.len())
                .copied()
                .unwrap_or("620602"),
            course: course(n, type_code),
        });
    Ok(matters.collect())
}

fn course(n: usize, type_code: &str) -> Course {
    if n % NOT_SETTLED_EVERY == NOT_SETTLED_EVERY - 1 {
        return if (n / NOT_SETTLED_EVERY).is_multiple_of(3) {
            Course::Refused
        } else {
            Course::Failed
        };
    }
    match n % 40 {
        0 => Course::Confirmed,
        10 | 20 | 30 => Course::Instalments,
        // Where the policy pack wants it in writing, it is.
        m if m % 7 == 1 && !matches!(type_code, "medical" | "expropriation") => Course::Oral,
        _ => Course::Written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_counts() {
        let all = of_the_half_year(1).unwrap();
        assert_eq!(all.len(), 3436);
        let lost = all
            .iter()
            .filter(|m| matches!(m.course, Course::Refused | Course::Failed))
            .count();
        assert_eq!(all.len() - lost, SETTLED);
        assert_eq!(all.iter().filter(|m| m.type_code == "labour").count(), 563);
    }
}
