//! What an organisation is short of (ME-03; 人民调解法 8, 9). The register shows it; it keeps nobody from working.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use contracts::events::mediation::{StaffingGap, StaffingGapKind};
use policy::{PolicyPack, sections::mediation::CommitteeRule};

use super::organisation::{Organisation, Sex};

/// How many active mediators of each class an organisation has.
pub type Active = BTreeMap<String, u32>;

/// What an organisation is short of on a day.
#[must_use]
pub fn gaps(
    of: &Organisation,
    active: &Active,
    policy: &PolicyPack,
    today: NaiveDate,
) -> Vec<StaffingGap> {
    let Some(kind) = policy.mediation().organisation_kind(&of.kind) else {
        return Vec::new();
    };
    let mut gaps = kind
        .committee
        .as_ref()
        .map_or_else(Vec::new, |rule| of_committee(of, rule, today));
    for rule in &kind.staffing {
        let have = match &rule.class {
            Some(class) => active.get(class).copied().unwrap_or_default(),
            None => active.values().sum(),
        };
        if have < rule.min {
            gaps.push(StaffingGap {
                kind: StaffingGapKind::MediatorsBelow,
                class: rule.class.clone(),
                have,
                need: rule.min,
            });
        }
    }
    gaps
}

fn of_committee(of: &Organisation, rule: &CommitteeRule, today: NaiveDate) -> Vec<StaffingGap> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (have, need) = (count(of.members.len()), count(rule.members_min));
    let woman = of.members.iter().any(|member| member.sex == Sex::Female);
    let director = of.members.iter().any(|member| member.name == of.director);
    let over = of.term_ends_on.is_some_and(|last| last < today);
    let one = |kind| (kind, 0, 1);
    [
        (have < need).then_some((StaffingGapKind::MembersBelow, have, need)),
        (rule.woman_required && !woman).then_some(one(StaffingGapKind::NoWoman)),
        (!director).then_some(one(StaffingGapKind::DirectorVacant)),
        over.then_some(one(StaffingGapKind::TermOver)),
    ]
    .into_iter()
    .flatten()
    .map(|(kind, have, need)| StaffingGap {
        kind,
        class: None,
        have,
        need,
    })
    .collect()
}

/// Whether there is a gap that was not there, or a wider one.
#[must_use]
pub fn widened(before: &[StaffingGap], after: &[StaffingGap]) -> bool {
    let known = |gap: &StaffingGap| {
        before.iter().any(|known| {
            known.kind == gap.kind && known.class == gap.class && known.have <= gap.have
        })
    };
    !after.iter().all(known)
}
