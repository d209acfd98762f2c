//! Bodies that are not what they should be: no panic, no page lost for one row, no word of the body in an error.

use bytes::Bytes;
use http::Response;

use super::Fake;
use crate::{Lockable, Page, PlexError, PlexType, TagField};

async fn list(body: impl Into<Vec<u8>>) -> Result<Page, PlexError> {
    let body = Bytes::from(body.into());
    let fake = Fake::new(move |_| Ok(Response::new(body.clone())));
    fake.client().list(1, PlexType::Movie, 0, 500, None).await
}

fn keys(page: &Page) -> Vec<u64> {
    page.rows.iter().map(|row| row.rating_key).collect()
}

#[tokio::test]
async fn one_bad_row_costs_one_row() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bad = [
        r#"{"title":"no key"}"#.to_owned(),
        r#"{"ratingKey":"seven"}"#.to_owned(),
        r#"{"ratingKey":-1}"#.to_owned(),
        r#"{"ratingKey":1,"title":{"a":1}}"#.to_owned(),
        r#"{"ratingKey":1,"updatedAt":"yesterday"}"#.to_owned(),
        r#"{"ratingKey":1,"updatedAt":1e300}"#.to_owned(),
        r#"{"ratingKey":1,"Media":"x"}"#.to_owned(),
        r#"{"ratingKey":1,"Media":[{"Part":[{"file":["a"]}]}]}"#.to_owned(),
        r#"{"ratingKey":1,"title":"lone \ud83d"}"#.to_owned(),
        format!(r#"{{"ratingKey":1,"title":{deep}}}"#),
        "7".to_owned(),
        "null".to_owned(),
    ];
    for row in bad {
        let body = format!(
            r#"{{"MediaContainer":{{"totalSize":3,"Metadata":[{{"ratingKey":10}},{row},{{"ratingKey":"12"}}]}}}}"#
        );
        let page = list(body).await.unwrap();
        assert_eq!(keys(&page), [10, 12], "{}", &row[..row.len().min(60)]);
        assert_eq!((page.skipped, page.next_start), (1, None));
    }
}

#[tokio::test]
async fn whims_are_borne() {
    let body = r#" {"other":1,"MediaContainer":{"totalSize":"4","offset":"0","Directory":[
        {"ratingKey":"1","type":"movie","title":7,"guid":null,"updatedAt":"1579514152","index":"3","parentRatingKey":"9",
         "Media":{"Part":{"file":"/a.mkv"}},"unknown":{"x":[1]}},
        {"ratingKey":2.0,"type":"clip","updatedAt":1579514152.7,"Media":[{},{"Part":[{"file":""},{"file":"/b"},{}]}]},
        {"ratingKey":3,"Media":null,"index":""},
        {"ratingKey":4,"Media":[{"Part":[{"file":"/c1"},{"file":"/c2"}]},{"Part":[{"file":"/c3"}]}]}]}}"#;
    let page = list(body).await.unwrap();
    assert_eq!(page.total, Some(4));
    assert_eq!(page.skipped, 0);
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            (
                row.title.as_str(),
                row.updated_at,
                row.index,
                row.parent,
                row.files.join(" "),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("7", 1_579_514_152, Some(3), Some(9), "/a.mkv".to_owned()),
            ("", 1_579_514_152, None, None, "/b".to_owned()),
            ("", 0, None, None, String::new()),
            ("", 0, None, None, "/c1 /c2 /c3".to_owned()),
        ]
    );
}

#[tokio::test]
async fn a_file_name_that_is_not_utf_8_costs_nothing_else() {
    let body = b"{\"MediaContainer\":{\"Metadata\":[{\"ratingKey\":1,\"title\":\"caf\xe9\"},{\"ratingKey\":2}]}}";
    let page = list(*body).await.unwrap();
    assert_eq!(page.rows[0].title, "caf\u{fffd}");
    assert_eq!(keys(&page), [1, 2]);
}

