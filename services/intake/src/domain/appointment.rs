//! Appointments with organisations 预约调解 (IN-10, IN-13).

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use contracts::{
    events::intake::{
        AppointmentAsked, AppointmentCancelled, AppointmentConfirmed, AppointmentEnded,
    },
    ids::{AppointmentId, EventId, MatterId, OrganisationId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::{PolicyPack, clock::due::beijing_date};

use super::{
    Refusal,
    organisation_message::{OrganisationFact, Told},
};

text_enum! {
    /// State of an appointment.
    pub enum AppointmentState {
        /// 待确认.
        Asked => "asked",
        /// 已确认.
        Confirmed => "confirmed",
        /// 已取消.
        Cancelled => "cancelled",
        /// 已到场.
        Kept => "kept",
        /// 未到场.
        NoShow => "no_show",
    }
}

impl AppointmentState {
    /// Those that take up their time.
    pub const TAKES_TIME: [Self; 2] = [Self::Asked, Self::Confirmed];
}

/// An appointment.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable, AsChangeset,
)]
#[diesel(table_name = crate::schema::appointments)]
pub struct Appointment {
    /// The appointment.
    pub id: AppointmentId,
    /// Raised by every command.
    pub version: i64,
    /// Region of the organisation.
    pub region: RegionCode,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The matter it is about, when there is one.
    pub matter_id: Option<MatterId>,
    /// What it is about.
    pub topic: String,
    /// How it stands.
    pub state: AppointmentState,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Subject of who asked for it.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Why it was cancelled.
    pub note: Option<String>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Appointment {
    type State = AppointmentState;
    const NAME: (&'static str, &'static str) = ("appointment", "预约");
    const TRANSITIONS: &'static [Transition<AppointmentState>] = &[
        Transition {
            number: 0,
            command: "ask_appointment",
            action: "预约",
            from: &[],
            to: AppointmentState::Asked,
        },
        Transition {
            number: 0,
            command: "confirm_appointment",
            action: "确认",
            from: &[AppointmentState::Asked],
            to: AppointmentState::Confirmed,
        },
        Transition {
            number: 0,
            command: "cancel_appointment",
            action: "取消",
            from: &AppointmentState::TAKES_TIME,
            to: AppointmentState::Cancelled,
        },
        Transition {
            number: 0,
            command: "keep_appointment",
            action: "到场",
            from: &[AppointmentState::Confirmed],
            to: AppointmentState::Kept,
        },
        Transition {
            number: 0,
            command: "miss_appointment",
            action: "未到场",
            from: &[AppointmentState::Confirmed],
            to: AppointmentState::NoShow,
        },
    ];
}

/// What is asked for.
pub struct Wish {
    /// The appointment's id.
    pub id: AppointmentId,
    /// The organisation and its region.
    pub organisation: (OrganisationId, RegionCode),
    /// The matter it is about.
    pub matter_id: Option<MatterId>,
    /// What it is about.
    pub topic: String,
    /// When it is to begin.
    pub starts_at: DateTime<Utc>,
    /// Subject of who asks.
    pub by: String,
}

/// The end of an appointment that begins at `starts_at`, by the policy pack: it lies ahead, not too far, and wholly in office
/// hours of one day.
///
/// # Errors
/// [`Refusal::SlotNotOpen`].
pub fn slot(
    starts_at: DateTime<Utc>,
    policy: &PolicyPack,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    let rules = &policy.intake().appointments;
    let ends_at = starts_at + TimeDelta::minutes(rules.slot_minutes);
    let calendar = policy.calendar();
    let open = calendar
        .working_hours()
        .minutes_between(starts_at, ends_at, calendar);
    let ahead = starts_at > now && starts_at <= now + TimeDelta::days(rules.days_ahead);
    if ahead && open == rules.slot_minutes {
        Ok(ends_at)
    } else {
        Err(Refusal::SlotNotOpen)
    }
}

/// A time at which an appointment can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeSlot {
    /// When it would begin.
    pub starts_at: DateTime<Utc>,
    /// When it would end.
    pub ends_at: DateTime<Utc>,
    /// How many more can be asked for then.
    pub left: i64,
}

/// The days of which free times are told: those asked for, as far as an appointment can be asked for on them at all.
///
/// # Errors
/// [`Refusal::DaysReversed`].
pub fn days(
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    policy: &PolicyPack,
    now: DateTime<Utc>,
) -> Result<(NaiveDate, NaiveDate), Refusal> {
    let today = beijing_date(now);
    let ahead = TimeDelta::days(policy.intake().appointments.days_ahead);
    let last = beijing_date(now.checked_add_signed(ahead).unwrap_or(now));
    let (from, to) = (from.unwrap_or(today), to.unwrap_or(last));
    if from > to {
        return Err(Refusal::DaysReversed);
    }
    Ok((from.max(today), to.min(last)))
}

