//! The client against a transport that is a function: exact requests, and every kind of answer.

mod answers;
mod details;
mod hostile;
mod recorded;
mod requests;
mod spans;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use secrecy::SecretString;
use url::Url;

use super::{Client, Device};
use crate::transport::{Body, Transport, TransportError};

pub(super) const TOKEN: &str = "s3cr3t-token-of-a-person";

pub(super) type Answer = Result<Response<Bytes>, TransportError>;

type Answering = dyn Fn(&Request<Bytes>) -> Answer + Send + Sync;

/// Notes every request and answers by a function of it.
pub(super) struct Fake {
    answer: Box<Answering>,
    seen: Mutex<Vec<Request<Bytes>>>,
}

impl Fake {
    pub fn new(answer: impl Fn(&Request<Bytes>) -> Answer + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            answer: Box::new(answer),
            seen: Mutex::default(),
        })
    }

    /// Answers everything with this body.
    pub fn json(body: &str) -> Arc<Self> {
        let body = body.to_owned();
        Self::new(move |_| Ok(Response::new(Bytes::from(body.clone()))))
    }

    /// Answers everything with this status.
    pub fn status(status: u16, headers: &'static [(&'static str, &'static str)]) -> Arc<Self> {
        Self::new(move |_| {
            let mut response = Response::new(Bytes::from_static(b"<html>no</html>"));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            for (name, value) in headers {
                response.headers_mut().insert(*name, value.parse().unwrap());
            }
            Ok(response)
        })
    }

    pub fn client(self: &Arc<Self>) -> Client {
        self.client_at("http://plex.test:32400")
    }

    pub fn client_at(self: &Arc<Self>, address: &str) -> Client {
        Client::new(
            Arc::clone(self) as Arc<dyn Transport>,
            &Url::parse(address).unwrap(),
            &SecretString::from(TOKEN),
            &device(),
        )
    }

    /// Method and address of every request, in order.
    pub fn lines(&self) -> Vec<String> {
        self.requests()
            .iter()
            .map(|request| format!("{} {}", request.method(), request.uri()))
            .collect()
    }

    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.seen.lock().unwrap().clone()
    }
}

impl Transport for Fake {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
        let answer = (self.answer)(&request);
        self.seen.lock().unwrap().push(request);
        async move {
            let (parts, body) = answer?.into_parts();
            let pieces: Vec<_> = body.chunks(7).map(Bytes::copy_from_slice).map(Ok).collect();
            let body: Body = Box::pin(futures::stream::iter(pieces));
            Ok(Response::from_parts(parts, body))
        }
        .boxed()
    }
}

pub(super) fn device() -> Device {
    Device {
        client_identifier: "6ba7b810".to_owned(),
        product: "Syncslate".to_owned(),
        version: "0.1.0".to_owned(),
        platform: "Linux".to_owned(),
    }
}