#[tokio::test]
async fn pages_advance_by_what_arrived() {
    let rows = |n: usize| vec![r#"{"ratingKey":1}"#; n].join(",");
    let page = |inner: String| list(format!(r#"{{"MediaContainer":{{{inner}}}}}"#));
    let got = page(format!(
        r#""totalSize":9,"offset":4,"Metadata":[{}]"#,
        rows(3)
    ))
    .await;
    assert_eq!(got.unwrap().next_start, Some(7), "shorter than asked for");
    let got = page(format!(
        r#""totalSize":9,"offset":6,"Metadata":[{}]"#,
        rows(3)
    ))
    .await;
    assert_eq!(got.unwrap().next_start, None);
    let got = page(r#""totalSize":9"#.to_owned()).await;
    assert_eq!(got.unwrap().next_start, None, "an empty page is the end");
    let got = page(format!(r#""Metadata":[{}]"#, rows(500))).await;
    assert_eq!(
        got.unwrap().next_start,
        Some(500),
        "no total: a full page promises another"
    );
    let got = page(format!(r#""Metadata":[{}]"#, rows(499))).await;
    assert_eq!(got.unwrap().next_start, None);
    let got = page(r#""Metadata":null"#.to_owned()).await;
    assert!(got.unwrap().rows.is_empty());
    let got = page(r#""Metadata":{"ratingKey":5}"#.to_owned()).await;
    assert_eq!(keys(&got.unwrap()), [5], "one object for a list of one");
}

#[tokio::test]
async fn bodies_that_are_no_answer() {
    let web = "<!DOCTYPE html><title>Sign in</title>";
    for (body, temporary) in [
        (String::new(), true),
        (
            r#"{"MediaContainer":{"Metadata":[{"ratingKey":1},{"rat"#.to_owned(),
            true,
        ),
        (web.to_owned(), false),
        (
            r#"<?xml version="1.0"?><MediaContainer/>"#.to_owned(),
            false,
        ),
        ("[]".to_owned(), false),
        ("{}".to_owned(), false),
        (r#"{"MediaContainer":7}"#.to_owned(), false),
        (
            r#"{"MediaContainer":{"Metadata":"none"}}"#.to_owned(),
            false,
        ),
        (r#"{"MediaContainer":{"totalSize":[]}}"#.to_owned(), false),
        ("[".repeat(200_000), false),
        ("secret words, not JSON".to_owned(), false),
    ] {
        let error = list(body.clone()).await.unwrap_err();
        let shown = &body[..body.len().min(50)];
        assert_eq!(error.is_temporary(), temporary, "{shown}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let error = list(web).await.unwrap_err();
    assert!(error.to_string().contains("web page"), "{error}");
}

#[tokio::test]
async fn every_truncation_and_flipped_byte_of_a_page_is_survived() {
    let body = r#"{"MediaContainer":{"size":2,"totalSize":2,"Metadata":[{"ratingKey":"1","title":"A \"b\" é","Media":[{"Part":[{"file":"/a"}]}]},{"ratingKey":2,"updatedAt":5}]}}"#.as_bytes();
    for end in 0..body.len() {
        let error = list(&body[..end]).await.unwrap_err();
        assert!(error.is_temporary(), "cut at {end}: {error}");
    }
    for at in 0..body.len() {
        for flip in [0x01, 0x20, 0x80, 0xff] {
            let mut body = body.to_vec();
            body[at] ^= flip;
            if let Ok(page) = list(body).await {
                assert!(page.rows.len() as u64 + page.skipped <= 3);
            }
        }
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let body = Bytes::from(vec![b' '; 65 * 1024 * 1024]);
    let stream: crate::transport::Body = Box::pin(futures::stream::iter([Ok(body)]));
    let idle = std::time::Duration::from_secs(1);
    let error = super::super::read_body(stream, idle, super::super::MAX_BODY)
        .await
        .unwrap_err();
    assert!(matches!(error, PlexError::Malformed(_)), "{error:?}");
}

#[tokio::test]
async fn details_in_all_their_whims() {
    let fake = Fake::json(
        r#"{"MediaContainer":{"Metadata":[{"ratingKey":"1","type":"movie","title":"T","rating":"6.4","audienceRating":8,
        "year":"2002","ratingImage":"imdb://image.rating","librarySectionID":"3",
        "Genre":[{"tag":"A"},{"id":5},{"tag":""},{"tag":"B"}],"Role":[{"tag":"One","thumb":"https://a.invalid/1.jpg"},{"role":"Nobody"},{"tag":"Two","role":"Second","thumb":null}],"Collection":[],
        "Field":[{"name":"title","locked":true},{"name":"genre","locked":"1"},{"name":"role","locked":1},
                 {"name":"summary","locked":false},{"name":"year","locked":"0"},{"name":"thumb"},{"name":"lyrics","locked":1}]}]}}"#,
    );
    let details = fake.client().details(&[1]).await.unwrap().remove(0);
    assert_eq!(details.rating, Some(6.4));
    assert_eq!(details.audience_rating, Some(8.0));
    assert_eq!(details.year, Some(2002));
    assert_eq!(details.section_id, Some(3));
    assert_eq!(details.tags[&TagField::Genre], ["A", "B"]);
    assert_eq!(details.tags[&TagField::Actor], ["One", "Two"]);
    assert_eq!(details.roles, ["", "Second"], "each beside its actor");
    assert_eq!(details.actor_pictures, ["https://a.invalid/1.jpg", ""]);
    assert!(!details.tags.contains_key(&TagField::Collection));
    let locked: Vec<&str> = details.locked.iter().copied().map(Lockable::name).collect();
    assert_eq!(locked, ["title", "genre", "actor", "thumb"]);
}

#[tokio::test]
async fn sections_and_pictures_in_their_whims() {
    let fake = Fake::json(
        r#"{"MediaContainer":{"Directory":[
        {"key":"1","uuid":"cebcb7e3-5031-436b-906a-3640d878ba2c","type":"movie","title":"Films","agent":"a",
         "refreshing":"0","Location":[{"id":1,"path":"/data/a"},{"id":2,"path":"/data/b"}]},
        {"key":2,"uuid":"95c0f894-3716-41c8-9f70-38e344a93019","type":"show","title":"Shows","refreshing":true,"Location":{"path":"/tv"}},
        {"key":"x","uuid":"no","type":"movie"}]}}"#,
    );
    let sections = fake.client().sections().await.unwrap();
    let told: Vec<_> = sections
        .iter()
        .map(|s| (s.id, s.kind.as_str(), s.refreshing, s.locations.join(" ")))
        .collect();
    assert_eq!(
        told,
        [
            (1, "movie", false, "/data/a /data/b".to_owned()),
            (2, "show", true, "/tv".to_owned())
        ]
    );

    let fake = Fake::json(
        r#"{"MediaContainer":{"Metadata":[
        {"key":"/library/metadata/1/file?url=upload","ratingKey":"upload://posters/ab","selected":true,"provider":"local"},
        {"key":"https://image.test/1.jpg","selected":"0"},{"selected":1}]}}"#,
    );
    let images = fake
        .client()
        .images(1, crate::ImageKind::Poster)
        .await
        .unwrap();
    let told: Vec<_> = images
        .iter()
        .map(|i| (i.key.as_str(), i.selected))
        .collect();
    assert_eq!(
        told,
        [
            ("upload://posters/ab", true),
            ("https://image.test/1.jpg", false)
        ]
    );
}

#[tokio::test]
async fn nesting_that_nobody_reads_costs_nothing() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let body = format!(
        r#"{{"MediaContainer":{{"Other":{deep},"Metadata":[{{"ratingKey":1,"other":{deep}}}]}}}}"#
    );
    assert_eq!(keys(&list(body).await.unwrap()), [1]);
}
