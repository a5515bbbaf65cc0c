//! What the kernel says of a process: its memory and the time it had on a processor.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

/// Ticks a second of the times in `/proc`: 100 on every Linux.
const TICKS: u64 = 100;

/// Memory, kB.
#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Resident.
    pub rss: u64,
    /// Resident, what is shared divided among those who share it.
    pub pss: u64,
}

pub fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = fs::read_to_string(&path).context(path)?;
    let field = |name: &str| -> Option<u64> {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Ok(Memory {
        rss: field("Rss:").context("no Rss")?,
        pss: field("Pss:").context("no Pss")?,
    })
}

/// Processor time of a process, without its children.
pub fn cpu(pid: u32) -> Duration {
    stat(pid).map_or(Duration::ZERO, |stat| ticks(stat.own))
}

/// Processor time of a process and of all its children, also of those that have ended.
pub fn cpu_of_all(parent: u32) -> Duration {
    let mut total = stat(parent).map_or(0, |stat| stat.own + stat.ended_children);
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    for pid in entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()) {
        if let Some(stat) = stat(pid).filter(|stat| stat.parent == parent) {
            total += stat.own;
        }
    }
    ticks(total)
}

struct Stat {
    parent: u32,
    own: u64,
    ended_children: u64,
}

/// The fields after the name, which is in parentheses and may contain anything.
fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = text.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: number(11)? + number(12)?,
        ended_children: number(13)? + number(14)?,
    })
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1_000 / TICKS)
}
