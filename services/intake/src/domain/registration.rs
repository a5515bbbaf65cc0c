//! What must be true of a matter and its parties before it is registered 登记 (transition 1).

use std::collections::BTreeSet;

use chassis::http::{Principal, Scope};
use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{PartyKind, PartySide},
    identifiers::Normalised,
    ids::{CaseId, MatterId, PartyId},
    region::{RegionCode, directory},
};
use policy::{PolicyPack, clock::due::beijing_date};

use super::{
    Refusal,
    matter::{Matter, MatterState},
    party,
};
use crate::api::{
    amend_matter::Changes,
    register_matter::{NewParty, RegisterMatter},
};

/// Longest subject of an account, as in a token.
const SUBJECT_MAX: usize = 255;

/// Who registers, where and when.
pub struct Desk<'a> {
    /// The caller.
    pub principal: &'a Principal,
    /// What the caller may touch.
    pub scope: &'a Scope,
    /// The node.
    pub node: RegionCode,
    /// The policy pack.
    pub policy: &'a PolicyPack,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A party whose data passed every check, without its ids.
pub struct CheckedParty<'a> {
    /// As it was sent.
    pub sent: &'a NewParty,
    /// Its document, checked.
    pub identifier: Option<Normalised>,
    /// The account that speaks for it.
    pub account: Option<&'a str>,
}