/// The free times on days from the first to the last, in the pieces of office hours that the policy pack makes; `taken` are the
/// appointments that take up time then. A time between two pieces can be asked for too.
#[must_use]
pub fn free(
    (from, to): (NaiveDate, NaiveDate),
    taken: &[(DateTime<Utc>, DateTime<Utc>)],
    policy: &PolicyPack,
    now: DateTime<Utc>,
) -> Vec<FreeSlot> {
    let rules = &policy.intake().appointments;
    let calendar = policy.calendar();
    let hours = calendar.working_hours();
    let days = std::iter::successors(Some(from), |day| day.checked_add_days(Days::new(1)))
        .take_while(|day| *day <= to);
    let begins = days.flat_map(|day| hours.pieces(day, rules.slot_minutes, calendar));
    let free = begins.filter_map(|starts_at| {
        let ends_at = slot(starts_at, policy, now).ok()?;
        let overlap =
            |time: &&(DateTime<Utc>, DateTime<Utc>)| time.0 < ends_at && time.1 > starts_at;
        let taken = i64::try_from(taken.iter().filter(overlap).count()).ok()?;
        let left = rules.per_slot - taken;
        (left > 0).then_some(FreeSlot {
            starts_at,
            ends_at,
            left,
        })
    });
    free.collect()
}

impl Appointment {
    /// Asks for an appointment, when `taken` others at that time leave room.
    ///
    /// # Errors
    /// [`Refusal::SlotNotOpen`], [`Refusal::SlotFull`].
    pub fn ask(
        wish: Wish,
        taken: i64,
        policy: &PolicyPack,
        now: DateTime<Utc>,
    ) -> Result<(Self, AppointmentAsked), Refusal> {
        let ends_at = slot(wish.starts_at, policy, now)?;
        if taken >= policy.intake().appointments.per_slot {
            return Err(Refusal::SlotFull);
        }
        let (organisation_id, region) = wish.organisation;
        let event = AppointmentAsked {
            appointment_id: wish.id,
            organisation_id,
            region,
            matter_id: wish.matter_id,
            starts_at: wish.starts_at,
            ends_at,
            asked_at: now,
        };
        let appointment = Self {
            id: wish.id,
            version: 1,
            region,
            organisation_id,
            matter_id: wish.matter_id,
            topic: wish.topic,
            state: AppointmentState::Asked,
            starts_at: wish.starts_at,
            ends_at,
            asked_by: wish.by,
            asked_at: now,
            note: None,
            updated_at: now,
        };
        Ok((appointment, event))
    }

    /// The organisation will be there.
    ///
    /// # Errors
    /// [`Refusal::AppointmentOver`], [`Refusal::NotNow`].
    pub fn confirm(&mut self, now: DateTime<Utc>) -> Result<AppointmentConfirmed, Refusal> {
        self.check_ahead(now)?;
        self.go("confirm_appointment", now)?;
        Ok(AppointmentConfirmed {
            appointment_id: self.id,
            organisation_id: self.organisation_id,
            region: self.region,
            confirmed_at: now,
        })
    }

    /// Either side cannot come.
    ///
    /// # Errors
    /// [`Refusal::AppointmentOver`], [`Refusal::NotNow`].
    pub fn cancel(
        &mut self,
        note: String,
        now: DateTime<Utc>,
    ) -> Result<AppointmentCancelled, Refusal> {
        self.check_ahead(now)?;
        self.go("cancel_appointment", now)?;
        self.note = Some(note);
        Ok(AppointmentCancelled {
            appointment_id: self.id,
            organisation_id: self.organisation_id,
            region: self.region,
            cancelled_at: now,
        })
    }

    /// Whether the person came, once the time has.
    ///
    /// # Errors
    /// [`Refusal::AppointmentNotBegun`], [`Refusal::NotNow`].
    pub fn end(&mut self, came: bool, now: DateTime<Utc>) -> Result<AppointmentEnded, Refusal> {
        let command = if came {
            "keep_appointment"
        } else {
            "miss_appointment"
        };
        if now < self.starts_at {
            return Err(Refusal::AppointmentNotBegun);
        }
        self.go(command, now)?;
        Ok(AppointmentEnded {
            appointment_id: self.id,
            organisation_id: self.organisation_id,
            region: self.region,
            came,
            ended_at: now,
        })
    }

    /// What its organisation is told of it.
    #[must_use]
    pub fn told(&self, fact: OrganisationFact, event_id: EventId) -> Told {
        Told {
            fact,
            organisation_id: self.organisation_id,
            region: self.region,
            case_id: None,
            appointment_id: Some(self.id),
            event_id,
            at: self.starts_at,
            due_at: None,
        }
    }

    fn check_ahead(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now < self.starts_at {
            Ok(())
        } else {
            Err(Refusal::AppointmentOver)
        }
    }

    fn go(&mut self, command: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let step = Self::transition(Some(self.state), command);
        self.state = step.ok_or(Refusal::NotNow(self.state.as_str()))?.to;
        self.version += 1;
        self.updated_at = now;
        Ok(())
    }
}
