//! A local node's place in a federation: keys, credentials of its services, TLS for the links of its children.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use accounts::{Allow, Invitation, Invite, Links, Listener, NodeKeys};
use anyhow::{Context as _, Result};
use chassis::{
    config::{Config, Login},
    time::Time,
};
use contracts::{Service, region::RegionCode};

use super::issuer::write_private;

/// How long the link of a local node is good for.
const LINK_DAYS: i64 = 365;

/// The federation's side of a local node.
pub struct Federated {
    /// Its keys.
    pub keys: NodeKeys,
    directory: PathBuf,
    leafs: Option<SocketAddr>,
}

impl Federated {
    /// Makes the keys in `directory`, and accepts the invitation of the node above when there is one. With `children`, links
    /// can be made to it.
    pub fn prepare(
        directory: &Path,
        code: RegionCode,
        invitation: Option<&Invitation>,
        children: bool,
    ) -> Result<Self> {
        let keys = NodeKeys::init(directory, code)?;
        if let Some(invitation) = invitation {
            keys.accept(invitation, Time::system().now())?;
        }
        let leafs = match children {
            true => Some(SocketAddr::from((
                Ipv4Addr::LOCALHOST,
                servers::free_port()?,
            ))),
            false => None,
        };
        Ok(Self {
            keys,
            directory: directory.to_path_buf(),
            leafs,
        })
    }

    /// Where children link to.
    pub fn leafs(&self) -> Option<SocketAddr> {
        self.leafs
    }

    /// The part of the nats-server's configuration about accounts and links.
    pub fn server_config(&self) -> Result<String> {
        let now = Time::system().now();
        let leafs = match self.leafs {
            Some(address) => Some(Listener {
                address: address.to_string(),
                tls: accounts::local_tls(&self.directory.join("tls"), &["127.0.0.1"], now)?,
            }),
            None => None,
        };
        let links = Links {
            accounts: self.directory.join("accounts"),
            leafs,
            websocket: None,
            parent_over_websocket: false,
        };
        Ok(self.keys.links_config(&links, now)?)
    }

    /// An invitation for a child that links to `address`.
    pub fn invite(&self, child: RegionCode, address: SocketAddr) -> Result<Invitation> {
        let now = Time::system().now();
        let ca = self.directory.join("tls/ca.pem");
        let invite = Invite {
            child,
            urls: vec![format!("tls://{address}")],
            ca: Some(std::fs::read_to_string(&ca).with_context(|| ca.display().to_string())?),
            expires_at: now + chrono::Duration::days(LINK_DAYS),
        };
        Ok(self.keys.invite(&invite, now)?)
    }

    /// Lets the node's services log in with credentials, and the border desk know its keys.
    pub fn configure(&self, config: &mut Config) -> Result<()> {
        config.federation.directory = Some(self.directory.clone());
        config.nats.services.clear();
        for (service, file) in service_credentials(&self.keys, &config.nats.stream)? {
            let login = Login {
                credentials_file: Some(file),
                ..Login::default()
            };
            config.nats.services.insert(service.schema(), login);
        }
        Ok(())
    }
}

/// The credentials file of a local service.
pub fn credentials(keys: &NodeKeys, service: Service, stream: &str) -> Result<String> {
    let (publish, subscribe) = chassis::bus::allowed(stream, service);
    let allow = Allow {
        publish,
        subscribe,
        responses: true,
    };
    Ok(keys.service_credentials(service.as_str(), &allow, Time::system().now())?)
}

/// Writes the credentials file of every local service next to the keys.
pub fn service_credentials(keys: &NodeKeys, stream: &str) -> Result<Vec<(Service, PathBuf)>> {
    let directory = keys.directory().join("credentials");
    std::fs::create_dir_all(&directory)?;
    let mut files = Vec::new();
    for &service in Service::ALL {
        let file = directory.join(format!("{service}.creds"));
        write_private(&file, credentials(keys, service, stream)?.as_bytes())?;
        files.push((service, file));
    }
    Ok(files)
}
