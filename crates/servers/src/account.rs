//! Who PostgreSQL runs as: it refuses root, so root lends it an unprivileged account and a directory that account reaches.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Context;

/// An unprivileged account of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// The account to run PostgreSQL as; `None` when we are not root and run it as ourselves.
    pub(crate) fn for_postgres() -> Result<Option<Self>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let passwd = Path::new("/etc/passwd");
        let accounts = fs::read_to_string(passwd).context("read", passwd)?;
        ["postgres", "nobody"].iter().find_map(|name| Self::find(&accounts, name)).map(Some).ok_or_else(|| {
            Error::Machine("PostgreSQL refuses to run as root, and there is no account postgres or nobody to run it as".to_owned())
        })
    }

    fn find(passwd: &str, wanted: &str) -> Option<Self> {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next()?;
            let (uid, gid) = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
            (name == wanted && uid != 0).then_some(Self { uid, gid })
        })
    }
}

/// The directory the server keeps its files in: `directory` itself, or, when `account` cannot reach that, one under
/// `/var/tmp`, recorded in `directory/moved-to.txt`. It exists afterwards and belongs to the account.
pub(crate) fn home(directory: &Path, account: Option<Account>) -> Result<PathBuf, Error> {
    fs::create_dir_all(directory).context("create", directory)?;
    let directory = directory.canonicalize().context("find", directory)?;
    let Some(account) = account else {
        return Ok(directory);
    };
    if directory
        .ancestors()
        .skip(1)
        .all(|above| can_traverse(above, account))
    {
        chown(&directory, Some(account.uid), Some(account.gid)).context("hand over", &directory)?;
        return Ok(directory);
    }
    let home = PathBuf::from("/var/tmp").join(format!("fengqiao-{:016x}", fingerprint(&directory)));
    match fs::DirBuilder::new().mode(0o700).create(&home) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            return Err(error).context("create", &home);
        }
        _ => {}
    }
    // Anybody may create names in /var/tmp: take only what is ours.
    let found = fs::symlink_metadata(&home).context("read", &home)?;
    if !found.is_dir() || (found.uid() != 0 && found.uid() != account.uid) {
        return Err(Error::Machine(format!(
            "{} exists and belongs to somebody else",
            home.display()
        )));
    }
    chown(&home, Some(account.uid), Some(account.gid)).context("hand over", &home)?;
    let record = directory.join("moved-to.txt");
    fs::write(&record, format!("{}\n", home.display())).context("write", &record)?;
    Ok(home)
}

fn can_traverse(directory: &Path, account: Account) -> bool {
    fs::metadata(directory).is_ok_and(|found| {
        let mode = found.permissions().mode();
        let bit = if found.uid() == account.uid {
            0o100
        } else if found.gid() == account.gid {
            0o010
        } else {
            0o001
        };
        mode & bit != 0
    })
}

/// FNV-1a: the same name for the same path in every build.
fn fingerprint(path: &Path) -> u64 {
    path.as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
