//! Table `acceptance_numbers`.

use chassis::{db::Tx, http::Problem};
use chrono::Datelike as _;
use contracts::{ids::OrganisationId, region::directory};
use diesel::{ExpressionMethods as _, upsert::excluded};
use diesel_async::RunQueryDsl as _;
use policy::{
    clock::due::beijing_date,
    number::{NumberParts, NumberSeries, Series},
};

use crate::schema::acceptance_numbers as numbers;

/// The next acceptance number 受理编号. The series' row stays locked until the commit and goes back with a roll-back, so
/// the numbers of a series have no gap and none is given twice. Ask for it late: others wait.
pub async fn next(
    tx: &mut Tx,
    rule: &NumberSeries,
    organisation: Option<OrganisationId>,
) -> Result<String, Problem> {
    let node = *tx.node();
    let series = match (rule.per, organisation) {
        (Series::Organisation, Some(organisation)) => organisation.to_string(),
        _ => node.to_string(),
    };
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
        region: node.as_str(),
        // Offices are registered elsewhere; here the node signs for them.
        organisation: directory::name(node).unwrap_or_default(),
    }))
}
