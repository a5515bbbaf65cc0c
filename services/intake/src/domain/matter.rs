//! A matter 诉求事项: what the person brought, and what the window made of it.

use chrono::{DateTime, Utc};
use contracts::{
    events::{
        federation::CaseAdopted,
        intake::{
            MatterAccepted, MatterAnswered, MatterClass, MatterDeclined, MatterRegistered, PartyRef,
        },
    },
    ids::{CaseId, MatterId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    questions::DossierMatter,
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::{Text, sections::intake::DeclineReason};

use super::Refusal;

text_enum! {
    /// State of a matter.
    pub enum MatterState {
        /// 已登记.
        Registered => "registered",
        /// 待补正.
        Correcting => "correcting",
        /// 当场办结.
        Answered => "answered",
        /// 不予受理.
        NotAccepted => "not_accepted",
        /// 已受理.
        Accepted => "accepted",
        /// 逾期未补正.
        Lapsed => "lapsed",
    }
}

impl MatterState {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Registered => ("已登记", "registered"),
            Self::Correcting => ("待补正", "to be completed by the person"),
            Self::Answered => ("当场办结", "answered"),
            Self::NotAccepted => ("不予受理", "not accepted"),
            Self::Accepted => ("已受理", "accepted"),
            Self::Lapsed => ("逾期未补正", "lapsed"),
        }
    }
}

/// A matter without its narrative.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::matters, treat_none_as_null = true)]
pub struct Matter {
    /// The matter.
    pub id: MatterId,
    /// The case it belongs to.
    pub case_id: CaseId,
    /// Raised by every command.
    pub version: i64,
    /// Where it happened.
    pub region: RegionCode,
    /// What became of it.
    pub state: MatterState,
    /// Dispute, petition or complaint (IN-02).
    pub class: MatterClass,
    /// Source code of the policy pack (IN-04).
    pub source: String,
    /// Channel code of the policy pack (IN-08).
    pub channel: String,
    /// Where the dispute code hung that was read (IN-11).
    pub place_code: Option<String>,
    /// The dispute type the person or clerk named.
    pub type_hint: Option<String>,
    /// Amount in dispute, fen.
    pub amount_fen: Option<i64>,
    /// How many people are involved.
    pub persons_involved: i32,
    /// The organisation whose window took it.
    pub organisation_id: Option<OrganisationId>,
    /// Subject of the member of staff who was asked first and answers for the matter (IN-05). Fixed once set; empty
    /// while a matter that came online has met nobody.
    pub first_asked: Option<String>,
    /// 受理编号, when accepted.
    pub acceptance_number: Option<String>,
    /// Why it was declined, or the item it was answered under: codes of the policy pack.
    pub outcome_code: Option<String>,
    /// The explanation or answer given to the person.
    pub outcome_note: Option<String>,
    /// The notice of the ways that remain, as the person was told, in Chinese.
    pub remedy_zh: Option<String>,
    /// The same in English.
    pub remedy_en: Option<String>,
    /// Subject of who accepted, declined or answered it.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Matter {
    type State = MatterState;
    const NAME: (&'static str, &'static str) = ("matter", "诉求事项");
    const TRANSITIONS: &'static [Transition<MatterState>] = &[
        Transition {
            number: 1,
            command: "register_matter",
            action: "登记",
            from: &[],
            to: MatterState::Registered,
        },
        Transition {
            number: 2,
            command: "ask_correction",
            action: "要求补正",
            from: &[MatterState::Registered],
            to: MatterState::Correcting,
        },
        Transition {
            number: 0,
            command: "supply_correction",
            action: "补正",
            from: &[MatterState::Correcting],
            to: MatterState::Registered,
        },
        Transition {
            number: 0,
            command: "amend_matter",
            action: "更正",
            from: &[MatterState::Registered],
            to: MatterState::Registered,
        },
        Transition {
            number: 0,
            command: "lapse_matter",
            action: "逾期未补正",
            from: &[MatterState::Correcting],
            to: MatterState::Lapsed,
        },
        Transition {
            number: 3,
            command: "answer_matter",
            action: "当场办结",
            from: &[MatterState::Registered],
            to: MatterState::Answered,
        },
        Transition {
            number: 4,
            command: "decline_matter",
            action: "不予受理",
            from: &[MatterState::Registered],
            to: MatterState::NotAccepted,
        },
        Transition {
            number: 5,
            command: "accept_matter",
            action: "受理",
            from: &[MatterState::Registered],
            to: MatterState::Accepted,
        },
    ];
}

