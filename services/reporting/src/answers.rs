//! The questions other services ask: the figures of a period, for a roll-up 汇总 and a return of data 数据回流.

use chassis::{bus::Answers, http::Problem};
use contracts::{
    problems::common,
    questions::{NodeFigures, PeriodFigures, PeriodFiguresAnswer},
};

use crate::{
    Reporting,
    domain::{
        period::day_of,
        snapshot::{Numbers, Snapshot},
        span::{self, Span},
    },
    store::{
        periods::{self, StoredVersion},
        snapshots,
    },
};

/// Every question with its answer.
pub fn answers() -> Answers<Reporting> {
    Answers::new().on::<PeriodFigures>(period_figures)
}

/// The figures of the node's own period are those it was closed with; all others are counted now, up to yesterday.
async fn period_figures(
    state: &Reporting,
    question: PeriodFigures,
) -> Result<PeriodFiguresAnswer, Problem> {
    let (node, span) = (*state.db.node(), Span::of_code(&question.period)?);
    if !node.contains(&question.region) {
        return Err(Problem::new(&common::REGION_OUT_OF_SCOPE));
    }
    let today = day_of(state.db.time().now());
    let yesterday = today.pred_opt().unwrap_or(today);
    let mut conn = state.db.read().await?;
    if question.region == node
        && let Some(closed) = periods::newest(&mut conn, span).await?
    {
        return of_closed(closed);
    }
    let counted_to = span::counted_to(span, None, yesterday, today)?;
    let counted = snapshots::take(&mut conn, question.region, span, counted_to).await?;
    Ok(PeriodFiguresAnswer {
        counted_to,
        version: None,
        received: counted.received(),
        settled: counted.settled(),
        digest: counted.digest(),
        ..of_numbers(counted.numbers())
    })
}

fn of_closed(closed: StoredVersion) -> Result<PeriodFiguresAnswer, Problem> {
    let numbers = serde_json::from_value(closed.numbers).map_err(Problem::unexpected)?;
    Ok(PeriodFiguresAnswer {
        counted_to: closed.counted_to,
        version: Some(closed.version),
        received: closed.received,
        settled: closed.settled,
        digest: closed.digest,
        ..of_numbers(numbers)
    })
}

/// The lists, and what is in no type; the rest is filled in.
fn of_numbers(numbers: Numbers) -> PeriodFiguresAnswer {
    let undecided = numbers.types.iter().filter(|one| one.type_code.is_none());
    let residual = undecided.map(|one| one.received).sum();
    let types = numbers.types.into_iter();
    let nodes = numbers.nodes.into_iter().map(|one| NodeFigures {
        node: one.node,
        received: one.received,
        settled: one.settled,
    });
    PeriodFiguresAnswer {
        counted_to: chrono::NaiveDate::default(),
        version: None,
        received: 0,
        settled: 0,
        residual,
        digest: Snapshot::new(Vec::new(), Vec::new()).digest(),
        types: types.filter(|one| one.type_code.is_some()).collect(),
        nodes: nodes.collect(),
        events: numbers.events,
    }
}
