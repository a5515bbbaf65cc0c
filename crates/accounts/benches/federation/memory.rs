//! Starts the tree step by step and looks at the memory after each.

use std::time::{Duration, Instant};

use accounts::{DOWN, Limits, UP, down_stream, tokens, up_stream};
use anyhow::Result;
use async_nats::HeaderMap;
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::fact::{Facts, Message};
use crate::node::{Node, Prepared, now};
use crate::options::Options;
use crate::tree::{HUB, Tree, children, until};

/// Servers that start, or clients that are busy, at a time.
const AT_A_TIME: usize = 8;
/// How long a server is left alone before its memory is read.
const SETTLE: Duration = Duration::from_secs(5);

/// Resident memory in kB: of the server above after each step, and of one below.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Nobody is linked.
    pub before: u64,
    /// All children are linked.
    pub links: u64,
    /// Its UP reads theirs.
    pub up: u64,
    /// Theirs read its DOWN.
    pub down: u64,
    /// A server below, the median.
    pub child: u64,
}

pub async fn measure(options: &Options) -> Result<(Tree, Memory)> {
    let limits = options.limits();
    let hub = Prepared::hub(HUB.parse()?)?;
    let hub = Box::pin(hub.start(options.sync_always)).await?;
    let before = settled(&hub).await?;
    eprintln!("memory: {before} kB with nobody linked");

    let started = Instant::now();
    let codes = children(options.children)?;
    let mut children: Vec<Node> = futures_util::stream::iter(&codes)
        .map(|&code| {
            let hub = &hub;
            async move { Box::pin(Prepared::below(hub, code)?.start(options.sync_always)).await }
        })
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await?;
    children.sort_by_key(Node::code);
    let tree = Tree { children, hub };
    until("links", codes.len(), || tree.hub.linked()).await?;
    let took = started.elapsed();
    let links = settled(&tree.hub).await?;
    eprintln!("memory: {links} kB with {} links ({took:.1?})", codes.len());

    tree.read_up(&limits).await?;
    let up = settled(&tree.hub).await?;
    eprintln!("memory: {up} kB with their UP as sources");

    tree.hand_down(&limits).await?;
    let down = settled(&tree.hub).await?;
    let mut each = Vec::new();
    for child in &tree.children {
        each.push(child.memory().await?);
    }
    each.sort_unstable();
    let child = each.get(each.len() / 2).copied().unwrap_or_default();
    eprintln!("memory: {down} kB with their DOWN reading; {child} kB a child");
    let memory = Memory {
        before,
        links,
        up,
        down,
        child,
    };
    Ok((tree, memory))
}

async fn settled(node: &Node) -> Result<u64> {
    tokio::time::sleep(SETTLE).await;
    node.memory().await
}

impl Tree {
    /// Makes UP everywhere; a fact of each child shows that it flows.
    async fn read_up(&self, limits: &Limits) -> Result<()> {
        let codes: Vec<_> = self.children.iter().map(Node::code).collect();
        futures_util::stream::iter(&self.children)
            .map(|child| async {
                let up = up_stream(child.code(), &[], limits);
                child.federation.create_stream(up).await?;
                let mut first = Facts::of(child.code());
                child.publish(std::iter::once(first.next(now()))).await
            })
            .buffer_unordered(AT_A_TIME)
            .try_collect::<()>()
            .await?;
        let up = up_stream(self.hub.code(), &codes, limits);
        self.hub.federation.create_stream(up).await?;
        let expected = u64::try_from(codes.len())?;
        until("UP", expected, || self.hub.messages(UP)).await
    }

    /// Makes DOWN everywhere; a message to each child shows that it flows.
    async fn hand_down(&self, limits: &Limits) -> Result<()> {
        let hub = self.hub.code();
        let down = down_stream(hub, None, limits);
        self.hub.federation.create_stream(down).await?;
        let messages = self.children.iter().map(|child| Message {
            subject: format!("down.{}.note", tokens(child.code())),
            headers: HeaderMap::new(),
            body: "{}".into(),
        });
        self.hub.publish(messages).await?;
        for child in &self.children {
            let down = down_stream(child.code(), Some(hub), limits);
            child.federation.create_stream(down).await?;
        }
        for child in &self.children {
            until("DOWN", 1, || child.messages(DOWN)).await?;
        }
        Ok(())
    }
}
