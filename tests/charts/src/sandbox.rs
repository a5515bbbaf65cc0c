//! The files a container would find, laid out in a folder of this machine: configurations from the render, secrets from a folder
//! with a file per key. Absolute paths of the container are rewritten to lie in that folder.

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

/// A container's files.
#[derive(Debug)]
pub struct Sandbox {
    root: PathBuf,
    mounts: Vec<String>,
    secrets: PathBuf,
}

impl Sandbox {
    /// Lays out the files of a container under `root`; `secrets` has the files of the centre's Secret.
    ///
    /// # Errors
    /// A file cannot be written, or a configuration or a key is missing.
    pub fn lay_out(
        release: &Release,
        workload: &Workload,
        container: &Container,
        secrets: &Path,
        root: &Path,
    ) -> Result<Self> {
        let mounted = container.volume_mounts.iter().flatten();
        let mut mounts: Vec<String> = mounted
            .clone()
            .map(|mount| mount.mount_path.clone())
            .collect();
        // The longest first: /etc/fengqiao/secret before /etc/fengqiao.
        mounts.sort_by_key(|mount| std::cmp::Reverse(mount.len()));
        let sandbox = Self {
            root: root.to_owned(),
            mounts,
            secrets: secrets.to_owned(),
        };
        for mount in mounted {
            let folder = sandbox.path(&mount.mount_path);
            std::fs::create_dir_all(&folder)?;
            let volume = workload
                .spec
                .volumes
                .iter()
                .flatten()
                .find(|volume| volume.name == mount.name);
            let files = volume
                .map(|volume| sandbox.files(release, volume))
                .transpose()?
                .unwrap_or_default();
            for (path, bytes) in files {
                let file = match &mount.sub_path {
                    Some(part) if *part == path => folder.clone(),
                    Some(_) => continue,
                    None => folder.join(path),
                };
                sandbox.write(&file, bytes)?;
            }
        }
        Ok(sandbox)
    }

    /// Where a path of the container lies.
    #[must_use]
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside.trim_start_matches('/'))
    }

    /// A text with every path of the container rewritten.
    #[must_use]
    pub fn relocate(&self, text: &str) -> String {
        let starts = |rest: &str| {
            self.mounts.iter().find(|mount| {
                let next = rest
                    .strip_prefix(mount.as_str())
                    .map(|after| after.chars().next());
                next.is_some_and(|next| {
                    next.is_none_or(|next| !next.is_ascii_alphanumeric() && next != '-')
                })
            })
        };
        let (mut out, mut rest, mut before) = (String::new(), text, ' ');
        while let Some(letter) = rest.chars().next() {
            // A path begins a word: `tls://` and `a/data` are none.
            let begins =
                letter == '/' && !before.is_ascii_alphanumeric() && !"/:.-".contains(before);
            if let Some(mount) = starts(rest).filter(|_| begins) {
                out.push_str(&self.path(mount).display().to_string());
                rest = rest.strip_prefix(mount.as_str()).unwrap_or_default();
                before = ' ';
                continue;
            }
            out.push(letter);
            before = letter;
            rest = rest.strip_prefix(letter).unwrap_or_default();
        }
        out
    }

    /// The container's variables, with what they refer to and paths rewritten.
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
            let secret = value_from
                .as_ref()
                .and_then(|source| source.secret_key_ref.as_ref());
            let field = value_from
                .as_ref()
                .and_then(|source| source.field_ref.as_ref());
            let value = match (secret, field) {
                (Some(secret), _) => std::fs::read_to_string(self.secrets.join(&secret.key))
                    .context(secret.key.clone())?,
                // The first pod of its set.
                (None, Some(field)) if field.field_path.contains("pod-index") => "0".to_owned(),
                _ if value_from.is_some() => continue,
                _ => self.relocate(&expand(value.as_deref().unwrap_or_default(), &variables)),
            };
            variables.insert(name.clone(), value);
        }
        Ok(variables)
    }

    /// The container's command line without the program of the image, with paths rewritten.
    #[must_use]
    pub fn arguments(
        &self,
        container: &Container,
        variables: &BTreeMap<String, String>,
    ) -> Vec<String> {
        container
            .args
            .iter()
            .flatten()
            .map(|word| self.relocate(&expand(word, variables)))
            .collect()
    }

    fn files(&self, release: &Release, volume: &Volume) -> Result<BTreeMap<String, Vec<u8>>> {
        let mut files = BTreeMap::new();
        for (
            Use {
                kind,
                name,
                key,
                optional,
            },
            path,
        ) in uses_of(volume)
        {
            if kind == "ConfigMap" {
                let data = release
                    .object(kind, &name)
                    .and_then(|map| map.value.get("data")?.as_object());
                for (found, text) in data.with_context(|| format!("no ConfigMap {name}"))? {
                    if key.as_ref().is_none_or(|key| key == found) {
                        let text = text.as_str().unwrap_or_default();
                        files.insert(
                            path.clone().unwrap_or_else(|| found.clone()),
                            text.as_bytes().to_vec(),
                        );
                    }
                }
                continue;
            }
            let key = key.with_context(|| format!("all of {name} is mounted"))?;
            match std::fs::read(self.secrets.join(&key)) {
                Ok(bytes) => _ = files.insert(path.unwrap_or_else(|| key.clone()), bytes),
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
            Ok(text) => self.relocate(&text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        std::fs::write(file, bytes).with_context(|| file.display().to_string())?;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
        Ok(())
    }
}

/// `$(NAME)` as Kubernetes replaces it.
fn expand(text: &str, variables: &BTreeMap<String, String>) -> String {
    variables
        .iter()
        .fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("$({name})"), value)
        })
}
