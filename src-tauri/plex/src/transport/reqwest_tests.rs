//! Over real sockets of this machine: what a server does, and the error that a person then reads.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that answers every connection with these bytes and closes it; returns its address and what it read.
async fn server(
    answer: &'static [u8],
) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let _ = tell.send(String::from_utf8_lossy(&head[..read]).into_owned());
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, told)
}

async fn ask(address: &str) -> Result<(u16, Bytes), TransportError> {
    let request = http::Request::put(address)
        .header("x-plex-token", "secret")
        .body(Bytes::from_static(b"picture"))
        .unwrap();
    let response = ReqwestTransport::new()?.send(request).await?;
    let status = response.status().as_u16();
    let mut body = response.into_body();
    let mut read = Vec::new();
    while let Some(piece) = body.next().await {
        read.extend_from_slice(&piece?);
    }
    Ok((status, read.into()))
}

#[tokio::test]
async fn a_request_and_its_answer() {
    let (address, mut told) = server(b"HTTP/1.1 207 x\r\ncontent-length: 4\r\n\r\nbody").await;
    let answer = ask(&format!("http://{address}/a%2Cb?q=%26&r=1,2")).await;
    assert_eq!(answer, Ok((207, Bytes::from_static(b"body"))));
    let request = told.recv().await.unwrap();
    assert!(
        request.starts_with("PUT /a%2Cb?q=%26&r=1,2 HTTP/1.1\r\n"),
        "the address arrives as it was built: {request}"
    );
    assert!(request.contains("x-plex-token: secret\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\npicture"), "{request}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, mut told) = server(b"HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\n").await;
    let answer =
        format!("HTTP/1.1 307 x\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = server(answer.leak().as_bytes()).await;
    let answer = ask(&format!("http://{address}/")).await;
    assert_eq!(answer.map(|(status, _)| status), Ok(307));
    assert!(told.try_recv().is_err(), "nobody asked the other server");
}

#[tokio::test]
async fn nobody_listens() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = ask(&format!("http://{free}/?X=secret")).await.unwrap_err();
    assert_eq!(
        error,
        TransportError::Unreachable("nothing listens at this address and port".to_owned())
    );
}

#[tokio::test]
async fn no_such_name() {
    let error = ask("http://no-such-host.invalid/").await.unwrap_err();
    assert!(matches!(error, TransportError::Unreachable(_)), "{error:?}");
    assert!(!error.to_string().contains("secret"));
}

#[tokio::test]
async fn no_tls_there() {
    let (address, _told) = server(b"HTTP/1.1 400 x\r\ncontent-length: 0\r\n\r\n").await;
    let error = ask(&format!("https://{address}/")).await.unwrap_err();
    assert!(matches!(error, TransportError::Tls(_)), "{error:?}");
}

#[tokio::test]
async fn broken_answers() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200 x\r\ncontent-length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n4\r\nha",
        b"no http at all\r\n\r\n",
    ] {
        let (address, _told) = server(answer).await;
        let error = ask(&format!("http://{address}/")).await.unwrap_err();
        assert!(
            matches!(error, TransportError::Interrupted(_)),
            "{:?}: {error:?}",
            String::from_utf8_lossy(answer)
        );
    }
}
