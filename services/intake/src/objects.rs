//! The content of attachments: objects outside the database, in a directory or in an S3-compatible store, behind one interface.

use std::sync::Arc;

use actix_web::{error::PayloadError, web::Bytes};
use chassis::{
    config::{AttachmentsConfig, ConfigError},
    http::Problem,
};
use chrono::{DateTime, Utc};
use contracts::{
    ids::AttachmentId,
    problems::{common, intake},
    region::RegionCode,
};
use futures_util::{Stream, StreamExt as _, stream::BoxStream};
use object_store::{
    ObjectStore, ObjectStoreExt as _, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path,
};
use policy::sections::intake::AttachmentType;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};

use crate::domain::attachment;

/// What S3 takes as a part at least.
const PART: usize = 5 * 1024 * 1024;
/// Parts under way at once.
const PARTS_AT_ONCE: usize = 2;
/// How many first bytes tell what a file is.
const HEAD: usize = 16;

/// The store, and the folder in it that is this node's: another node may keep its own in the same bucket.
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    folder: Path,
}

/// What was received of a file.
pub struct Received {
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

impl Objects {
    /// The store that is configured, if any.
    ///
    /// # Errors
    /// A directory that cannot be made, an address that is none.
    pub fn open(config: &AttachmentsConfig, node: RegionCode) -> Result<Option<Self>, ConfigError> {
        if let Some(directory) = &config.directory {
            let failed =
                |error: &dyn std::fmt::Display| ConfigError::value("attachments.directory", error);
            std::fs::create_dir_all(directory).map_err(|error| failed(&error))?;
            let local = LocalFileSystem::new_with_prefix(directory);
            let local = local.map_err(|error| failed(&error))?.with_fsync(true);
            return Ok(Some(Self::new(Arc::new(local), node)));
        }
        let Some(bucket) = &config.s3_bucket else {
            return Ok(None);
        };
        let endpoint = config.s3_endpoint.clone().unwrap_or_default();
        let secret = config.s3_secret_key.as_ref();
        let store = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region(&config.s3_region)
            .with_allow_http(endpoint.starts_with("http://"))
            .with_endpoint(endpoint)
            .with_access_key_id(config.s3_access_key.clone().unwrap_or_default())
            .with_secret_access_key(secret.map(|s| s.expose_secret()).unwrap_or_default())
            .build()
            .map_err(|error| ConfigError::value("attachments.s3_bucket", error))?;
        Ok(Some(Self::new(Arc::new(store), node)))
    }

    fn new(store: Arc<dyn ObjectStore>, node: RegionCode) -> Self {
        Self {
            store,
            folder: Path::from_iter([FOLDER, node.as_str()]),
        }
    }

    fn path(&self, id: AttachmentId) -> Path {
        self.folder.clone().join(id.to_string())
    }

    /// Receives a file under its id. It is there whole or not at all.
    ///
    /// # Errors
    /// `attachment-too-large`, `attachment-empty`, `attachment-type-not-allowed` when its first bytes are not those of its type,
    /// `unavailable`.
    pub async fn receive(
        &self,
        id: AttachmentId,
        kind: &AttachmentType,
        limit: u64,
        mut content: impl Stream<Item = Result<Bytes, PayloadError>> + Unpin,
    ) -> Result<Received, Problem> {
        let upload = self
            .store
            .put_multipart(&self.path(id))
            .await
            .map_err(away)?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, PART);
        match pump(&mut write, kind, limit, &mut content).await {
            Ok(received) => {
                write.finish().await.map_err(away)?;
                Ok(received)
            }
            Err(problem) => {
                // What stays behind is nobody's; the store forgets it or the sweep removes it.
                _ = write.abort().await;
                Err(problem)
            }
        }
    }

