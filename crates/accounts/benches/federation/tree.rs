//! One node above, the others directly below it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use contracts::region::RegionCode;

use crate::node::Node;

/// The node above.
pub const HUB: &str = "62";

/// The hub and its children, in the order of their codes.
pub struct Tree {
    pub children: Vec<Node>,
    pub hub: Node,
}

/// Codes of counties right below the province: as many as wanted.
pub fn children(count: u32) -> Result<Vec<RegionCode>> {
    let code = |n: u32| format!("{HUB}{:02}{:02}", n / 99 + 1, n % 99 + 1).parse();
    Ok((0..count).map(code).collect::<Result<_, _>>()?)
}

/// Asks until the answer is what is expected; fails when nothing has changed for three minutes, or when it is more.
pub async fn until<T, F>(what: &str, expected: T, mut ask: impl FnMut() -> F) -> Result<()>
where
    T: PartialOrd + std::fmt::Display + Copy,
    F: Future<Output = Result<T>>,
{
    let (mut last, mut changed) = (None, Instant::now());
    loop {
        // A server that is just starting does not answer: ask again.
        if let Ok(found) = ask().await {
            if found == expected {
                return Ok(());
            }
            if found > expected {
                bail!("{what}: {found}, expected {expected}");
            }
            if last != Some(found) {
                (last, changed) = (Some(found), Instant::now());
            }
        }
        if changed.elapsed() > Duration::from_mins(3) {
            let found = last.map_or("no answer".to_owned(), |found| found.to_string());
            bail!("{what}: {found}, expected {expected}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
