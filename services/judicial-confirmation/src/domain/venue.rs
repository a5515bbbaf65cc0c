//! Which courts have an application (民事诉讼法 205; 民诉法解释 352).

use contracts::{ids::OrganisationId, region::RegionCode};
use policy::sections::{
    confirmation::{Confirmation, CourtBasis},
    courts::{BasisPlace, Court},
};

use super::{agreement::Agreement, refusal::Refusal};

/// A court that has the application, and why.
#[derive(Debug, Clone, Copy)]
pub struct Rightful<'a> {
    /// The court.
    pub court: &'a Court,
    /// Why.
    pub basis: &'a CourtBasis,
    /// The place that gives it the application; none for the inviting court.
    pub place: Option<RegionCode>,
}

/// The places that count.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Where the organisations that mediated are.
    pub organisations: Vec<RegionCode>,
    /// Places the applicants name, each with the code of the basis it is named for.
    pub declared: Vec<(String, RegionCode)>,
}

/// The courts that have the application, with reasons. When a court invited the organisation it is that one alone.
#[must_use]
pub fn rightful<'a>(
    agreement: &Agreement,
    places: &Places,
    confirmation: &'a Confirmation,
) -> Vec<Rightful<'a>> {
    let mut found = Vec::new();
    for basis in &confirmation.court_bases {
        match (basis.place, agreement.inviting_court_id) {
            (BasisPlace::Inviting, Some(inviting)) => {
                found.extend(confirmation.court(inviting).map(|court| Rightful {
                    court,
                    basis,
                    place: None,
                }));
            }
            (BasisPlace::Inviting, None) | (_, Some(_)) => {}
            (BasisPlace::Organisation, None) => {
                for place in &places.organisations {
                    add(&mut found, agreement, basis, *place, confirmation);
                }
            }
            (BasisPlace::Declared, None) => {
                for (_, place) in places
                    .declared
                    .iter()
                    .filter(|(code, _)| *code == basis.code)
                {
                    add(&mut found, agreement, basis, *place, confirmation);
                }
            }
        }
    }
    found
}

fn add<'a>(
    found: &mut Vec<Rightful<'a>>,
    agreement: &Agreement,
    basis: &'a CourtBasis,
    place: RegionCode,
    confirmation: &'a Confirmation,
) {
    let courts = confirmation.courts_of(&place, &agreement.type_code, agreement.amount_fen);
    let new: Vec<_> = courts
        .map(|court| court.id)
        .filter_map(|id| confirmation.court(id))
        .collect();
    for court in new {
        let known =
            |known: &Rightful<'_>| known.court.id == court.id && known.basis.code == basis.code;
        if !found.iter().any(known) {
            found.push(Rightful {
                court,
                basis,
                place: Some(place),
            });
        }
    }
}

/// The court chosen, when it is one that has the application for the reason given.
///
/// # Errors
/// [`Refusal::UnknownCourtBasis`], [`Refusal::UnknownCourt`], [`Refusal::PlaceMissing`], [`Refusal::WrongCourt`].
pub fn choose<'a>(
    agreement: &Agreement,
    (court_id, basis): (OrganisationId, &str),
    places: &Places,
    confirmation: &'a Confirmation,
) -> Result<Rightful<'a>, Refusal> {
    let known = confirmation
        .court_basis(basis)
        .ok_or(Refusal::UnknownCourtBasis)?;
    if confirmation.court(court_id).is_none() {
        return Err(Refusal::UnknownCourt);
    }
    if known.place == BasisPlace::Declared && places.declared.is_empty() {
        return Err(Refusal::PlaceMissing);
    }
    let rightful = rightful(agreement, places, confirmation);
    let chosen = rightful
        .iter()
        .find(|one| one.court.id == court_id && one.basis.code == basis);
    chosen.copied().ok_or_else(|| {
        let invited = agreement.inviting_court_id.is_some();
        let law = if invited {
            "民事诉讼法 205 (1)"
        } else {
            "民事诉讼法 205 (2)"
        };
        let courts = rightful.iter().map(|one| one.court.name.clone()).collect();
        Refusal::WrongCourt(law, courts)
    })
}
