//! Screening 排查: hidden risks 苗头隐患 that grid workers and others find, and what became of each (IN-14, IN-15).

use chrono::{DateTime, Utc};
use contracts::{
    events::intake::{ScreeningKind, ScreeningRecorded, ScreeningWrittenOff},
    ids::{CaseId, MatterId, OrganisationId, ScreeningId},
    lifecycle::{StateMachine, Transition},
    region::RegionCode,
    text_enum,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::sections::intake::Screening as Policy;

use super::Refusal;

text_enum! {
    /// State of a hidden risk.
    pub enum ScreeningState {
        /// 待处置.
        Open => "open",
        /// 已转为诉求事项.
        Registered => "registered",
        /// 已销号.
        WrittenOff => "written_off",
    }
}

impl ScreeningState {
    /// Its name in Chinese and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("待处置", "open"),
            Self::Registered => ("已转为诉求事项", "registered as a matter"),
            Self::WrittenOff => ("已销号", "written off"),
        }
    }
}

/// A hidden risk.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::screenings, treat_none_as_null = true)]
pub struct Screening {
    /// The risk.
    pub id: ScreeningId,
    /// The case it opens when it becomes a matter.
    pub case_id: CaseId,
    /// Raised by every command.
    pub version: i64,
    /// Where it is.
    pub region: RegionCode,
    /// The place, as people there call it.
    pub place: String,
    /// Routine or targeted.
    pub kind: ScreeningKind,
    /// Code of the key area, field, industry or group of persons.
    pub category: String,
    /// Code of how grave it is.
    pub severity: String,
    /// What was found.
    pub description: String,
    /// What became of it.
    pub state: ScreeningState,
    /// The organisation of who recorded it.
    pub organisation_id: Option<OrganisationId>,
    /// Subject of who recorded it.
    pub recorded_by: String,
    /// The matter it became.
    pub matter_id: Option<MatterId>,
    /// Code of why it was written off.
    pub reason: Option<String>,
    /// What shows that it is settled.
    pub evidence: Option<String>,
    /// Subject of who registered it or wrote it off.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

impl StateMachine for Screening {
    type State = ScreeningState;
    const NAME: (&'static str, &'static str) = ("screening", "苗头隐患");
    const TRANSITIONS: &'static [Transition<ScreeningState>] = &[
        Transition {
            number: 1,
            command: "record_screening",
            action: "排查登记",
            from: &[],
            to: ScreeningState::Open,
        },
        Transition {
            number: 2,
            command: "register_screening",
            action: "转为诉求事项",
            from: &[ScreeningState::Open],
            to: ScreeningState::Registered,
        },
        Transition {
            number: 3,
            command: "write_off_screening",
            action: "销号",
            from: &[ScreeningState::Open],
            to: ScreeningState::WrittenOff,
        },
    ];
}

impl Screening {
    /// Whether the policy pack knows category and severity.
    ///
    /// # Errors
    /// [`Refusal::UnknownCategory`], [`Refusal::UnknownSeverity`].
    pub fn check(&self, policy: &Policy) -> Result<(), Refusal> {
        policy
            .category(&self.category)
            .ok_or(Refusal::UnknownCategory)?;
        policy
            .severity(&self.severity)
            .ok_or(Refusal::UnknownSeverity)?;
        Ok(())
    }

    /// The fact that it was recorded.
    #[must_use]
    pub fn recorded(&self) -> ScreeningRecorded {
        ScreeningRecorded {
            screening_id: self.id,
            case_id: self.case_id,
            region: self.region,
            kind: self.kind,
            category: self.category.clone(),
            severity: self.severity.clone(),
            organisation_id: self.organisation_id,
            recorded_at: self.created_at,
        }
    }

    /// It becomes a matter, which opens its case.
    ///
    /// # Errors
    /// [`Refusal::ScreeningNotOpen`].
    pub fn register(
        &mut self,
        matter: MatterId,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.step("register_screening", by, now)?;
        self.matter_id = Some(matter);
        Ok(())
    }

    /// It is settled and leaves the ledger 销号.
    ///
    /// # Errors
    /// [`Refusal::UnknownWriteOffReason`], [`Refusal::ScreeningNotOpen`].
    pub fn write_off(
        &mut self,
        policy: &Policy,
        reason: &str,
        evidence: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<ScreeningWrittenOff, Refusal> {
        let known = policy.write_off_reason(reason);
        known.ok_or(Refusal::UnknownWriteOffReason)?;
        self.step("write_off_screening", by, now)?;
        self.reason = Some(reason.to_owned());
        self.evidence = Some(evidence.to_owned());
        Ok(ScreeningWrittenOff {
            screening_id: self.id,
            case_id: self.case_id,
            region: self.region,
            reason: reason.to_owned(),
            written_off_at: now,
        })
    }

    /// Takes the step of the table that `command` asks for.
    ///
    /// # Errors
    /// [`Refusal::ScreeningNotOpen`].
    pub fn step(&mut self, command: &str, by: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let step = Self::transition(Some(self.state), command)
            .ok_or(Refusal::ScreeningNotOpen(self.state))?;
        self.state = step.to;
        self.version += 1;
        self.decided_by = Some(by.to_owned());
        self.decided_at = Some(now);
        self.updated_at = now;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use contracts::ids::TypedId as _;
    use policy::PolicyPack;
    use uuid::Uuid;

    use super::*;

    fn open() -> Screening {
        let at = "2026-09-01T02:00:00Z".parse().unwrap();
        Screening {
            id: ScreeningId::from_uuid(Uuid::from_u128(1)),
            case_id: CaseId::from_uuid(Uuid::from_u128(2)),
            version: 1,
            region: "620602".parse().unwrap(),
            place: "东大街".to_owned(),
            kind: ScreeningKind::Routine,
            category: "wage_arrears".to_owned(),
            severity: "general".to_owned(),
            description: "欠薪".to_owned(),
            state: ScreeningState::Open,
            organisation_id: None,
            recorded_by: "grid".to_owned(),
            matter_id: None,
            reason: None,
            evidence: None,
            decided_by: None,
            decided_at: None,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn a_risk_is_decided_once() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let policy = &pack.intake().screening;
        let now = "2026-09-02T02:00:00Z".parse().unwrap();
        let matter = MatterId::from_uuid(Uuid::from_u128(3));
        let mut risk = open();
        assert_eq!(risk.check(policy), Ok(()));
        let unknown = risk.write_off(policy, "no such", "x", "a", now);
        assert_eq!(unknown, Err(Refusal::UnknownWriteOffReason));
        assert_eq!(risk, open(), "nothing changed");
        risk.write_off(policy, "settled", "回访确认", "a", now)
            .unwrap();
        assert_eq!((risk.state, risk.version), (ScreeningState::WrittenOff, 2));
        let again = risk.register(matter, "a", now);
        assert_eq!(
            again,
            Err(Refusal::ScreeningNotOpen(ScreeningState::WrittenOff))
        );
        let mut risk = open();
        risk.register(matter, "a", now).unwrap();
        assert_eq!(risk.matter_id, Some(matter));
        let again = risk.write_off(policy, "settled", "x", "a", now);
        assert_eq!(
            again,
            Err(Refusal::ScreeningNotOpen(ScreeningState::Registered))
        );
        for (category, severity, refusal) in [
            ("weather", "general", Refusal::UnknownCategory),
            ("wage_arrears", "mild", Refusal::UnknownSeverity),
        ] {
            let risk = Screening {
                category: category.to_owned(),
                severity: severity.to_owned(),
                ..open()
            };
            assert_eq!(risk.check(policy), Err(refusal));
        }
    }
}
