//! `fengqiao dead-letters`: events that could not be applied.

use anyhow::{Result, bail, ensure};
use chassis::{bus::dead_letters, config::Config};
use comfy_table::{Table, presets};

use super::{dbs, failed};
use crate::cli::DeadLettersCommand;

/// Lists, shows, replays or drops.
#[expect(clippy::print_stdout, reason = "the command's output")]
pub async fn run(config: &Config, command: DeadLettersCommand) -> Result<()> {
    match command {
        DeadLettersCommand::List { service } => {
            let mut table = Table::new();
            table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
            table.set_header([
                "service",
                "event",
                "subject",
                "problem",
                "attempts",
                "failed at",
                "waiting for replay",
            ]);
            for db in dbs(config, service)? {
                for letter in dead_letters::list(&db).await.map_err(failed)? {
                    table.add_row([
                        db.service().to_string(),
                        letter.event_id.to_string(),
                        letter.nats_subject,
                        letter.problem,
                        letter.attempts.to_string(),
                        letter.failed_at.to_rfc3339(),
                        letter.replay.to_string(),
                    ]);
                }
            }
            println!("{table}");
            Ok(())
        }
        DeadLettersCommand::Show { event_id, service } => {
            let mut shown = false;
            for db in dbs(config, service)? {
                let Some(letter) = dead_letters::show(&db, event_id).await.map_err(failed)? else {
                    continue;
                };
                println!("service   {}", db.service());
                println!("subject   {}", letter.nats_subject);
                println!("problem   {}: {}", letter.problem, letter.detail);
                println!("attempts  {}, last {}", letter.attempts, letter.failed_at);
                println!(
                    "headers   {}",
                    serde_json::to_string_pretty(&letter.headers)?
                );
                println!("body      {}", String::from_utf8_lossy(&letter.payload));
                shown = true;
            }
            ensure!(shown, "no dead letter {event_id}");
            Ok(())
        }
        DeadLettersCommand::Replay {
            event_id,
            all: _,
            service,
        } => {
            let mut count = 0;
            for db in dbs(config, service)? {
                count += dead_letters::replay(&db, event_id).await.map_err(failed)?;
            }
            match (count, event_id) {
                (0, Some(id)) => bail!("no dead letter {id}"),
                _ => eprintln!("{count} dead letters will be tried again"),
            }
            Ok(())
        }
        DeadLettersCommand::Drop { event_id, service } => {
            let mut have = Vec::new();
            for db in dbs(config, service)? {
                if let Some(letter) = dead_letters::show(&db, event_id).await.map_err(failed)? {
                    have.push((db, letter.problem));
                }
            }
            let [(db, _)] = have.as_slice() else {
                ensure!(!have.is_empty(), "no dead letter {event_id}");
                let have = have
                    .iter()
                    .map(|(db, problem)| format!("{} ({problem})", db.service()));
                let have = have.collect::<Vec<_>>().join(", ");
                bail!(
                    "several services have it: {have}. Name the one that is to drop it with --service"
                );
            };
            dead_letters::drop(db, event_id).await.map_err(failed)?;
            eprintln!("dropped from {}", db.service());
            Ok(())
        }
    }
}
