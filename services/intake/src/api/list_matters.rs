//! The list of matters.

use actix_web::get;
use chassis::http::{
    Data, PageOf, PageParams, PageQuery, Permit, Principal, Problem, ProblemResponses, Reply,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use contracts::{
    events::intake::MatterClass,
    ids::OrganisationId,
    problems::common,
    region::RegionCode,
    roles::permission::{MatterRead, PartyRead},
};
use policy::{clock::due::beijing_instant, sections::intake::Search};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::views::MatterView;
use crate::{
    Intake,
    domain::{case::CaseStatus, matter::MatterState},
    store::{matters, parties},
};

/// Which matters are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MatterFilter {
    /// In this state.
    pub state: Option<MatterState>,
    /// In this region or under it.
    #[param(value_type = Option<String>)]
    pub region: Option<RegionCode>,
    /// Whose case stands like this in public.
    pub status: Option<CaseStatus>,
    /// Of this class.
    pub class: Option<MatterClass>,
    /// Accepted under this number.
    pub acceptance_number: Option<String>,
    /// Whose file was archived under this number 卷号.
    pub file_number: Option<String>,
    /// Of this dispute type or one under it: as triage decided, or as named at registration before that.
    #[serde(rename = "type")]
    pub type_hint: Option<String>,
    /// Taken by the window of this organisation, or of a case it has.
    pub organisation: Option<OrganisationId>,
    /// From this source.
    pub source: Option<String>,
    /// On this channel.
    pub channel: Option<String>,
    /// By the dispute code that hung at this place.
    pub place_code: Option<String>,
    /// With a party of exactly this name. Staff need the permission to read parties.
    pub party_name: Option<String>,
    /// With a party whose document has exactly this number. Staff need the permission to read parties.
    pub party_number: Option<String>,
    /// Whose narrative has all of this: pairs of neighbouring Chinese characters, Latin words and numbers, in any order.
    pub text: Option<String>,
    /// Registered on this day (Beijing) or later.
    pub from: Option<NaiveDate>,
    /// Registered on this day (Beijing) or earlier.
    pub to: Option<NaiveDate>,
}

impl MatterFilter {
    /// The instants between which a matter was registered: not before the first, before the second.
    pub fn period(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let midnight = |day| beijing_instant(day, NaiveTime::MIN);
        let next = self.to.and_then(|day| day.succ_opt());
        (self.from.map(midnight), next.map(midnight))
    }

    fn check(&self, principal: &Principal, search: &Search) -> Result<(), Problem> {
        if let Some(text) = &self.text {
            let problem = Problem::new(&common::INVALID_QUERY).at("/text");
            if text.chars().count() > search.text_max {
                let max = search.text_max;
                return Err(problem.detail(
                    format!("不得超过 {max} 字"),
                    format!("At most {max} characters"),
                ));
            }
            if !searchable(text) {
                return Err(problem.detail(
                    "至少须有连续两个汉字,或一个字母数字词",
                    "It needs two Chinese characters in a row, or a word or number in Latin letters",
                ));
            }
        }
        let by_party = self.party_name.is_some() || self.party_number.is_some();
        if by_party && !principal.may::<PartyRead>() {
            return Err(Problem::new(&common::FORBIDDEN));
        }
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => Err(Problem::new(&common::INVALID_DATE)
                .at("/to")
                .detail("截止日期早于起始日期", "It is before the first day")),
            _ => Ok(()),
        }
    }
}

/// One page of matters.
#[derive(Serialize, ToSchema)]
pub struct MatterPage {
    /// The matters, the newest first.
    #[serde(flatten)]
    pub page: PageOf<MatterView>,
    /// How many there are on all pages together, counted up to the policy pack's `search.total_max`.
    pub total: i64,
    /// Whether there are more than `total`.
    pub total_capped: bool,
}

/// The matters the caller may see, the newest first; an applicant sees their own. Every filter narrows the list (IN-22).
#[utoipa::path(
    tag = "matters",
    params(MatterFilter, PageParams),
    responses((status = 200, description = "One page", body = MatterPage), ProblemResponses),
    security(("bearer" = ["matter.read"]))
)]
#[get("/matters")]
pub async fn list_matters(
    state: Data<Intake>,
    permit: Permit<MatterRead>,
    query: PageQuery<MatterFilter>,
) -> Result<Reply, Problem> {
    let PageQuery { filter, page } = query;
    let search = &state.policy.intake().search;
    filter.check(&permit.principal, search)?;
    let scope = permit.scope();
    let mut conn = state.db.read().await?;
    let rows = matters::list(&mut conn, &scope, &filter, &page).await?;
    let found = matters::count(&mut conn, &scope, &filter, search.total_max).await?;
    let ids: Vec<_> = rows.iter().map(|matter| matter.id).collect();
    let mut parties = parties::refs(&mut conn, &ids).await?;
    let page = PageOf::of(
        &page,
        rows,
        |matter| (matter.created_at, matter.id),
        |matter| {
            let parties = parties.remove(&matter.id).unwrap_or_default();
            MatterView::of(matter, parties)
        },
    )?;
    Ok(Reply::ok(MatterPage {
        page,
        total: found.min(search.total_max),
        total_capped: found > search.total_max,
    }))
}

/// Whether a text has a term that can be looked for; the terms are made in the database (`search_terms`).
fn searchable(text: &str) -> bool {
    let han = |c: char| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}');
    let pair = text
        .chars()
        .zip(text.chars().skip(1))
        .any(|(first, second)| han(first) && han(second));
    pair || text.chars().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::searchable;

    #[test]
    fn a_term_is_a_pair_of_characters_or_a_word() {
        for text in ["空调", "的 空调", "A", "12345", "空,外机"] {
            assert!(searchable(text), "{text}");
        }
        for text in ["", " ", "空", "空 调", "，。"] {
            assert!(!searchable(text), "{text}");
        }
    }
}
