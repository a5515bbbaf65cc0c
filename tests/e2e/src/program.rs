//! The program under test.

use std::{
    fs::File,
    io::{Read as _, Seek as _, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use tokio::{sync::OnceCell, task::spawn_blocking};

/// The program, built from the sources of this moment. A run of the whole workspace has built it already; for a run of this
/// package alone cargo does not, since it is another package's: then the first test builds it and the others wait.
/// `FENGQIAO_PROGRAM` names another one to test.
pub async fn program() -> Result<&'static Path> {
    static PROGRAM: OnceCell<PathBuf> = OnceCell::const_new();
    let build = || async { spawn_blocking(build).await? };
    Ok(PROGRAM.get_or_try_init(build).await?)
}

fn build() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("FENGQIAO_PROGRAM") {
        return Ok(given.into());
    }
    let test = std::env::current_exe()?;
    // <target>/<profile>/deps/<test>
    let mut above = test.ancestors().skip(2);
    let (profile, target) = (
        above.next().context("no profile directory")?,
        above.next().context("no target directory")?,
    );
    let program = profile.join("fengqiao");
    let mut note = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(profile.join(".e2e-program"))?;
    note.lock()?;
    // All tests of a run use what its first one found or built.
    let (run, mut noted) = (
        std::env::var("NEXTEST_RUN_ID").unwrap_or_default(),
        String::new(),
    );
    note.read_to_string(&mut noted)?;
    if run.is_empty() || run != noted {
        if !is_fresh(&program).unwrap_or(false) {
            run_cargo(profile, target)?;
        }
        note.set_len(0)?;
        note.rewind()?;
        note.write_all(run.as_bytes())?;
    }
    Ok(program)
}

fn run_cargo(profile: &Path, target: &Path) -> Result<()> {
    let name = match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo
        .args([
            "build",
            "--quiet",
            "--package",
            "fengqiao",
            "--profile",
            name,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    // What cargo and nextest set for a test would make build scripts run again.
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        let ours =
            text.starts_with("CARGO") || text.starts_with("NEXTEST") || text == "LD_LIBRARY_PATH";
        if ours && !matches!(&*text, "CARGO_HOME" | "CARGO_NET_OFFLINE") {
            cargo.env_remove(&variable);
        }
    }
    let output = cargo
        .env("CARGO_TARGET_DIR", target)
        .output()
        .context("run cargo")?;
    ensure!(
        output.status.success(),
        "cargo build: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

/// Whether no source that cargo noted beside the program is newer than it.
fn is_fresh(program: &Path) -> Result<bool> {
    let built = program.metadata()?.modified()?;
    let noted = std::fs::read_to_string(program.with_extension("d"))?;
    let (_, sources) = noted.split_once(": ").context("no sources are noted")?;
    for source in sources.trim().replace("\\ ", "\0").split(' ') {
        let source = std::fs::metadata(source.replace('\0', " "))?;
        if source.is_file() && source.modified()? > built {
            return Ok(false);
        }
    }
    Ok(true)
}