    /// A file's content.
    ///
    /// # Errors
    /// `unavailable`; `internal` when it is not there.
    pub async fn content(
        &self,
        id: AttachmentId,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, Problem> {
        match self.store.get(&self.path(id)).await {
            Ok(found) => Ok(found.into_stream()),
            Err(error @ object_store::Error::NotFound { .. }) => Err(Problem::unexpected(error)),
            Err(error) => Err(away(error)),
        }
    }

    /// Removes a file's content; what is not there is removed already. What cannot be removed now the sweep removes.
    pub async fn remove(&self, id: AttachmentId) {
        let removed = self.store.delete(&self.path(id)).await;
        if let Err(error) = removed
            && !matches!(error, object_store::Error::NotFound { .. })
        {
            tracing::warn!(attachment = %id, error = %error, "content of an attachment not removed");
        }
    }

    /// Ids of everything stored before `before`.
    ///
    /// # Errors
    /// `unavailable`.
    pub async fn older_than(&self, before: DateTime<Utc>) -> Result<Vec<AttachmentId>, Problem> {
        let mut found = Vec::new();
        let mut all = self.store.list(Some(&self.folder));
        while let Some(object) = all.next().await {
            let object = object.map_err(away)?;
            if object.last_modified < before {
                let name = object.location.filename().unwrap_or_default();
                found.extend(name.parse::<AttachmentId>().ok());
            }
        }
        Ok(found)
    }
}

/// Where the objects of all nodes are.
const FOLDER: &str = "attachments";

async fn pump(
    write: &mut WriteMultipart,
    kind: &AttachmentType,
    limit: u64,
    content: &mut (impl Stream<Item = Result<Bytes, PayloadError>> + Unpin),
) -> Result<Received, Problem> {
    let (mut digest, mut bytes, mut head) = (Sha256::new(), 0_u64, Vec::with_capacity(HEAD));
    while let Some(chunk) = content.next().await {
        let chunk = chunk.map_err(|_broken| {
            Problem::new(&common::BAD_REQUEST)
                .detail("文件未完整送达", "The file did not arrive whole")
        })?;
        bytes = bytes.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if bytes > limit {
            return Err(attachment::too_large(limit));
        }
        head.extend(chunk.iter().take(HEAD.saturating_sub(head.len())));
        digest.update(&chunk);
        write.wait_for_capacity(PARTS_AT_ONCE).await.map_err(away)?;
        write.put(chunk);
    }
    if bytes == 0 {
        return Err(Problem::new(&intake::ATTACHMENT_EMPTY));
    }
    if !kind.begins(&head) {
        return Err(Problem::new(&intake::ATTACHMENT_TYPE_NOT_ALLOWED).detail(
            "文件内容与类型不符",
            "The content is not of the type it says",
        ));
    }
    let digest = digest.finalize();
    Ok(Received {
        bytes,
        sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

fn away(error: object_store::Error) -> Problem {
    Problem::new(&common::UNAVAILABLE)
        .retry_after(1)
        .internal(error)
}

#[cfg(test)]
mod tests {
    use chassis::time::Time;
    use futures_util::stream;
    use object_store::memory::InMemory;
    use policy::PolicyPack;

    use super::*;

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let pack = PolicyPack::embedded(&"6206".parse().unwrap()).unwrap();
        let pdf = &pack.intake().attachments.types[0];
        let store = Arc::new(InMemory::new());
        let objects = Objects::new(store.clone(), "6206".parse().unwrap());
        let other = Objects::new(store, "6207".parse().unwrap());
        let receive = async |parts: Vec<&'static [u8]>, broken: bool| {
            let parts = parts.into_iter().map(|part| Ok(Bytes::from_static(part)));
            let end = broken.then_some(Err(PayloadError::Incomplete(None)));
            let id = Time::system().id();
            let content = stream::iter(parts.chain(end));
            let received = objects.receive(id, pdf, 10, content).await;
            received.map(|received| (id, received))
        };
        let (id, received) = receive(vec![b"%PD", b"F-1.7"], false).await.unwrap();
        assert_eq!((received.bytes, received.sha256.len()), (8, 64));
        for (parts, broken, code) in [
            (
                vec![b"%PDF-".as_slice(), b"123456"],
                false,
                "attachment-too-large",
            ),
            (vec![b"%PDF-".as_slice()], true, "bad-request"),
            (
                vec![b"GIF89a".as_slice()],
                false,
                "attachment-type-not-allowed",
            ),
            (vec![], false, "attachment-empty"),
        ] {
            let refused = receive(parts, broken)
                .await
                .map_err(|problem| problem.code().code);
            assert_eq!(refused.err(), Some(code));
        }
        let later = Time::system().now() + chrono::Duration::days(1);
        assert_eq!(objects.older_than(later).await.unwrap(), [id]);
        // What lies there for another node is not this one's to sweep.
        assert!(other.older_than(later).await.unwrap().is_empty());
        objects.remove(id).await;
        objects.remove(id).await;
        assert!(objects.older_than(later).await.unwrap().is_empty());
    }
}
