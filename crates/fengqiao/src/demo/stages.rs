//! Doing one thing for many matters, several at a time, with a progress bar.

use std::time::Instant;

use anyhow::{Context as _, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};

/// How many desks work at the same time.
const AT_ONCE: usize = 12;

/// Does `work` for every item and gives what it gave, in the order of the items.
pub async fn stage<T, R>(
    name: &str,
    items: Vec<T>,
    work: impl AsyncFn(T) -> Result<R>,
) -> Result<Vec<R>> {
    let started = Instant::now();
    let bar = ProgressBar::new(u64::try_from(items.len())?);
    bar.set_style(ProgressStyle::with_template(
        "{msg:24} {bar:40} {pos:>5}/{len} {per_sec:>10} {eta}",
    )?);
    bar.set_message(name.to_owned());
    let (work, bar_of) = (&work, &bar);
    let done = stream::iter(items)
        .map(|item| async move {
            let result = work(item).await;
            bar_of.inc(1);
            result
        })
        .buffered(AT_ONCE)
        .try_collect::<Vec<R>>()
        .await
        .with_context(|| name.to_owned())?;
    bar.finish_and_clear();
    eprintln!(
        "  {name}: {} in {:.1} s",
        done.len(),
        started.elapsed().as_secs_f64()
    );
    Ok(done)
}
