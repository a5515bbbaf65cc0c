//! Correction 补正 (transition 2; IN-05): the person is told once, in one list, what is missing.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use contracts::{
    events::intake::{MatterCorrected, MatterCorrectionAsked, MatterLapsed},
    ids::MatterId,
};
use diesel::{AsChangeset, Identifiable, Insertable, Queryable, Selectable};
use policy::{Due, PolicyPack};

use super::{Refusal, matter::Matter, registration::text};
use crate::api::amend_matter::Changes;

/// The list of what is missing, and what became of it.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable, AsChangeset,
)]
#[diesel(table_name = crate::schema::corrections, primary_key(matter_id))]
pub struct Correction {
    /// The matter.
    pub matter_id: MatterId,
    /// Codes of the policy pack's list of materials.
    pub materials: Vec<String>,
    /// What else is missing, in words.
    pub note: Option<String>,
    /// Subject of who handed the list over.
    pub asked_by: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// An answer before this instant is in time.
    pub due_at: DateTime<Utc>,
    /// The last day, in Beijing.
    pub last_day: NaiveDate,
    /// What was supplied, in words.
    pub supplied_note: Option<String>,
    /// Subject of who supplied it.
    pub supplied_by: Option<String>,
    /// When.
    pub supplied_at: Option<DateTime<Utc>>,
}

/// A list of what is missing: codes, words, or both.
pub struct Missing<'a> {
    /// Codes of the policy pack's list of materials.
    pub materials: &'a [String],
    /// In words.
    pub note: Option<&'a str>,
}

impl Missing<'_> {
    /// Checks the list.
    ///
    /// # Errors
    /// [`Refusal::UnknownMaterial`], [`Refusal::TextRequired`] when it names nothing, [`Refusal::TextTooLong`].
    pub fn check(&self, policy: &PolicyPack) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for (at, code) in self.materials.iter().enumerate() {
            if policy.intake().correction_material(code).is_none() || !seen.insert(code) {
                return Err(Refusal::UnknownMaterial(at));
            }
        }
        match self.note {
            Some(note) => text("/note", note, policy.limits().note_max),
            None if self.materials.is_empty() => Err(Refusal::TextRequired("/note".to_owned())),
            None => Ok(()),
        }
    }
}

impl Matter {
    /// Hands over the one list of what is missing 一次性告知. `before` is the list given earlier, if one was.
    ///
    /// # Errors
    /// [`Refusal::CorrectionAskedAlready`], [`Refusal::NotFrom`].
    pub fn ask_correction(
        &mut self,
        missing: &Missing<'_>,
        before: Option<&Correction>,
        due: Due,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(Correction, MatterCorrectionAsked), Refusal> {
        if before.is_some() {
            return Err(Refusal::CorrectionAskedAlready);
        }
        self.go("ask_correction", now)?;
        self.first_asked.get_or_insert_with(|| by.to_owned());
        let correction = Correction {
            matter_id: self.id,
            materials: missing.materials.to_vec(),
            note: missing.note.map(str::to_owned),
            asked_by: by.to_owned(),
            asked_at: now,
            due_at: due.at,
            last_day: due.last_day,
            supplied_note: None,
            supplied_by: None,
            supplied_at: None,
        };
        let event = MatterCorrectionAsked {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            materials: correction.materials.clone(),
            due_at: due.at,
            asked_at: now,
        };
        Ok((correction, event))
    }

    /// What was missing is there: the window decides again.
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn supply_correction(
        &mut self,
        correction: &mut Correction,
        note: String,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        self.go("supply_correction", now)?;
        correction.supplied_note = Some(note);
        correction.supplied_by = Some(by.to_owned());
        correction.supplied_at = Some(now);
        Ok(())
    }

    /// What is said of it is put right 更正 before it is decided (个人信息保护法 46).
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn amend(&mut self, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.go("amend_matter", now)
    }

    /// Takes over what was found to be right; gives the names of the fields that were given.
    pub fn put_right(&mut self, changes: &Changes, persons: i32) -> Vec<String> {
        let given = [
            ("class", changes.class.is_some()),
            ("type_hint", changes.type_hint.is_some()),
            ("narrative", changes.narrative.is_some()),
            ("amount_fen", changes.amount_fen.is_some()),
            ("persons_involved", changes.persons_involved.is_some()),
            ("parties", changes.parties.is_some()),
        ];
        self.class = changes.class.unwrap_or(self.class);
        self.type_hint = changes.type_hint.clone().or(self.type_hint.take());
        self.amount_fen = changes.amount_fen.or(self.amount_fen);
        self.persons_involved = persons;
        let given = given.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| name.to_owned()).collect()
    }

    /// The fact that what was missing or wrong is put right.
    #[must_use]
    pub fn corrected(&self, changed: Vec<String>, now: DateTime<Utc>) -> MatterCorrected {
        MatterCorrected {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            changed,
            class: Some(self.class),
            type_hint: self.type_hint.clone(),
            corrected_at: now,
        }
    }

    /// What was missing did not come in time. Nobody decided it.
    ///
    /// # Errors
    /// [`Refusal::NotFrom`].
    pub fn lapse(&mut self, now: DateTime<Utc>) -> Result<MatterLapsed, Refusal> {
        self.go("lapse_matter", now)?;
        self.decided_at = Some(now);
        Ok(MatterLapsed {
            matter_id: self.id,
            case_id: self.case_id,
            region: self.region,
            lapsed_at: now,
        })
    }
}
