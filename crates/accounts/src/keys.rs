//! The keys of a node: made once, kept in a directory that only its owner can read.

use std::fmt;
use std::path::{Path, PathBuf};

use contracts::Service;
use contracts::region::{Level, RegionCode};
use nkeys::{KeyPair, KeyPairType, XKey};
use serde::{Deserialize, Serialize};

use crate::error::At as _;
use crate::{Error, files};

/// The user of the federation service, in the account FED.
pub const FEDERATION: &str = "federation";
/// The user for checks and account updates, in the account SYS.
pub const SYSTEM: &str = "system";

/// An account with users: its identity, and the key that signs its users.
pub(crate) struct AccountKeys {
    pub(crate) identity: KeyPair,
    pub(crate) signing: KeyPair,
}

/// The keys of a node, and where they are kept.
pub struct NodeKeys {
    directory: PathBuf,
    code: RegionCode,
    pub(crate) operator: KeyPair,
    pub(crate) platform: AccountKeys,
    pub(crate) federation: AccountKeys,
    pub(crate) link: KeyPair,
    pub(crate) system: AccountKeys,
    signing: KeyPair,
    sealing: XKey,
}

/// What others need to know of a node: to check what it signed, to seal what is for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// Ed25519, as an nkey (`N…`).
    pub signing: String,
    /// X25519, as an nkey (`X…`).
    pub sealing: String,
}

/// The file that says whose keys these are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Owner {
    code: RegionCode,
}

pub(crate) const OWNER: &str = "node.json";
pub(crate) const SIGNING: &str = "node-signing";
pub(crate) const SEALING: &str = "node-sealing";

impl NodeKeys {
    /// Makes the keys that are missing in `directory` and reads all of them. Keys that exist are kept.
    ///
    /// # Errors
    /// [`Error::Village`]; [`Error::OtherNode`] when the directory holds another node's keys; otherwise when a file cannot be
    /// read or written.
    pub fn init(directory: &Path, code: RegionCode) -> Result<Self, Error> {
        if code.level() == Level::Village {
            return Err(Error::Village(code));
        }
        files::make_directory(directory)?;
        {
            let _lock = files::lock(directory)?;
            let owner = directory.join(OWNER);
            match files::read_json::<Owner>(&owner)? {
                Some(Owner { code: found }) if found != code => {
                    return Err(Error::OtherNode {
                        found,
                        wanted: code,
                    });
                }
                Some(_) => {}
                None => files::write_json(&owner, &Owner { code })?,
            }
            for (name, kind) in KEYS {
                key(directory, name, kind, true)?;
            }
            for user in Service::ALL.iter().map(|service| service.as_str()) {
                key(directory, &user_file(user), KeyPairType::User, true)?;
            }
            sealing_key(directory, true)?;
        }
        Self::load(directory)
    }

    /// Reads the keys in `directory`.
    ///
    /// # Errors
    /// When a file is missing or cannot be read.
    pub fn load(directory: &Path) -> Result<Self, Error> {
        let directory = directory.canonicalize().at(directory)?;
        let code = owner(&directory)?;
        let read = |name: &str, kind| key(&directory, name, kind, false);
        let account = |name: &str| -> Result<AccountKeys, Error> {
            Ok(AccountKeys {
                identity: read(&format!("account-{name}"), KeyPairType::Account)?,
                signing: read(&format!("account-{name}-signing"), KeyPairType::Account)?,
            })
        };
        Ok(Self {
            code,
            operator: read("operator", KeyPairType::Operator)?,
            platform: account("plat")?,
            federation: account("fed")?,
            link: read("account-link", KeyPairType::Account)?,
            system: account("sys")?,
            signing: read(SIGNING, KeyPairType::Server)?,
            sealing: sealing_key(&directory, false)?,
            directory,
        })
    }

    /// The region whose node it is.
    #[must_use]
    pub fn code(&self) -> RegionCode {
        self.code
    }

    /// Where the keys are kept.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The key the node signs its messages with: Ed25519.
    #[must_use]
    pub fn signing(&self) -> &KeyPair {
        &self.signing
    }

    /// The key dossiers for the node are sealed with: X25519.
    #[must_use]
    pub fn sealing(&self) -> &XKey {
        &self.sealing
    }

    /// The public halves of [`Self::signing`] and [`Self::sealing`].
    #[must_use]
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            signing: self.signing.public_key(),
            sealing: self.sealing.public_key(),
        }
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.directory.join(file)
    }

    /// The key of a local user, made the first time.
    pub(crate) fn user(&self, name: &str) -> Result<KeyPair, Error> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(Error::Key(format!("{name:?} is no name of a user")));
        }
        let _lock = files::lock(&self.directory)?;
        key(&self.directory, &user_file(name), KeyPairType::User, true)
    }
}

impl fmt::Debug for NodeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeKeys")
            .field("code", &self.code)
            .field("directory", &self.directory)
            .finish_non_exhaustive()
    }
}

/// The nkeys, by file name; the sealing key is of another kind, those of users are made when first used.
const KEYS: [(&str, KeyPairType); 9] = [
    ("operator", KeyPairType::Operator),
    ("account-plat", KeyPairType::Account),
    ("account-plat-signing", KeyPairType::Account),
    ("account-fed", KeyPairType::Account),
    ("account-fed-signing", KeyPairType::Account),
    ("account-link", KeyPairType::Account),
    ("account-sys", KeyPairType::Account),
    ("account-sys-signing", KeyPairType::Account),
    (SIGNING, KeyPairType::Server),
];

fn user_file(name: &str) -> String {
    format!("user-{name}")
}

/// Whose keys a directory holds.
pub(crate) fn owner(directory: &Path) -> Result<RegionCode, Error> {
    let path = directory.join(OWNER);
    let Owner { code } = files::read_json(&path)?.ok_or_else(|| missing(&path))?;
    Ok(code)
}

fn missing(path: &Path) -> Error {
    Error::File {
        path: path.to_owned(),
        why: "missing; the keys were not made, or lost".to_owned(),
    }
}

/// A key from its file; `make` makes it when there is none.
pub(crate) fn key(
    directory: &Path,
    name: &str,
    kind: KeyPairType,
    make: bool,
) -> Result<KeyPair, Error> {
    let path = directory.join(format!("{name}.seed"));
    let Some(seed) = files::read(&path)? else {
        if !make {
            return Err(missing(&path));
        }
        let key = KeyPair::new(kind);
        files::write(&path, &format!("{}\n", key.seed()?))?;
        return Ok(key);
    };
    let wrong = |why: String| Error::File {
        path: path.clone(),
        why,
    };
    let key = KeyPair::from_seed(seed.trim()).map_err(|error| wrong(error.to_string()))?;
    if key.key_pair_type() == kind {
        Ok(key)
    } else {
        Err(wrong(format!("a key of the wrong kind, {kind:?} expected")))
    }
}

pub(crate) fn sealing_key(directory: &Path, make: bool) -> Result<XKey, Error> {
    let path = directory.join(format!("{SEALING}.seed"));
    match files::read(&path)? {
        Some(seed) => XKey::from_seed(seed.trim()).map_err(|error| Error::File {
            path,
            why: error.to_string(),
        }),
        None if make => {
            let key = XKey::new();
            files::write(&path, &format!("{}\n", key.seed()?))?;
            Ok(key)
        }
        None => Err(missing(&path)),
    }
}
