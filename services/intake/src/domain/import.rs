//! A row of another system's table as a registration, and the column a refusal is about.

use contracts::{
    events::intake::{MatterClass, PartyKind, PartySide},
    identifiers::DocumentKind,
    region::RegionCode,
};
use policy::sections::intake::Import;

use super::sheet::Row;
use crate::api::register_matter::{Identifier, NewParty, RegisterMatter};

/// The column whose cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

/// The registration a row stands for.
///
/// # Errors
/// The first cell that cannot be read.
pub fn registration(policy: &Import, row: &Row) -> Result<RegisterMatter, Unreadable> {
    let mut parties = vec![party(row, PartySide::Applicant, &APPLICANT)?];
    if row.get(RESPONDENT.name).is_some() {
        parties.push(party(row, PartySide::Respondent, &RESPONDENT)?);
    }
    Ok(RegisterMatter {
        region: parsed::<RegionCode>(row, "region")?.ok_or(Unreadable("region"))?,
        class: parsed::<MatterClass>(row, "class")?.ok_or(Unreadable("class"))?,
        source: row.text("source"),
        channel: policy.channel.clone(),
        place_code: None,
        type_hint: row.get("type").map(str::to_owned),
        narrative: row.text("narrative"),
        amount_fen: parsed(row, "amount_fen")?,
        persons_involved: parsed(row, "persons_involved")?,
        notice_version: row.text("notice_version"),
        parties,
    })
}

/// The column a pointer into a registration is about.
#[must_use]
pub fn column(pointer: &str) -> Option<&'static str> {
    let (rest, party) = match pointer.strip_prefix("/parties/0") {
        Some(rest) => (rest, &APPLICANT),
        None => match pointer.strip_prefix("/parties/1") {
            Some(rest) => (rest, &RESPONDENT),
            None => return own_column(pointer),
        },
    };
    Some(match rest {
        "/kind" => party.kind,
        "/phone" => party.phone,
        "/address" => party.address,
        "/identifier/kind" => party.document,
        "/identifier/number" => party.number,
        _ => party.name,
    })
}

fn own_column(pointer: &str) -> Option<&'static str> {
    Some(match pointer {
        "/region" => "region",
        "/class" => "class",
        "/source" => "source",
        "/type_hint" => "type",
        "/narrative" => "narrative",
        "/amount_fen" => "amount_fen",
        "/persons_involved" => "persons_involved",
        "/notice_version" => "notice_version",
        "/parties" => APPLICANT.name,
        _ => return None,
    })
}

/// The columns of a party.
struct PartyColumns {
    name: &'static str,
    kind: &'static str,
    document: &'static str,
    number: &'static str,
    phone: &'static str,
    address: &'static str,
}

const APPLICANT: PartyColumns = PartyColumns {
    name: "applicant_name",
    kind: "applicant_kind",
    document: "applicant_document",
    number: "applicant_number",
    phone: "applicant_phone",
    address: "applicant_address",
};
const RESPONDENT: PartyColumns = PartyColumns {
    name: "respondent_name",
    kind: "respondent_kind",
    document: "respondent_document",
    number: "respondent_number",
    phone: "respondent_phone",
    address: "respondent_address",
};

/// A party; a natural person unless the row says otherwise, whose document is the one its kind usually has.
fn party(row: &Row, side: PartySide, columns: &PartyColumns) -> Result<NewParty, Unreadable> {
    let kind = parsed(row, columns.kind)?.unwrap_or(PartyKind::NaturalPerson);
    let usual = match kind {
        PartyKind::NaturalPerson => DocumentKind::ResidentId,
        PartyKind::LegalPerson => DocumentKind::UnifiedSocialCreditCode,
    };
    let document = parsed(row, columns.document)?.unwrap_or(usual);
    let identifier = row.get(columns.number).map(|number| Identifier {
        kind: document,
        number: number.to_owned(),
    });
    Ok(NewParty {
        side,
        kind,
        representative: false,
        name: row.text(columns.name),
        identifier,
        phone: row.get(columns.phone).map(str::to_owned),
        address: row.get(columns.address).map(str::to_owned),
        account_subject: None,
    })
}

fn parsed<T: std::str::FromStr>(row: &Row, column: &'static str) -> Result<Option<T>, Unreadable> {
    let cell = row.get(column);
    cell.map(|cell| cell.parse().map_err(|_| Unreadable(column)))
        .transpose()
}
