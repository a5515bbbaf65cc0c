//! `limits.yaml`: how long texts and lists may be. Lengths are in characters (Unicode scalar values).

use serde::Deserialize;

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// What the person said.
    pub narrative_max: usize,
    /// Title of a matter.
    pub title_max: usize,
    /// Name of a person or organisation.
    pub name_max: usize,
    /// An address.
    pub address_max: usize,
    /// Parties of a matter.
    pub parties_max: usize,
    /// People involved in a case.
    pub persons_involved_max: u32,
    /// A code of somebody else's making: the version of a notice, a place.
    pub code_max: usize,
    /// Representatives of a collective visit (信访工作条例 20).
    pub representatives_max: usize,
    /// Amount in dispute, fen.
    pub amount_fen_max: i64,
    /// A reason, a note or an answer given to a person.
    pub note_max: usize,
    /// The record of a session.
    pub record_max: usize,
    /// A clause of an agreement.
    pub clause_max: usize,
    /// Obligations of an agreement, instalments included.
    pub obligations_max: usize,
    /// Years ahead an obligation may be due.
    pub obligation_years_max: u32,
    /// Mediators of a proceeding.
    pub mediators_max: usize,
    /// Free text of a rating or a follow-up.
    pub comment_max: usize,
    /// Number of a court's ruling.
    pub ruling_number_max: usize,
    /// Entries of a list without a limit of its own: members, qualifications, trainings, evidence.
    pub list_max: usize,
    /// A link, or the reference of a stored paper.
    pub reference_max: usize,
}
