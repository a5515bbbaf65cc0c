//! Where the programs are: an environment variable, what `tools/setup.sh` wrote to `.tools/env`, the usual places.

use std::env;
use std::path::{Path, PathBuf};

use crate::Error;

const POSTGRES_VARIABLE: &str = "FENGQIAO_PG_BIN";
const NATS_VARIABLE: &str = "FENGQIAO_NATS_SERVER";
/// The oldest PostgreSQL that is accepted.
const OLDEST_POSTGRES: u32 = 15;

/// The `bin` directory of a PostgreSQL installation; `major` asks for the one an existing data directory was made with.
pub(crate) fn postgres(major: Option<u32>) -> Result<PathBuf, Error> {
    let is_installation = |directory: &Path| {
        directory.join("postgres").is_file() && directory.join("initdb").is_file()
    };
    let named = configured(POSTGRES_VARIABLE).filter(|directory| is_installation(directory));
    let mut packaged: Vec<(u32, PathBuf)> = installed_majors()
        .filter(|(_, directory)| is_installation(directory))
        .collect();
    packaged.sort();
    if let Some(wanted) = major
        && let Some((_, directory)) = packaged.iter().find(|(major, _)| *major == wanted)
        && named
            .as_ref()
            .is_none_or(|named| packaged.iter().any(|(_, directory)| directory == named))
    {
        return Ok(directory.clone());
    }
    named
        .or_else(|| packaged.pop().map(|(_, directory)| directory))
        .or_else(|| on_path("postgres").and_then(|program| program.parent().map(Path::to_path_buf)))
        .filter(|directory| is_installation(directory))
        .ok_or(Error::NotInstalled {
            program: "PostgreSQL 15 or newer",
            variable: POSTGRES_VARIABLE,
        })
}

/// The `bin` directory of the PostgreSQL that private servers run, for its other programs.
///
/// # Errors
/// [`Error::NotInstalled`].
pub fn postgres_programs() -> Result<PathBuf, Error> {
    postgres(None)
}

/// The nats-server program.
///
/// # Errors
/// [`Error::NotInstalled`].
pub fn nats_server() -> Result<PathBuf, Error> {
    configured(NATS_VARIABLE)
        .or_else(|| on_path("nats-server"))
        .filter(|program| program.is_file())
        .ok_or(Error::NotInstalled {
            program: "nats-server",
            variable: NATS_VARIABLE,
        })
}

/// `setpriv` of util-linux, which makes a server end with the process that started it.
pub(crate) fn setpriv() -> Result<PathBuf, Error> {
    on_path("setpriv").ok_or_else(|| {
        Error::Machine("setpriv not found; it is part of the package util-linux".to_owned())
    })
}

fn installed_majors() -> impl Iterator<Item = (u32, PathBuf)> {
    std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            (major >= OLDEST_POSTGRES).then(|| (major, entry.path().join("bin")))
        })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin", "/usr/bin", "/bin"].map(PathBuf::from))
        .map(|directory| directory.join(program))
        .find(|program| program.is_file())
}

/// The variable, from the environment or from the `.tools/env` of this directory or the nearest one above it.
fn configured(variable: &str) -> Option<PathBuf> {
    if let Some(value) = env::var_os(variable) {
        return Some(PathBuf::from(value));
    }
    let here = env::current_dir().ok()?;
    let file = here
        .ancestors()
        .map(|directory| directory.join(".tools/env"))
        .find(|file| file.is_file())?;
    let text = std::fs::read_to_string(file).ok()?;
    text.lines().find_map(|line| {
        line.strip_prefix(variable)?
            .strip_prefix('=')
            .map(PathBuf::from)
    })
}
