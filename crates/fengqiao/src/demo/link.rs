//! The link between two nodes of the demo, which can be cut.

use std::net::SocketAddr;

use anyhow::Result;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes bytes on to the node above until it is cut.
pub struct Link {
    /// Where the node below connects.
    pub address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Link {
    /// A link to `target`.
    pub async fn to(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (whole, state) = watch::channel(true);
        chassis_free_spawn(serve(listener, target, state));
        Ok(Self { address, whole })
    }

    /// Cuts it: what is open is dropped, nothing new gets through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Heals it.
    pub fn heal(&self) {
        self.whole.send_replace(true);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a wire of the demo, no task of a service"
)]
fn chassis_free_spawn(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}

async fn serve(listener: TcpListener, target: SocketAddr, state: watch::Receiver<bool>) {
    while let Ok((mut below, _)) = listener.accept().await {
        if !*state.borrow() {
            continue;
        }
        let mut state = state.clone();
        chassis_free_spawn(async move {
            let Ok(mut above) = TcpStream::connect(target).await else {
                return;
            };
            tokio::select! {
                _ = copy_bidirectional(&mut below, &mut above) => {}
                _ = state.wait_for(|whole| !whole) => {}
            }
        });
    }
}
