//! What goes wrong half-way: the city's link is cut, a county is killed. Work goes on; then both come back.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::{levels, tree::Tree};

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
        tree.link.heal();
        Ok((cut.elapsed(), Instant::now()))
    });
    tree.counties.push(county);
    let (done, (cut, healed)) = result?;
    levels::province_has_all(tree).await?;
    let disturbed = Disturbed {
        cut_seconds: round(cut.as_secs_f64()),
        catch_up_seconds: round(healed.elapsed().as_secs_f64()),
    };
    Ok((done, disturbed))
}

fn round(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
