//! A network that can be broken on purpose.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What the network does to whoever uses the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fine,
    Delayed(Duration),
    Refusing,
    Cut,
    BlackHole,
}

/// An order and its number, so that the caller can wait until it is carried out.
type Order = (u64, Weather);

/// A TCP proxy in front of a server on the loopback address. It starts in good health and ends with this value.
#[derive(Debug)]
pub struct ChaosProxy {
    port: u16,
    target: u16,
    orders: watch::Sender<Order>,
    carried_out: watch::Receiver<u64>,
    _task: JoinSet<()>,
}

impl ChaosProxy {
    /// Listens on a free port and passes everything on to `target`.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(target: u16) -> Result<Self> {
        let port = ::servers::free_port()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .context("listen for the proxy")?;
        let (orders, receiver) = watch::channel((0, Weather::Fine));
        let (sender, carried_out) = watch::channel(0);
        let mut task = JoinSet::new();
        task.spawn(run(listener, port, target, receiver, sender));
        Ok(Self {
            port,
            target,
            orders,
            carried_out,
            _task: task,
        })
    }

    /// The port to connect to instead of the server's.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's URL with the proxy's port in it.
    #[must_use]
    pub fn redirect(&self, url: &str) -> String {
        url.replacen(
            &format!("127.0.0.1:{}", self.target),
            &format!("127.0.0.1:{}", self.port),
            1,
        )
    }

    /// Closes every connection and refuses new ones: the server, or the way to it, is gone.
    pub async fn cut(&self) {
        self.order(Weather::Cut).await;
    }

    /// Refuses new connections and leaves the others alone.
    pub async fn refuse(&self) {
        self.order(Weather::Refusing).await;
    }

    /// Accepts connections and data, passes nothing on, says nothing: only a time-out notices. What was sent meanwhile
    /// arrives after [`Self::heal`].
    pub async fn black_hole(&self) {
        self.order(Weather::BlackHole).await;
    }

    /// Holds every piece of data back for this long, in both directions.
    pub async fn delay(&self, by: Duration) {
        self.order(Weather::Delayed(by)).await;
    }

    /// All is well again; connections that were cut stay closed.
    pub async fn heal(&self) {
        self.order(Weather::Fine).await;
    }

    async fn order(&self, weather: Weather) {
        let mut number = 0;
        self.orders.send_modify(|order| {
            number = order.0 + 1;
            *order = (number, weather);
        });
        let _ = self
            .carried_out
            .clone()
            .wait_for(|done| *done >= number)
            .await;
    }
}

async fn run(
    listener: TcpListener,
    port: u16,
    target: u16,
    mut orders: watch::Receiver<Order>,
    carried_out: watch::Sender<u64>,
) {
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let (number, weather) = *orders.borrow_and_update();
        match weather {
            Weather::Refusing => listener = None,
            Weather::Cut => {
                listener = None;
                connections.shutdown().await;
            }
            Weather::Fine | Weather::Delayed(_) | Weather::BlackHole => {
                while listener.is_none() {
                    listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.ok();
                    if listener.is_none() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            }
        }
        let _ = carried_out.send(number);
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = orders.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            accepted = accepted => {
                if let Ok((client, _)) = accepted {
                    let orders = orders.clone();
                    connections.spawn(async move {
                        // A broken connection is closed on both sides; that is all there is to do.
                        let _ = connect_through(client, target, orders).await;
                    });
                }
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connect_through(
    client: TcpStream,
    target: u16,
    mut orders: watch::Receiver<Order>,
) -> io::Result<()> {
    until_passable(&mut orders).await?;
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_reads, client_writes) = client.into_split();
    let (server_reads, server_writes) = server.into_split();
    tokio::try_join!(
        pump(client_reads, server_writes, orders.clone()),
        pump(server_reads, client_writes, orders)
    )?;
    Ok(())
}

async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut orders: watch::Receiver<Order>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        until_passable(&mut orders).await?;
        let Some(piece) = buffer.get(..length).filter(|piece| !piece.is_empty()) else {
            return to.shutdown().await;
        };
        to.write_all(piece).await?;
    }
}

/// Returns when data may go on: after the delay, or when the black hole is over.
async fn until_passable(orders: &mut watch::Receiver<Order>) -> io::Result<()> {
    let passable = orders
        .wait_for(|(_, weather)| *weather != Weather::BlackHole)
        .await;
    let (_, weather) = *passable.map_err(io::Error::other)?;
    if let Weather::Delayed(by) = weather {
        tokio::time::sleep(by).await;
    }
    Ok(())
}
