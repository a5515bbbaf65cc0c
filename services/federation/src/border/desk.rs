//! This node's place among the others: its keys, its parent, its two streams.

use std::{path::Path, sync::Arc};

use accounts::{DeskKeys, Limits};
use async_nats::HeaderMap;
use chassis::{
    bus::{Bus, BusError, Shape, Stamp},
    config::Config,
    time::Time,
};
use chrono::{DateTime, Utc};
use contracts::{Service, border, region::RegionCode};
use tokio::sync::watch;

use super::{keys::KnownKeys, sign};

/// What this node is to others. A node that stands alone has no keys.
pub struct Desk {
    node: RegionCode,
    keys: Option<Arc<DeskKeys>>,
    parent: Option<border::NodeKeys>,
    link_ends: Option<DateTime<Utc>>,
    max_bytes: i64,
    replicas: usize,
    epoch: u32,
    up: watch::Sender<Shape>,
    down: watch::Sender<Shape>,
    /// Keys of other nodes.
    pub known: KnownKeys,
}

impl Desk {
    /// Reads the node's keys and who its parent is.
    ///
    /// # Errors
    /// When the configured directory does not hold them.
    pub fn open(config: &Config, node: RegionCode) -> Result<Self, accounts::Error> {
        let directory = config.federation.directory.as_deref();
        let keys = directory.map(Path::new).map(DeskKeys::load).transpose()?;
        let accepted = match &keys {
            Some(keys) => keys.parent()?,
            None => None,
        };
        let link_ends = accepted.as_ref().map(|parent| parent.expires_at);
        let parent = accepted.map(|parent| border::NodeKeys {
            node: parent.code,
            signing: parent.keys.signing,
            sealing: parent.keys.sealing,
        });
        let desk = Self {
            node,
            keys: keys.map(Arc::new),
            max_bytes: config.federation.max_bytes,
            replicas: config.nats.replicas,
            epoch: config.node.epoch,
            up: watch::channel(Shape::default()).0,
            down: watch::channel(Shape::default()).0,
            known: KnownKeys::default(),
            parent,
            link_ends,
        };
        desk.reshape(&[]);
        Ok(desk)
    }

    /// This node.
    #[must_use]
    pub fn node(&self) -> RegionCode {
        self.node
    }

    /// The node's own keys; `None` when it stands alone.
    #[must_use]
    pub fn keys(&self) -> Option<&DeskKeys> {
        self.keys.as_deref()
    }

    /// The node above, with its keys as the invitation had them.
    #[must_use]
    pub fn parent(&self) -> Option<&border::NodeKeys> {
        self.parent.as_ref()
    }

    /// When the credentials of the link to the node above end, as the invitation had it.
    #[must_use]
    pub fn link_ends(&self) -> Option<DateTime<Utc>> {
        self.link_ends
    }

    /// The node's own public keys.
    #[must_use]
    pub fn public(&self) -> Option<border::NodeKeys> {
        let public = self.keys.as_ref()?.public();
        Some(border::NodeKeys {
            node: self.node,
            signing: public.signing,
            sealing: public.sealing,
        })
    }

    /// Shapes the streams for these children. What depends on it notices.
    pub fn reshape(&self, children: &[RegionCode]) {
        let (mut up, mut down) = (Limits::up(), Limits::down());
        for limits in [&mut up, &mut down] {
            limits.max_bytes = self.max_bytes;
            limits.replicas = self.replicas;
        }
        let above = self.parent.as_ref().map(|parent| parent.node);
        let up = Shape {
            stream: accounts::up_stream(self.node, children, &up),
            subjects: children
                .iter()
                .map(|c| format!("up.{}.>", c.subject()))
                .collect(),
        };
        let down = Shape {
            stream: accounts::down_stream(self.node, above, &down),
            subjects: above
                .map(|_| format!("down.{}.>", self.node.address()))
                .into_iter()
                .collect(),
        };
        self.up.send_if_modified(|shape| changed(shape, up));
        self.down.send_if_modified(|shape| changed(shape, down));
    }

    /// The two streams on the node's server, UP first; none when it stands alone.
    ///
    /// # Errors
    /// When the account of the streams cannot be reached.
    pub async fn connect(&self, config: &Config) -> Result<Option<(Bus, Bus)>, BusError> {
        let Some(keys) = &self.keys else {
            return Ok(None);
        };
        let credentials = keys
            .federation_credentials(Time::system().now())
            .map_err(|e| BusError::Connect(e.to_string()))?;
        let bus = Bus::connect_with(&config.nats, Service::Federation, &credentials).await?;
        let signer = Arc::clone(keys);
        let stamp: Stamp = Arc::new(move |headers: &mut HeaderMap, subject: &str, body: &[u8]| {
            sign::sign(signer.signing(), headers, subject, body);
        });
        let up = bus.on_stream(self.up.subscribe(), Some(Arc::clone(&stamp)), self.epoch);
        let down = bus.on_stream(self.down.subscribe(), Some(stamp), self.epoch);
        Ok(Some((up, down)))
    }
}

fn changed(shape: &mut Shape, wanted: Shape) -> bool {
    if shape.subjects == wanted.subjects && shape.stream.name == wanted.stream.name {
        return false;
    }
    *shape = wanted;
    true
}
