//! To which court an application goes, with what, as the request says it.

use chassis::http::Problem;
use contracts::{ids::OrganisationId, region::RegionCode};
use diesel_async::AsyncPgConnection;
use policy::sections::{confirmation::Confirmation, courts::BasisPlace};

use crate::{
    JudicialConfirmation,
    domain::{
        agreement::Agreement,
        parties::{Manner, Terms},
        venue::Places,
    },
    store,
};

/// What the request names.
pub struct Named<'a> {
    /// The court asked.
    pub court: OrganisationId,
    /// What gives it the case.
    pub court_basis: &'a str,
    /// A party's domicile, or where the subject matter is.
    pub place: Option<RegionCode>,
    /// Other organisations that took part in the mediation.
    pub organisations: &'a [OrganisationId],
    /// The papers handed in.
    pub materials: &'a [String],
}

/// The terms of an application to confirm an agreement.
pub async fn of(
    state: &JudicialConfirmation,
    conn: &mut AsyncPgConnection,
    agreement: &Agreement,
    named: &Named<'_>,
    at_window: bool,
) -> Result<Terms, Problem> {
    let confirmation = state.policy.confirmation();
    let places = places(
        conn,
        agreement,
        named.organisations,
        named.place,
        confirmation,
    )
    .await?;
    Ok(Terms {
        court_id: named.court,
        court_basis: named.court_basis.to_owned(),
        places,
        materials: named.materials.to_vec(),
        manner: manner(state, &agreement.type_code, at_window),
    })
}

/// How papers of a dispute type are handed in.
pub fn manner(state: &JudicialConfirmation, type_code: &str, at_window: bool) -> Manner {
    Manner {
        at_window,
        by_hand: state.policy.mediation().agreement.signed_by_hand(type_code),
    }
}

/// The places that count for an agreement. Where an organisation is that is not known, the agreement's region counts.
pub async fn places(
    conn: &mut AsyncPgConnection,
    agreement: &Agreement,
    others: &[OrganisationId],
    place: Option<RegionCode>,
    confirmation: &Confirmation,
) -> Result<Places, Problem> {
    let own = [agreement.organisation_id];
    let mut organisations = store::organisations::regions(conn, &own).await?;
    if organisations.is_empty() {
        organisations.push(agreement.region);
    }
    organisations.extend(store::organisations::regions(conn, others).await?);
    let declared = confirmation
        .court_bases
        .iter()
        .filter(|basis| basis.place == BasisPlace::Declared)
        .filter_map(|basis| Some((basis.code.clone(), place?)))
        .collect();
    Ok(Places {
        organisations,
        declared,
    })
}
