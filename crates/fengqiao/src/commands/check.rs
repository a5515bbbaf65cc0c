//! `fengqiao check`: whether a node with this configuration could start, without starting it.

use anyhow::{Result, bail};
use chassis::config::Config;
use policy::PolicyPack;

/// Reads the policy pack of the configured node; the configuration was read already.
pub fn run(config: Config) -> Result<()> {
    let region = config.region()?;
    let pack = match &config.policy.dir {
        Some(dir) => PolicyPack::load(dir, &region),
        None => PolicyPack::embedded(&region),
    };
    match pack {
        Ok(pack) => {
            eprintln!(
                "configuration and policy pack are good; node {region}, policy pack {}",
                pack.version()
            );
            Ok(())
        }
        Err(errors) => bail!("{errors}"),
    }
}
