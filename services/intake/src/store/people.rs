//! Who is told of a case, and how they can be reached: of table `parties`.

use std::collections::BTreeSet;

use chassis::http::Problem;
use contracts::{
    events::intake::{MatterClass, NotificationChannel, PartySide, PetitionKind},
    ids::{CaseId, MatterId, PartyId},
};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, Queryable, Selectable,
    SelectableHelper as _,
    dsl::{exists, not},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::schema::{matters, parties, petitions};

/// How a party can be reached.
#[derive(Queryable, Selectable)]
#[diesel(table_name = parties)]
pub struct Reachable {
    /// The party.
    pub id: PartyId,
    /// The matter it takes part in.
    pub matter_id: MatterId,
    /// Whether it speaks for the other applicants of a collective matter.
    pub representative: bool,
    /// Its side.
    pub side: PartySide,
    /// Its telephone number.
    pub phone: Option<String>,
    /// The account that speaks for it.
    pub account_subject: Option<String>,
}

impl Reachable {
    /// Where a message on a channel goes: a telephone number, or an account.
    pub fn address(&self, channel: NotificationChannel) -> Option<&str> {
        match channel {
            NotificationChannel::Sms => self.phone.as_deref(),
            _ => self.account_subject.as_deref(),
        }
    }
}

/// The people of a case.
pub struct People {
    /// The parties, those of each matter in their order.
    pub parties: Vec<Reachable>,
    /// Its matters that are collective.
    pub collective: Vec<MatterId>,
    /// The number it was accepted under.
    pub acceptance_number: Option<String>,
}

impl People {
    /// Whom a message to one side reaches on a channel, each address once. For the applicants of a collective matter its
    /// representatives are told, as far as one of them can be reached there (信访工作条例 20; 民事诉讼法 56, 57).
    pub fn reached<'a>(
        &'a self,
        sides: &'a [PartySide],
        channel: NotificationChannel,
    ) -> Vec<&'a Reachable> {
        let mut seen = BTreeSet::new();
        let told = self.parties.iter().filter(|party| {
            let represented = party.side == PartySide::Applicant
                && !party.representative
                && self.collective.contains(&party.matter_id)
                && self.parties.iter().any(|other| {
                    other.representative
                        && other.matter_id == party.matter_id
                        && other.address(channel).is_some()
                });
            let address = party.address(channel);
            sides.contains(&party.side)
                && !represented
                && address.is_some_and(|address| seen.insert(address))
        });
        told.collect()
    }
}

/// The people of a case who may be told of it, of whose matters those are collective in which so many people are involved.
pub async fn of_case(
    conn: &mut AsyncPgConnection,
    case: CaseId,
    collective_from: u32,
) -> Result<People, Problem> {
    let collective_from = i32::try_from(collective_from).unwrap_or(i32::MAX);
    let collective = matters::table
        .filter(matters::case_id.eq(case))
        .filter(matters::persons_involved.ge(collective_from));
    let collective = collective.select(matters::id).load(conn).await?;
    // What an accuser said is not for the accused (信访工作条例 30): of a petition, only once it is known to be no report.
    let no_report = petitions::table
        .filter(petitions::matter_id.eq(matters::id))
        .filter(petitions::kind.ne(PetitionKind::Report));
    let withheld = matters::table
        .filter(matters::case_id.eq(case))
        .filter(matters::class.eq(MatterClass::Petition))
        .filter(not(exists(no_report)))
        .select(matters::id);
    let may_know = parties::side
        .eq(PartySide::Applicant)
        .or(not(parties::matter_id.eq_any(withheld)));
    let parties = parties::table
        .filter(parties::case_id.eq(case))
        .filter(may_know)
        .order((parties::matter_id, parties::position))
        .select(Reachable::as_select())
        .load(conn)
        .await?;
    let numbers: Vec<Option<String>> = matters::table
        .filter(matters::case_id.eq(case))
        .filter(matters::acceptance_number.is_not_null())
        .order((matters::created_at, matters::id))
        .select(matters::acceptance_number)
        .limit(1)
        .load(conn)
        .await?;
    Ok(People {
        parties,
        collective,
        acceptance_number: numbers.into_iter().flatten().next(),
    })
}

#[cfg(test)]
mod tests {
    use contracts::ids::TypedId as _;
    use uuid::Uuid;

    use super::*;

    fn party(
        matter: u128,
        side: PartySide,
        representative: bool,
        (phone, account): (Option<&str>, Option<&str>),
    ) -> Reachable {
        Reachable {
            id: PartyId::from_uuid(Uuid::from_u128(1)),
            matter_id: MatterId::from_uuid(Uuid::from_u128(matter)),
            representative,
            side,
            phone: phone.map(str::to_owned),
            account_subject: account.map(str::to_owned),
        }
    }

    #[test]
    fn representatives_are_told_for_the_applicants_of_a_collective_matter() {
        use PartySide::{Applicant, Respondent};
        let parties = || {
            vec![
                party(1, Applicant, true, (Some("1"), None)),
                party(1, Applicant, false, (Some("2"), Some("b"))),
                party(1, Respondent, false, (Some("3"), Some("c"))),
                // Of another matter of the case, which is not collective; the same telephone as before.
                party(2, Applicant, false, (Some("2"), None)),
                party(2, Applicant, false, (Some("2"), None)),
            ]
        };
        let told = |collective: Vec<u128>, channel| {
            let people = People {
                parties: parties(),
                collective: collective
                    .into_iter()
                    .map(|id| MatterId::from_uuid(Uuid::from_u128(id)))
                    .collect(),
                acceptance_number: None,
            };
            let reached = people.reached(&[Applicant, Respondent], channel);
            let addresses = reached.iter().filter_map(|party| party.address(channel));
            addresses.collect::<Vec<_>>().join(" ")
        };
        let (sms, in_app) = (NotificationChannel::Sms, NotificationChannel::InApp);
        assert_eq!(told(vec![], sms), "1 2 3");
        assert_eq!(told(vec![1], sms), "1 3 2");
        // No representative has an account: those who have one are told there.
        assert_eq!(told(vec![1], in_app), "b c");
    }
}
