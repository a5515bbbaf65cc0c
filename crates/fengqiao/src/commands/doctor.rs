//! `fengqiao doctor`: everything a node needs, a line each.

mod bus;
mod database;
mod links;
mod report;

use anyhow::{Result, bail};
use chassis::{config::Config, http::Auth};
use policy::PolicyPack;

use report::Report;

/// Looks at all of it and prints what it finds; an error when something is not well.
pub async fn run(config: Result<Config>) -> Result<()> {
    let mut report = Report::default();
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            report.failed(
                "configuration",
                &error,
                "correct it; nothing else was looked at",
            );
            return report.end();
        }
    };
    let Ok(region) = config.region() else {
        bail!("node.region is not set");
    };
    report.ok("configuration", format!("node {region}"));
    let pack = match &config.policy.dir {
        Some(dir) => PolicyPack::load(dir, &region),
        None => PolicyPack::embedded(&region),
    };
    match pack {
        Ok(pack) => report.ok("policy pack", pack.version()),
        Err(errors) => report.failed(
            "policy pack",
            errors,
            "correct it; no process starts with it",
        ),
    }
    issuer(&config, &mut report).await;
    database::look(&config, &mut report).await;
    bus::look(&config, &mut report).await;
    match config.federation.directory {
        Some(_) => links::look(&config, &mut report).await,
        None => report.ok("links", "the node stands alone"),
    }
    report.end()
}

async fn issuer(config: &Config, report: &mut Report) {
    let read = async {
        let auth = Auth::new(&config.auth).await?;
        // A file was read by that; an address that did not answer is asked once more, to know why.
        if auth.is_ready() {
            Ok(())
        } else {
            auth.refresh().await
        }
    };
    match read.await {
        Ok(()) => report.ok("identity provider", "its keys are at hand"),
        Err(error) => report.failed(
            "identity provider",
            anyhow::Error::from(error),
            "is auth.jwks_url reachable from here, or auth.jwks_file there? Nobody can log in without",
        ),
    }
}
