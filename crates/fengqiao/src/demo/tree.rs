//! The nodes of the demo: the province, the city, four counties, each with a nats-server of its own; one PostgreSQL server
//! holds their databases.

use std::path::Path;

use anyhow::{Context as _, Result};
use chassis::{db::Db, time::Time};
use contracts::{Service, region::RegionCode};
use federation::links;
use servers::PrivatePostgres;

use super::link::Link;
use crate::local::{Federated, Keep, LocalNode, LocalOptions, start_postgres};

/// 甘肃.
pub const PROVINCE: &str = "62";
/// 武威.
pub const CITY: &str = "6206";
/// Its counties.
pub const COUNTIES: [&str; 4] = ["620602", "620621", "620622", "620623"];

/// All nodes of the demo.
pub struct Tree {
    /// 甘肃.
    pub province: LocalNode,
    /// 武威.
    pub city: LocalNode,
    /// The counties, in the order of their codes.
    pub counties: Vec<LocalNode>,
    /// The link between city and province.
    pub link: Link,
    postgres: PrivatePostgres,
}

impl Tree {
    /// Starts all of them, the upper ones first: each invites those below.
    pub async fn start(directory: &Path) -> Result<Self> {
        std::fs::create_dir_all(directory)?;
        let directory = directory.canonicalize()?;
        let postgres = start_postgres(&directory, Keep::ForNow).await?;
        let nursery = Nursery {
            directory: &directory,
            postgres: &postgres,
        };
        let province = nursery.start(PROVINCE, None, true).await?;
        let above = leafs(&province)?;
        let link = Link::to(above).await?;
        let city = nursery
            .start(CITY, Some((&province, link.address)), true)
            .await?;
        let mut counties = Vec::new();
        for county in COUNTIES {
            let place = Some((&city, leafs(&city)?));
            counties.push(nursery.start(county, place, false).await?);
        }
        Ok(Self {
            province,
            city,
            counties,
            link,
            postgres,
        })
    }

    /// Every node with its code, from the top.
    pub fn nodes(&self) -> impl Iterator<Item = &LocalNode> {
        [&self.province, &self.city]
            .into_iter()
            .chain(&self.counties)
    }

    /// Stops all of them.
    pub async fn stop(self) -> Result<()> {
        let Self {
            province,
            city,
            counties,
            mut postgres,
            ..
        } = self;
        for node in counties.into_iter().chain([city, province]) {
            node.stop().await?;
        }
        Ok(postgres.stop().await?)
    }
}

fn leafs(node: &LocalNode) -> Result<std::net::SocketAddr> {
    let federated = node
        .federated
        .as_ref()
        .context("a node that stands alone")?;
    federated.leafs().context("a node without children")
}

struct Nursery<'a> {
    directory: &'a Path,
    postgres: &'a PrivatePostgres,
}

impl Nursery<'_> {
    /// Starts a node, as a child of `above` that links to the given address.
    async fn start(
        &self,
        code: &str,
        above: Option<(&LocalNode, std::net::SocketAddr)>,
        children: bool,
    ) -> Result<LocalNode> {
        let region: RegionCode = code.parse()?;
        let directory = self.directory.join(code);
        std::fs::create_dir_all(&directory)?;
        let invitation = match above {
            Some((parent, address)) => {
                let federated = parent.federated.as_ref().context("a parent alone")?;
                let db = Db::new(
                    &parent.config,
                    Service::Federation,
                    parent.config.region()?,
                    Time::system(),
                )?;
                links::add_child(&db, region)
                    .await
                    .map_err(crate::commands::failed)?;
                Some(federated.invite(region, address)?)
            }
            None => None,
        };
        let keys = directory.join("federation");
        let federated = Federated::prepare(&keys, region, invitation.as_ref(), children)?;
        LocalNode::start(LocalOptions {
            directory: &directory,
            region: code,
            listen: ([127, 0, 0, 1], 0).into(),
            keep: Keep::ForNow,
            postgres: Some(self.postgres),
            federated: Some(federated),
            pool_size: 3,
        })
        .await
        .with_context(|| format!("node {code}"))
    }
}