impl<'a> Desk<'a> {
    /// Checks a registration and makes the matter.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn register(
        &self,
        id: MatterId,
        case_id: CaseId,
        sent: &'a RegisterMatter,
    ) -> Result<(Matter, Vec<CheckedParty<'a>>), Refusal> {
        let (parties, persons) = self.checked(sent)?;
        let matter = Matter {
            id,
            case_id,
            version: 1,
            region: sent.region,
            state: MatterState::Registered,
            class: sent.class,
            source: sent.source.clone(),
            channel: sent.channel.clone(),
            place_code: sent.place_code.clone(),
            type_hint: sent.type_hint.clone(),
            amount_fen: sent.amount_fen,
            persons_involved: persons,
            organisation_id: self.principal.organisation,
            first_asked: (!self.online()).then(|| self.principal.subject.clone()),
            acceptance_number: None,
            outcome_code: None,
            outcome_note: None,
            remedy_zh: None,
            remedy_en: None,
            decided_by: None,
            decided_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        Ok((matter, parties))
    }

    /// Checks a registration, without making the matter.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self, sent: &RegisterMatter) -> Result<(), Refusal> {
        self.checked(sent).map(drop)
    }

    /// Checks what is put right of a matter whose parties are `known`: the parties that are sent, if any, and how many people are
    /// involved then.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check_changes(
        &self,
        matter: &Matter,
        changes: &Changes,
        sent: Option<&'a [NewParty]>,
        known: &[PartyId],
    ) -> Result<(Option<Vec<CheckedParty<'a>>>, i32), Refusal> {
        if changes.class.is_some() && self.online() {
            return Err(Refusal::StaffOnly("/class"));
        }
        let types = self.policy.dispute_types();
        let unusable = |code: &str| !types.usable(code);
        if changes.type_hint.as_deref().is_some_and(unusable) {
            return Err(Refusal::UnknownDisputeType);
        }
        let limits = self.policy.limits();
        if let Some(narrative) = &changes.narrative {
            text("/narrative", narrative, limits.narrative_max)?;
        }
        if let Some(fen) = changes.amount_fen {
            range("/amount_fen", fen, 0, limits.amount_fen_max)?;
        }
        let named = changes.parties.iter().flatten().map(|party| party.id);
        let mut seen = BTreeSet::new();
        for (at, id) in named.enumerate() {
            if id.is_some_and(|id| !known.contains(&id) || !seen.insert(id)) {
                return Err(Refusal::UnknownParty(at));
            }
        }
        let parties = sent.map(|sent| self.check_parties(sent)).transpose()?;
        let count = sent.map_or(known.len(), <[NewParty]>::len);
        let least = i64::try_from(count).unwrap_or(i64::MAX);
        let persons = changes
            .persons_involved
            .map_or_else(|| i64::from(matter.persons_involved).max(least), i64::from);
        let persons = self.persons_in(persons, least)?;
        if let Some(sent) = sent {
            self.check_representatives(sent, persons)?;
        }
        Ok((parties, persons))
    }

    fn checked(&self, sent: &'a RegisterMatter) -> Result<(Vec<CheckedParty<'a>>, i32), Refusal> {
        self.check_place(sent.region)?;
        self.check_codes(sent)?;
        let limits = self.policy.limits();
        text("/narrative", &sent.narrative, limits.narrative_max)?;
        if let Some(fen) = sent.amount_fen {
            range("/amount_fen", fen, 0, limits.amount_fen_max)?;
        }
        let parties = self.check_parties(&sent.parties)?;
        self.check_operator(sent)?;
        let persons = self.persons(sent)?;
        self.check_representatives(&sent.parties, persons)?;
        Ok((parties, persons))
    }

    /// Whether the person registers it themselves, with no member of staff.
    fn online(&self) -> bool {
        self.scope.applicant.is_some()
    }

    /// Whether a place exists, is the node's and in the caller's area.
    ///
    /// # Errors
    /// [`Refusal::UnknownRegion`], [`Refusal::RegionOutOfScope`].
    pub fn check_place(&self, region: RegionCode) -> Result<(), Refusal> {
        if !directory::valid_on(region, beijing_date(self.now)) {
            return Err(Refusal::UnknownRegion);
        }
        if self.node.contains(&region) && self.scope.region.contains(&region) {
            Ok(())
        } else {
            Err(Refusal::RegionOutOfScope)
        }
    }

    fn check_codes(&self, sent: &RegisterMatter) -> Result<(), Refusal> {
        let intake = self.policy.intake();
        intake.source(&sent.source).ok_or(Refusal::UnknownSource)?;
        let channel = intake.channel(&sent.channel);
        let channel = channel.ok_or(Refusal::UnknownChannel)?;
        let place = sent.place_code.as_deref();
        let code_max = self.policy.limits().code_max;
        let is_code = |text| is_place_code(text, code_max);
        if place.is_some() != channel.place_code || !place.is_none_or(is_code) {
            return Err(Refusal::PlaceCode);
        }
        let types = self.policy.dispute_types();
        if sent
            .type_hint
            .as_deref()
            .is_some_and(|code| !types.usable(code))
        {
            return Err(Refusal::UnknownDisputeType);
        }
        let notice = sent.notice_version.trim();
        if notice.is_empty() || notice.chars().count() > code_max {
            return Err(Refusal::NoticeMissing);
        }
        Ok(())
    }

    /// What is kept for staff is not for a person online.
    fn check_operator(&self, sent: &RegisterMatter) -> Result<(), Refusal> {
        let intake = self.policy.intake();
        if !self.online() {
            return Ok(());
        }
        if intake.channel(&sent.channel).is_some_and(|c| c.operator) {
            return Err(Refusal::ChannelNeedsOperator);
        }
        if intake.source(&sent.source).is_some_and(|s| s.operator) {
            return Err(Refusal::SourceNeedsOperator);
        }
        Ok(())
    }

    fn check_parties(&self, sent: &'a [NewParty]) -> Result<Vec<CheckedParty<'a>>, Refusal> {
        let max = self.policy.limits().parties_max;
        if sent.len() > max {
            return Err(Refusal::TooManyParties(max));
        }
        let first_applicant = sent
            .iter()
            .position(|party| party.side == PartySide::Applicant);
        let first_applicant = first_applicant.ok_or(Refusal::PartyRequired)?;
        let mut accounts = BTreeSet::new();
        let mut checked = Vec::with_capacity(sent.len());
        for (at, party) in sent.iter().enumerate() {
            let checked_party = self.check_party(at, party, at == first_applicant)?;
            if checked_party
                .account
                .is_some_and(|account| !accounts.insert(account))
            {
                return Err(Refusal::AccountTwice(at));
            }
            checked.push(checked_party);
        }
        Ok(checked)
    }

    fn check_party(
        &self,
        at: usize,
        sent: &'a NewParty,
        first: bool,
    ) -> Result<CheckedParty<'a>, Refusal> {
        let limits = self.policy.limits();
        text(&format!("/parties/{at}/name"), &sent.name, limits.name_max)?;
        if let Some(address) = &sent.address {
            text(
                &format!("/parties/{at}/address"),
                address,
                limits.address_max,
            )?;
        }
        if sent
            .phone
            .as_deref()
            .is_some_and(|phone| !party::is_phone(phone))
        {
            return Err(Refusal::Phone(at));
        }
        let identifier = sent.identifier.as_ref().map(|document| {
            party::check_identifier(sent.kind, document.kind, &document.number)
                .map_err(|error| Refusal::Identifier { party: at, error })
        });
        Ok(CheckedParty {
            sent,
            identifier: identifier.transpose()?,
            account: self.account(at, sent, first)?,
        })
    }

    /// The account that speaks for a party. Whoever registers online speaks for the first applicant, and for nobody else.
    fn account(
        &self,
        at: usize,
        sent: &'a NewParty,
        first: bool,
    ) -> Result<Option<&'a str>, Refusal> {
        let named = sent.account_subject.as_deref();
        let own = self.principal.subject.as_str();
        if !self.online() {
            if let Some(subject) = named {
                text(
                    &format!("/parties/{at}/account_subject"),
                    subject,
                    SUBJECT_MAX,
                )?;
            }
            return Ok(named);
        }
        match (first, named) {
            (true, None) => Ok(Some(own)),
            (true, Some(subject)) if subject == own => Ok(Some(own)),
            (false, None) => Ok(None),
            _ => Err(Refusal::AccountNotYours(at)),
        }
    }

    /// Who speaks for many people in a collective matter: at most five, and somebody when more applicants than that are named
    /// (信访工作条例 20).
    fn check_representatives(&self, sent: &[NewParty], persons: i32) -> Result<(), Refusal> {
        let speaks = |party: &NewParty| {
            party.side == PartySide::Applicant && party.kind == PartyKind::NaturalPerson
        };
        let mut representatives = 0;
        for (at, party) in sent
            .iter()
            .enumerate()
            .filter(|(_, sent)| sent.representative)
        {
            if !speaks(party) {
                return Err(Refusal::NotARepresentative(at));
            }
            representatives += 1;
        }
        let collective = i64::from(persons) >= i64::from(self.policy.intake().collective_from);
        let max = self.policy.limits().representatives_max;
        if collective && representatives > max {
            return Err(Refusal::TooManyRepresentatives(max));
        }
        // Of few enough applicants each speaks for themselves and the others.
        let applicants = sent.iter().filter(|party| speaks(party)).count();
        if collective && representatives == 0 && applicants > max {
            return Err(Refusal::RepresentativeRequired);
        }
        Ok(())
    }

    /// At least the parties, who are counted when nothing is said.
    fn persons(&self, sent: &RegisterMatter) -> Result<i32, Refusal> {
        let parties = i64::try_from(sent.parties.len()).unwrap_or(i64::MAX);
        let persons = sent.persons_involved.map_or(parties, i64::from);
        self.persons_in(persons, parties)
    }

    fn persons_in(&self, persons: i64, least: i64) -> Result<i32, Refusal> {
        let max = i64::from(self.policy.limits().persons_involved_max);
        range("/persons_involved", persons, least, max)?;
        i32::try_from(persons).map_err(|_over| Refusal::OutOfRange {
            pointer: "/persons_involved".to_owned(),
            min: least,
            max: i64::from(i32::MAX),
        })
    }
}

/// Whether a text has the form of the code of a place: what a QR code carries well.
fn is_place_code(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A text that says something and is not too long; counted in characters.
///
/// # Errors
/// [`Refusal::TextRequired`], [`Refusal::TextTooLong`].
pub fn text(pointer: &str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::TextRequired(pointer.to_owned()));
    }
    if text.chars().count() > max {
        return Err(Refusal::TextTooLong {
            pointer: pointer.to_owned(),
            max,
        });
    }
    Ok(())
}

/// A number between its limits.
///
/// # Errors
/// [`Refusal::OutOfRange`].
pub fn range(pointer: &str, value: i64, min: i64, max: i64) -> Result<(), Refusal> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(Refusal::OutOfRange {
            pointer: pointer.to_owned(),
            min,
            max,
        })
    }
}
