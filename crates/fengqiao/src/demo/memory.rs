//! The memory of all nodes and of the servers below them.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::task::{AbortHandle, spawn_blocking};

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// Looks on while the demo plays.
pub struct Watch {
    peak_kib: Arc<AtomicU64>,
    task: AbortHandle,
}

impl Watch {
    /// Begins.
    pub fn start() -> Self {
        let peak_kib = Arc::new(AtomicU64::new(0));
        let peak = peak_kib.clone();
        let look = async move {
            while let Ok(now) = spawn_blocking(of_this_process_and_its_children).await {
                peak.fetch_max(now, Ordering::Relaxed);
                tokio::time::sleep(EVERY).await;
            }
        };
        Self {
            peak_kib,
            task: tokio::spawn(look).abort_handle(),
        }
    }

    /// The most so far, in MiB.
    pub fn peak_mib(&self) -> u64 {
        self.peak_kib.load(Ordering::Relaxed) / 1024
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
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
