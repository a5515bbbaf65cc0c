//! The files a container would find, laid out in a folder of this machine: configurations from the render, secrets from a folder
//! with a file per key. Absolute paths of the container are rewritten to lie in that folder, and addresses that only a cluster
//! knows are replaced by what the test gives for them.

use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use k8s_openapi::api::core::v1::{Container, EnvVar, Volume};

use crate::{
    Release, Workload,
    invariants::{Use, uses_of},
};

/// Where a container's files go.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder that stands for the container's root.
    pub root: PathBuf,
    /// The centre's Secret, a file a key.
    pub secrets: PathBuf,
    /// What is written instead of what: `0.0.0.0:4222` and an address of this machine.
    pub instead: Vec<(String, String)>,
}

/// A container's files.
#[derive(Debug)]
pub struct Sandbox {
    place: Place,
    /// Where volumes are mounted, the longest path first: `/etc/fengqiao/secret` before `/etc/fengqiao`.
    mounts: Vec<String>,
}

impl Sandbox {
    /// Lays out the files of a container.
    ///
    /// # Errors
    /// A file cannot be written, or a configuration or a key is missing.
    pub fn lay_out(
        release: &Release,
        workload: &Workload,
        container: &Container,
        place: Place,
    ) -> Result<Self> {
        let mounted: Vec<_> = container.volume_mounts.iter().flatten().collect();
        let mut mounts: Vec<String> = mounted.iter().map(|at| at.mount_path.clone()).collect();
        mounts.sort_by_key(|mount| std::cmp::Reverse(mount.len()));
        let sandbox = Self { place, mounts };
        for mount in mounted {
            let folder = sandbox.path(&mount.mount_path);
            let mut volumes = workload.spec.volumes.iter().flatten();
            let files = match volumes.find(|volume| volume.name == mount.name) {
                Some(volume) => sandbox.files(release, volume)?,
                None => BTreeMap::new(),
            };
            if mount.sub_path.is_none() {
                std::fs::create_dir_all(&folder)?;
            }
            for (path, bytes) in files {
                match &mount.sub_path {
                    Some(part) if *part == path => sandbox.write(&folder, bytes)?,
                    Some(_) => {}
                    None => sandbox.write(&folder.join(path), bytes)?,
                }
            }
        }
        Ok(sandbox)
    }

    /// Where a path of the container lies.
    #[must_use]
    pub fn path(&self, inside: &str) -> PathBuf {
        self.place.root.join(inside.trim_start_matches('/'))
    }

    /// A text with paths rewritten and addresses replaced.
    #[must_use]
    pub fn translate(&self, text: &str) -> String {
        let relocated = self.relocate(text);
        let replace = |text: String, (from, to): &(String, String)| text.replace(from, to);
        self.place.instead.iter().fold(relocated, replace)
    }

    fn relocate(&self, text: &str) -> String {
        let (mut out, mut rest, mut before) = (String::new(), text, ' ');
        while let Some(letter) = rest.chars().next() {
            // A path begins a word: `tls://` and `a/data` are none.
            let begins =
                letter == '/' && !before.is_ascii_alphanumeric() && !"/:.-".contains(before);
            let mount = self
                .mounts
                .iter()
                .find(|mount| begins && is_below(rest, mount));
            if let Some(mount) = mount {
                out.push_str(&self.path(mount).display().to_string());
                rest = rest.strip_prefix(mount.as_str()).unwrap_or_default();
                // What follows belongs to this path.
                before = '.';
            } else {
                out.push(letter);
                rest = rest.strip_prefix(letter).unwrap_or_default();
                before = letter;
            }
        }
        out
    }

    /// The container's variables, with what they refer to.
    ///
    /// # Errors
    /// A key of the Secret is missing.
    pub fn variables(&self, container: &Container) -> Result<BTreeMap<String, String>> {
        let mut variables = BTreeMap::new();
        for EnvVar {
            name,
            value,
            value_from,
        } in container.env.iter().flatten()
        {
            let source = value_from.as_ref();
            let secret = source.and_then(|source| source.secret_key_ref.as_ref());
            let field = source.and_then(|source| source.field_ref.as_ref());
            let value = match (secret, field) {
                (Some(secret), _) => std::fs::read_to_string(self.place.secrets.join(&secret.key))
                    .with_context(|| secret.key.clone())?,
                // The first pod of its set.
                (None, Some(field)) if field.field_path.contains("pod-index") => "0".to_owned(),
                _ if source.is_some() => continue,
                _ => self.translate(&expand(value.as_deref().unwrap_or_default(), &variables)),
            };
            variables.insert(name.clone(), value);
        }
        Ok(variables)
    }

    /// Its command, when it has one, and its arguments.
    #[must_use]
    pub fn words(
        &self,
        container: &Container,
        variables: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let words = container.command.iter().chain(&container.args).flatten();
        words
            .map(|word| self.translate(&expand(word, variables)))
            .collect()
    }

    fn files(&self, release: &Release, volume: &Volume) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for (used, path) in uses_of(volume) {
            let Use {
                kind,
                name,
                key,
                optional,
            } = used;
            if kind == "ConfigMap" {
                let map = release.object(kind, &name);
                let data = map.and_then(|map| map.value.get("data")?.as_object());
                for (found, text) in data.with_context(|| format!("no ConfigMap {name}"))? {
                    if key.as_ref().is_none_or(|key| key == found) {
                        let text = text.as_str().unwrap_or_default().as_bytes();
                        files.insert(path.clone().unwrap_or_else(|| found.clone()), text.to_vec());
                    }
                }
                continue;
            }
            let key = key.with_context(|| format!("all of {name} is mounted"))?;
            match std::fs::read(self.place.secrets.join(&key)) {
                Ok(bytes) => _ = files.insert(path.unwrap_or(key), bytes),
                Err(_) if optional => {}
                Err(error) => return Err(error).context(key),
            }
        }
        Ok(files)
    }

    fn write(&self, file: &Path, bytes: Vec<u8>) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => self.translate(&text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        std::fs::write(file, bytes).with_context(|| file.display().to_string())?;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
        Ok(())
    }
}

/// Whether a text begins with this path, or with one below it.
fn is_below(text: &str, path: &str) -> bool {
    text.strip_prefix(path).is_some_and(|rest| {
        let next = rest.chars().next();
        next.is_none_or(|next| !next.is_ascii_alphanumeric() && !"-._".contains(next))
    })
}

/// `$(NAME)` as Kubernetes replaces it.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    let replace = |text: String, (name, value): (&String, &String)| {
        text.replace(&format!("$({name})"), value)
    };
    variables.iter().fold(text.to_owned(), replace)
}
