//! What goes wrong half-way: the city's link is cut, a county is killed. Work goes on; then both come back.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::{levels, tree::Tree};
use crate::local::LocalNode;

/// How long the link stays cut before the county comes back, and after that.
const WITHOUT: Duration = Duration::from_secs(5);

/// How long things were broken.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Disturbed {
    /// From the cut of the link to its healing.
    pub cut_seconds: f64,
    /// From the healing until the province had all that had been sent by then.
    pub catch_up_seconds: f64,
}

/// Breaks things while `work` is done.
pub async fn during<T>(
    tree: &mut Tree,
    work: impl Future<Output = Result<T>>,
) -> Result<(T, Disturbed)> {
    let mut county = tree.counties.pop().context("no county")?;
    let result = tokio::try_join!(work, async {
        let cut = Instant::now();
        tree.link.cut();
        county.kill().await;
        tokio::time::sleep(WITHOUT).await;
        county.revive().await?;
        tokio::time::sleep(WITHOUT).await;
        let (cut, healed) = (cut.elapsed(), Instant::now());
        tree.link.heal();
        // Work goes on meanwhile: only what had been sent by now is waited for.
        let below: Vec<&LocalNode> = tree.counties.iter().chain([&county, &tree.city]).collect();
        levels::has_all(&tree.province, &below).await?;
        Ok(Disturbed {
            cut_seconds: round(cut.as_secs_f64()),
            catch_up_seconds: round(healed.elapsed().as_secs_f64()),
        })
    });
    tree.counties.push(county);
    result
}

fn round(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
