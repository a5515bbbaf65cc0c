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

use super::organisations;
use crate::schema::acceptance_numbers as numbers;

/// What is numbered; each has series of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// Acceptances 受理编号.
    Acceptance,
    /// Files 卷号.
    File,
}

/// The next number. The series' row stays locked until the commit and goes back with a roll-back, so the numbers of a series
/// have no gap and none is given twice. Ask for it late: others wait.
pub async fn next(
    tx: &mut Tx,
    what: Numbered,
    rule: &NumberSeries,
    organisation: Option<OrganisationId>,
) -> Result<String, Problem> {
    let node = *tx.node();
    let owner = match (rule.per, organisation) {
        (Series::Organisation, Some(organisation)) => organisation.to_string(),
        _ => node.to_string(),
    };
    let series = match what {
        Numbered::Acceptance => owner,
        Numbered::File => format!("file:{owner}"),
    };
    let office = match organisation {
        Some(id) => organisations::name(tx.conn(), id).await?,
        None => None,
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
        // The node signs for an office that the register has not named.
        organisation: office
            .as_deref()
            .or_else(|| directory::name(node))
            .unwrap_or_default(),
    }))
}
