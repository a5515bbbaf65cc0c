//! The register of courts, and which of them a dispute is for (民事诉讼法 205).

use contracts::{ids::OrganisationId, region::RegionCode};
use serde::Deserialize;

use super::{confirmation::Confirmation, mediation::covers};
use crate::Text;

/// Level of a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourtLevel {
    /// 基层人民法院.
    Basic,
    /// 中级人民法院.
    Intermediate,
}

/// A court.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Court {
    /// Stable code.
    pub code: String,
    /// The organisation its users work for.
    pub id: OrganisationId,
    /// Name people see.
    pub name: Text,
    /// Its level.
    pub level: CourtLevel,
    /// The regions it has, with all under them.
    pub regions: Vec<RegionCode>,
    /// Dispute types that are for an intermediate court whatever the amount.
    #[serde(default)]
    pub types: Vec<String>,
    /// Amount, fen, from which a dispute is for an intermediate court; none = no amount is.
    #[serde(default)]
    pub from_amount_fen: Option<i64>,
}

/// What a basis for a court's competence rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisPlace {
    /// The court invited the organisation to mediate this dispute.
    Inviting,
    /// A place the applicants name: a party's domicile, where the subject matter is.
    Declared,
    /// Where an organisation that mediated is.
    Organisation,
}

impl Court {
    /// Whether the place, or a part of it, is in one of its regions.
    #[must_use]
    pub fn has(&self, place: &RegionCode) -> bool {
        self.regions
            .iter()
            .any(|region| region.contains(place) || place.contains(region))
    }

    /// Whether, as an intermediate court, a dispute of this type and amount is for it in first instance.
    #[must_use]
    pub fn takes(&self, type_code: &str, amount_fen: i64) -> bool {
        self.level == CourtLevel::Intermediate
            && (covers(&self.types, type_code)
                || self.from_amount_fen.is_some_and(|from| amount_fen >= from))
    }
}

impl Confirmation {
    /// The court whose users work for this organisation.
    #[must_use]
    pub fn court(&self, id: OrganisationId) -> Option<&Court> {
        self.courts.iter().find(|court| court.id == id)
    }

    /// The courts of a place for a dispute: the intermediate court when the dispute is for one, else the basic courts
    /// (民事诉讼法 205 (2)).
    pub fn courts_of<'a>(
        &'a self,
        place: &'a RegionCode,
        type_code: &'a str,
        amount_fen: i64,
    ) -> impl Iterator<Item = &'a Court> {
        let here = move |court: &&Court| court.has(place);
        let for_intermediate = self
            .courts
            .iter()
            .filter(here)
            .any(|court| court.takes(type_code, amount_fen));
        self.courts.iter().filter(here).filter(move |court| {
            if for_intermediate {
                court.takes(type_code, amount_fen)
            } else {
                court.level == CourtLevel::Basic
            }
        })
    }
}
