//! Table `oral_numbers`.

use chassis::{db::Tx, http::Problem};
use chrono::Datelike as _;
use contracts::{ids::OrganisationId, region::RegionCode};
use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, upsert::excluded};
use diesel_async::RunQueryDsl as _;
use policy::{
    clock::due::beijing_date,
    number::{NumberParts, NumberSeries, Series},
};

use crate::schema::{oral_numbers as numbers, organisations};

/// The next number in the register of oral agreements 口头协议登记. The series' row stays locked until the commit and goes back
/// with a roll-back, so the numbers of a series have no gap and none is given twice. Ask for it late: others wait.
///
/// # Errors
/// `unavailable`.
pub async fn next(
    tx: &mut Tx,
    rule: &NumberSeries,
    organisation: OrganisationId,
    region: RegionCode,
) -> Result<String, Problem> {
    let series = match rule.per {
        Series::Organisation => organisation.to_string(),
        Series::Region => region.to_string(),
    };
    let name: Option<String> = organisations::table
        .find(organisation)
        .select(organisations::name)
        .first(tx.conn())
        .await
        .optional()?;
    let year = beijing_date(tx.now()).year();
    let last: i64 = diesel::insert_into(numbers::table)
        .values((
            numbers::series.eq(&series),
            numbers::year.eq(year),
            numbers::last.eq(1),
        ))
        .on_conflict((numbers::series, numbers::year))
        .do_update()
        .set(numbers::last.eq(numbers::last + excluded(numbers::last)))
        .returning(numbers::last)
        .get_result(tx.conn())
        .await?;
    Ok(rule.pattern.render(&NumberParts {
        year,
        sequence: u64::try_from(last).map_err(Problem::unexpected)?,
        region: region.as_str(),
        organisation: name.as_deref().unwrap_or_default(),
    }))
}
