//! The server behind a socket of this machine.
//!
//! Connections are driven by hyper directly, because a dropped answer has to cut the connection, which `axum::serve`
//! cannot do. Not here: addresses that other machines could reach; they are refused.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;

use crate::{Dropped, Emulator, Faults};

/// A server that listens; it stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Running {
    /// The address as a URL without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Closes the port and every connection.
    pub async fn stop(mut self) {
        self.task.abort();
        // An aborted task ends in an error that says so.
        let _aborted = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The connection is cut instead of answered.
#[derive(Debug, thiserror::Error)]
#[error("cut on order")]
struct Cut;

impl Emulator {
    /// Listens at an address of this machine, `127.0.0.1:0` for any free port.
    ///
    /// # Errors
    /// Where the address cannot be read, is not this machine's own, or is taken.
    pub async fn serve(&self, address: &str) -> io::Result<Running> {
        let address: SocketAddr = address
            .parse()
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        if !address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the emulator listens on addresses of this machine only",
            ));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(accept(listener, self.router(), self.faults().clone()));
        Ok(Running { address, task })
    }
}

async fn accept(listener: TcpListener, router: Router, faults: Faults) {
    // Dropped with this task, which closes the connections.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) if !faults.is_away() => {
                    connections.spawn(drive(stream, router.clone()));
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::task::yield_now().await;
                }
            }
        }
    }
}

async fn drive(stream: TcpStream, router: Router) {
    let without_delay = stream.set_nodelay(true);
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let router = router.clone();
        async move {
            let response = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Dropped>().is_some() {
                return Err(Cut);
            }
            Ok(response)
        }
    });
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, ?without_delay, "a connection ended");
    }
}
