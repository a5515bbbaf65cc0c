//! The memory of all nodes and of the servers below them.

use std::{cell::Cell, collections::BTreeMap, convert::Infallible, fs, time::Duration};

use tokio::task::spawn_blocking;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// The most so far.
#[derive(Default)]
pub struct Peak {
    kib: Cell<u64>,
}

impl Peak {
    /// Looks on, to be dropped when the demo has been played.
    pub async fn watch(&self) -> Infallible {
        loop {
            if let Ok(now) = spawn_blocking(of_this_process_and_its_children).await {
                self.kib.set(self.kib.get().max(now));
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// In MiB.
    pub fn mib(&self) -> u64 {
        self.kib.get() / 1024
    }
}

/// The proportional set sizes, in KiB: what several processes share is counted once. A process that ends meanwhile has none.
fn of_this_process_and_its_children() -> u64 {
    let parents = parents();
    let own = std::process::id();
    let is_ours = |mut pid: u32| {
        while pid != own {
            match parents.get(&pid) {
                Some(&parent) => pid = parent,
                None => return false,
            }
        }
        true
    };
    let ours = parents.keys().filter(|pid| is_ours(**pid));
    ours.filter_map(|pid| proportional_set_size(*pid)).sum()
}

/// Every process and its parent.
fn parents() -> BTreeMap<u32, u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| {
            let pid = process.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(process.path().join("stat")).ok()?;
            // After the name, which may hold anything: state, parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
            Some((pid, parent.parse().ok()?))
        })
        .collect()
}

fn proportional_set_size(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}
