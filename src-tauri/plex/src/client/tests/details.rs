//! Detail reads: batches, missing items, servers that bear less.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};

use super::Fake;
use crate::RequestKind;

fn asked(request: &Request<Bytes>) -> Vec<u64> {
    let path = request.uri().path();
    path.strip_prefix("/library/metadata/")
        .unwrap()
        .split(',')
        .map(|key| key.parse().unwrap())
        .collect()
}

fn rows(keys: impl Iterator<Item = u64>) -> Response<Bytes> {
    let rows: Vec<String> = keys
        .map(|key| format!(r#"{{"ratingKey":"{key}","title":"T{key}"}}"#))
        .collect();
    let body = if rows.is_empty() {
        r#"{"MediaContainer":{"size":0}}"#.to_owned()
    } else {
        format!(
            r#"{{"MediaContainer":{{"Metadata":[{}]}}}}"#,
            rows.join(",")
        )
    };
    Response::new(Bytes::from(body))
}

fn status(status: u16) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

async fn read(fake: &Arc<Fake>, keys: &[u64]) -> (Vec<u64>, u64) {
    let client = fake.client();
    let details = client.details(keys).await.unwrap();
    (
        details.into_iter().map(|item| item.rating_key).collect(),
        client
            .counts()
            .get(&RequestKind::Details)
            .copied()
            .unwrap_or(0),
    )
}

#[tokio::test]
async fn two_hundred_in_one_request() {
    let fake = Fake::new(|request| Ok(rows(asked(request).into_iter())));
    let keys: Vec<u64> = (1..=1_000).collect();
    assert_eq!(read(&fake, &keys).await, (keys, 5));
}

#[tokio::test]
async fn long_keys_keep_the_line_short() {
    let fake = Fake::new(|request| Ok(rows(asked(request).into_iter())));
    let keys: Vec<u64> = (0..400).map(|n| i64::MAX.cast_unsigned() - n).collect();
    let (found, requests) = read(&fake, &keys).await;
    assert_eq!(found, keys);
    assert!(requests >= 3, "{requests}");
    for line in fake.lines() {
        let line = line.len() + " HTTP/1.1".len();
        assert!(line <= 4_000, "{line} bytes");
    }
}

#[tokio::test]
async fn missing_and_repeated_keys() {
    let fake = Fake::new(|request| Ok(rows(asked(request).into_iter().filter(|key| key % 2 == 0))));
    assert_eq!(read(&fake, &[2, 3, 4, 2]).await, (vec![2, 4], 1));
    let fake = Fake::new(|_| Ok(status(404)));
    assert_eq!(read(&fake, &[2, 3, 4]).await, (vec![], 1), "none exists");
}

#[tokio::test]
async fn a_batch_that_brings_nothing_is_halved_and_the_size_learned() {
    let fake = Fake::new(|request| {
        let keys = asked(request);
        let most = if keys.len() > 60 { 0 } else { keys.len() };
        Ok(rows(keys.into_iter().take(most)))
    });
    let keys: Vec<u64> = (1..=400).collect();
    let (found, requests) = read(&fake, &keys).await;
    assert_eq!(found, keys);
    // 200 and 100 bring nothing; then 50 at a time.
    assert_eq!(requests, 2 + 8);
}

#[tokio::test]
async fn a_line_that_is_too_long_is_halved() {
    let fake = Fake::new(|request| {
        let keys = asked(request);
        if keys.len() > 60 {
            return Ok(status(414));
        }
        Ok(rows(keys.into_iter()))
    });
    let keys: Vec<u64> = (1..=400).collect();
    assert_eq!(read(&fake, &keys).await, (keys, 2 + 8));
    let fake = Fake::new(|_| Ok(status(414)));
    assert!(fake.client().details(&[1, 2]).await.is_err(), "it ends");
}

#[tokio::test]
async fn items_that_are_all_gone_end() {
    let fake = Fake::new(|_| Ok(rows(std::iter::empty())));
    let keys: Vec<u64> = (1..=64).collect();
    let (found, requests) = read(&fake, &keys).await;
    assert!(found.is_empty());
    assert!(requests < 140, "{requests}");
    let fake = Fake::new(|_| Ok(status(503)));
    assert!(fake.client().details(&[1, 2]).await.is_err());
    assert_eq!(fake.lines().len(), 1, "no retries of its own");
}
