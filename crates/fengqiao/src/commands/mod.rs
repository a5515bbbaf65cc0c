//! One file a command.

mod check;
mod dead_letters;
mod doctor;
mod federation;
mod import;
mod nats_authorization;
mod outbox;
mod rebuild;
pub mod reconcile;
pub mod reconcile_nodes;
mod secrets;
mod serve;
mod smoke;
mod wait_schema;

pub use serve::start;

use anyhow::Result;
use chassis::{config::Config, db::Db, time::Time};
use contracts::Service;

use crate::{
    cli::{Cli, Command, ImportCommand},
    demo, local, modules,
};

/// Runs a command.
pub async fn run(cli: Cli) -> Result<()> {
    let config = || Ok::<_, anyhow::Error>(Config::load(cli.config.clone())?);
    match cli.command {
        Command::Serve { services } => serve::serve(config()?, &services.0).await,
        Command::Migrate => {
            let done =
                chassis::db::migrate(&config()?.database, &modules::schemas(Service::ALL)).await?;
            if done.is_empty() {
                eprintln!("the database is up to date");
            }
            for migration in done {
                eprintln!("migrated {migration}");
            }
            Ok(())
        }
        Command::Up { data, port } => local::up(&data, port).await,
        Command::Demo {
            data,
            report,
            every,
        } => demo::run(&data, &report, every).await,
        Command::Outbox { command } => outbox::run(&config()?, command).await,
        Command::DeadLetters { command } => dead_letters::run(&config()?, command).await,
        Command::Rebuild { command } => rebuild::run(&config()?, &command).await,
        Command::Reconcile { period } => reconcile::run(&config()?, period.as_deref()).await,
        Command::Federation { command } => federation::run(&config()?, command).await,
        Command::NatsAuthorization => nats_authorization::run(&config()?),
        Command::Check => check::run(config()?),
        Command::WaitSchema { services, timeout } => {
            wait_schema::run(&config()?, &services.0, timeout).await
        }
        Command::Doctor => Box::pin(doctor::run(config())).await,
        Command::Import {
            command: ImportCommand::Matters(wanted),
        } => import::matters(&wanted).await,
        Command::Smoke(wanted) => smoke::run(&wanted).await,
        Command::Secrets { command } => secrets::run(&command),
    }
}

/// The schema of a service, as that service sees it.
pub fn db(config: &Config, service: Service) -> Result<Db> {
    Ok(Db::new(config, service, config.region()?, Time::system())?)
}

/// The schemas of the service asked for, or of all.
fn dbs(config: &Config, only: Option<Service>) -> Result<Vec<Db>> {
    Service::ALL
        .iter()
        .filter(|s| only.is_none_or(|only| only == **s))
        .map(|s| db(config, *s))
        .collect()
}

/// A problem of the chassis as an error of a command.
pub fn failed(problem: chassis::http::Problem) -> anyhow::Error {
    let detail = problem.internal_message().unwrap_or_default();
    anyhow::anyhow!("{}: {detail}", problem.code().en)
}