impl Matter {
    /// A matter that another node accepted and handed over with its case. Where it happened is kept; a place outside this node
    /// becomes the node's own region, as its people work on nothing else.
    #[must_use]
    pub fn adopted(
        event: &CaseAdopted,
        sent: &DossierMatter,
        node: RegionCode,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: sent.matter_id,
            case_id: event.case_id,
            version: 1,
            region: if node.contains(&sent.region) {
                sent.region
            } else {
                node
            },
            state: MatterState::Accepted,
            class: sent.class,
            source: sent.source.clone(),
            channel: sent.channel.clone(),
            place_code: None,
            type_hint: sent.type_hint.clone(),
            amount_fen: sent.amount_fen,
            persons_involved: i32::try_from(sent.persons_involved.max(1)).unwrap_or(i32::MAX),
            organisation_id: sent.organisation_id,
            first_asked: None,
            acceptance_number: Some(sent.acceptance_number.clone()),
            outcome_code: None,
            outcome_note: None,
            remedy_zh: None,
            remedy_en: None,
            decided_by: Some(format!("node:{}", event.from_node)),
            decided_at: Some(sent.accepted_at),
            created_at: sent.registered_at,
            updated_at: now,
        }
    }

    /// The fact of its registration.
    #[must_use]
    pub fn registered(&self, parties: Vec<PartyRef>) -> MatterRegistered {
        MatterRegistered {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            class: self.class,
            source: self.source.clone(),
            channel: self.channel.clone(),
            type_hint: self.type_hint.clone(),
            parties,
            persons_involved: self.persons(),
            amount_fen: self.amount_fen,
            organisation_id: self.organisation_id,
            registered_at: self.created_at,
        }
    }

    /// Accepts it 受理 under a number (transition 5; IN-03).
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn accept(
        &mut self,
        number: String,
        parties: Vec<PartyRef>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<MatterAccepted, Refusal> {
        self.step("accept_matter", by, now)?;
        self.acceptance_number = Some(number.clone());
        Ok(self.accepted(number, parties, now))
    }

    /// Declines it 不予受理 with the notice of the ways that remain (transition 4; 人民调解法 26, 信访工作条例 23).
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn decline(
        &mut self,
        reason: &DeclineReason,
        explanation: Option<String>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<MatterDeclined, Refusal> {
        self.step("decline_matter", by, now)?;
        let Text { zh, en } = reason.remedy.clone();
        self.outcome_code = Some(reason.code.clone());
        self.outcome_note = explanation;
        (self.remedy_zh, self.remedy_en) = (Some(zh), Some(en));
        Ok(MatterDeclined {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            reason: reason.code.clone(),
            declined_at: now,
        })
    }

    /// Settles it on the spot 当场办结 (transition 3; IN-07).
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn answer(
        &mut self,
        item: &str,
        answer: String,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<MatterAnswered, Refusal> {
        self.step("answer_matter", by, now)?;
        self.outcome_code = Some(item.to_owned());
        self.outcome_note = Some(answer);
        Ok(MatterAnswered {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            item: item.to_owned(),
            answered_at: now,
        })
    }

    /// How many people are involved; never negative in the table.
    #[must_use]
    pub fn persons(&self) -> u32 {
        u32::try_from(self.persons_involved).unwrap_or_default()
    }

    /// The facts that make it a matter of `case_id`, to which it was moved at `now` (transition 32), with all parties of that case.
    #[must_use]
    pub fn moved(
        &self,
        case_id: CaseId,
        parties: Vec<PartyRef>,
        now: DateTime<Utc>,
    ) -> (MatterRegistered, MatterAccepted) {
        let moved = Self {
            case_id,
            created_at: now,
            ..self.clone()
        };
        let number = self.acceptance_number.clone().unwrap_or_default();
        let accepted = moved.accepted(number, parties.clone(), now);
        (moved.registered(parties), accepted)
    }

    /// The fact of its acceptance.
    fn accepted(
        &self,
        acceptance_number: String,
        parties: Vec<PartyRef>,
        accepted_at: DateTime<Utc>,
    ) -> MatterAccepted {
        MatterAccepted {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            acceptance_number,
            class: self.class,
            source: self.source.clone(),
            channel: self.channel.clone(),
            type_hint: self.type_hint.clone(),
            parties,
            persons_involved: self.persons(),
            amount_fen: self.amount_fen,
            organisation_id: self.organisation_id,
            registered_at: self.created_at,
            accepted_at,
        }
    }

    /// Takes the step of the table that `command` asks for, which is a decision of the window.
    fn step(&mut self, command: &str, by: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.go(command, now)?;
        self.first_asked.get_or_insert_with(|| by.to_owned());
        self.decided_by = Some(by.to_owned());
        self.decided_at = Some(now);
        Ok(())
    }

    /// Takes the step of the table that `command` asks for.
    pub(super) fn go(&mut self, command: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let step =
            Self::transition(Some(self.state), command).ok_or(Refusal::NotFrom(self.state))?;
        self.state = step.to;
        self.version += 1;
        self.updated_at = now;
        Ok(())
    }
}
