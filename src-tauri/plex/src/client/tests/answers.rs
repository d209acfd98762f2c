//! From statuses and transport errors to errors that say what to do.

use std::time::Duration;

use super::{Fake, TOKEN};
use crate::transport::TransportError;
use crate::{Client, Device, PlexError, Timeouts};

type Headers = &'static [(&'static str, &'static str)];

#[tokio::test]
async fn statuses() {
    use PlexError as E;
    let busy = |seconds: Option<u64>| E::Busy {
        retry_after: seconds.map(Duration::from_secs),
    };
    let cases: [(u16, Headers, E, bool); 20] = [
        (400, &[], E::Refused { status: 400 }, false),
        (401, &[], E::Unauthorized, false),
        (403, &[], E::Refused { status: 403 }, false),
        (404, &[], E::NotFound, false),
        (408, &[], busy(None), true),
        (409, &[], E::Refused { status: 409 }, false),
        (413, &[], E::TooLarge, false),
        (414, &[], E::LineTooLong, false),
        (425, &[], busy(None), true),
        (429, &[("retry-after", "7")], busy(Some(7)), true),
        (
            429,
            &[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")],
            busy(None),
            true,
        ),
        (431, &[], E::LineTooLong, false),
        (500, &[], E::Server { status: 500 }, true),
        (502, &[], E::Server { status: 502 }, true),
        (503, &[("retry-after", " 120 ")], busy(Some(120)), true),
        (504, &[], E::Server { status: 504 }, true),
        (599, &[], E::Server { status: 599 }, true),
        (
            302,
            &[("location", "https://sign.in.test/login?next=secret")],
            E::Redirected {
                to: "https://sign.in.test".to_owned(),
            },
            false,
        ),
        (
            301,
            &[("location", "/elsewhere")],
            E::Redirected {
                to: "elsewhere on the same server".to_owned(),
            },
            false,
        ),
        (
            304,
            &[],
            E::Redirected {
                to: "elsewhere on the same server".to_owned(),
            },
            false,
        ),
    ];
    for (status, headers, expected, temporary) in cases {
        let error = Fake::status(status, headers)
            .client()
            .server()
            .await
            .unwrap_err();
        assert_eq!(error, expected, "{status}");
        assert_eq!(error.is_temporary(), temporary, "{status}");
        assert!(!error.is_outage(), "{status}: Plex answered");
        assert!(!error.to_string().contains(TOKEN));
    }
}

#[tokio::test]
async fn transport_errors() {
    let why = || "why".to_owned();
    let cases = [
        (
            TransportError::Unreachable(why()),
            PlexError::Unreachable(why()),
            true,
            true,
        ),
        (
            TransportError::Tls(why()),
            PlexError::Tls(why()),
            false,
            false,
        ),
        (TransportError::TimedOut, PlexError::TimedOut, true, true),
        (
            TransportError::Interrupted(why()),
            PlexError::Interrupted(why()),
            true,
            true,
        ),
        (
            TransportError::Invalid(why()),
            PlexError::Invalid(why()),
            false,
            false,
        ),
    ];
    for (sent, expected, temporary, outage) in cases {
        let fake = Fake::new(move |_| Err(sent.clone()));
        let error = fake.client().server().await.unwrap_err();
        assert_eq!(error, expected);
        assert_eq!(
            (error.is_temporary(), error.is_outage()),
            (temporary, outage),
            "{error}"
        );
    }
}

mod slow {
    use std::sync::Arc;

    use bytes::Bytes;
    use futures::future::BoxFuture;
    use futures::{FutureExt, StreamExt};
    use http::{Request, Response};

    use super::*;
    use crate::transport::{Body, Transport};

    /// Waits before the head and between pieces, or breaks off.
    struct Slow {
        head: Duration,
        pieces: Vec<(Duration, Result<&'static str, TransportError>)>,
    }

    impl Transport for Slow {
        fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
            async move {
                tokio::time::sleep(self.head).await;
                let pieces = self.pieces.clone();
                let body: Body = Box::pin(futures::stream::iter(pieces).then(
                    |(wait, piece)| async move {
                        tokio::time::sleep(wait).await;
                        piece.map(|piece| Bytes::from_static(piece.as_bytes()))
                    },
                ));
                Ok(Response::new(body))
            }
            .boxed()
        }
    }

    const START: &str = r#"{"MediaContainer":{"machineIdentifier":"m","#;
    const END: &str = r#""version":"1"}}"#;

    async fn ask(
        head: u64,
        pieces: Vec<(u64, Result<&'static str, TransportError>)>,
    ) -> Result<String, PlexError> {
        let pieces = pieces
            .into_iter()
            .map(|(wait, piece)| (Duration::from_secs(wait), piece))
            .collect();
        let head = Duration::from_secs(head);
        Client::with_timeouts(
            Arc::new(Slow { head, pieces }),
            &"http://plex.test".parse().unwrap(),
            &TOKEN.to_owned().into(),
            &Device {
                client_identifier: "c".to_owned(),
                product: "p".to_owned(),
                version: "v".to_owned(),
                platform: "p".to_owned(),
            },
            Timeouts {
                head: Duration::from_secs(10),
                upload: Duration::from_secs(20),
                idle: Duration::from_secs(5),
            },
        )
        .server()
        .await
        .map(|server| server.version)
    }

    #[tokio::test(start_paused = true)]
    async fn time_limits() {
        let whole = || vec![(4, Ok(START)), (4, Ok(" ")), (4, Ok(" ")), (4, Ok(END))];
        assert_eq!(ask(9, whole()).await, Ok("1".to_owned()), "slow but alive");
        assert_eq!(ask(11, whole()).await, Err(PlexError::TimedOut), "no head");
        assert_eq!(
            ask(0, vec![(1, Ok(START)), (6, Ok(END))]).await,
            Err(PlexError::TimedOut),
            "a gap in the body"
        );
        let broken = TransportError::Interrupted("reset".to_owned());
        assert_eq!(
            ask(0, vec![(1, Ok(START)), (1, Err(broken))]).await,
            Err(PlexError::Interrupted("reset".to_owned()))
        );
    }
}
