//! What goes over the wire, byte for byte.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Response};

use super::{Fake, TOKEN};
use crate::{
    Client, CollectionSort, Edit, EditField, Ids, ImageKind, Lockable, MAX_LINE, PlexError,
    PlexType, RequestKind, TagField,
};

const SLIM: &str = "&excludeElements=Genre,Director,Writer,Producer,Role,Country,Collection,Label,Style,Mood,Similar,\
    Guid,Rating,Field,Image,UltraBlurColors,Stream&excludeFields=summary,tagline&skipRefresh=1";

const KEYS_ALONE: &str = "&excludeElements=Media,Genre,Director,Writer,Producer,Role,Country,Collection,Label,Style,Mood,\
    Similar,Guid,Rating,Field,Image,UltraBlurColors&excludeFields=summary,tagline&skipRefresh=1";

const LEAN: &str =
    "?excludeElements=Similar,Stream,UltraBlurColors,Guid,Rating&skipRefresh=1&checkFiles=0";

fn container(inner: &str) -> String {
    format!(r#"{{"MediaContainer":{{{inner}}}}}"#)
}

async fn edit_line(edit: &Edit) -> String {
    let fake = Fake::json("");
    fake.client()
        .edit(2, PlexType::Movie, &Ids::one(7), edit)
        .await
        .unwrap();
    fake.lines()
        .pop()
        .unwrap()
        .strip_prefix("PUT http://plex.test:32400/library/sections/2/all?type=1&id=7&")
        .unwrap()
        .to_owned()
}

/// Every request was counted under its kind.
fn check_counts(client: &Client) {
    let counts: BTreeMap<&str, u64> = client
        .counts()
        .into_iter()
        .map(|(kind, count)| (kind.as_str(), count))
        .collect();
    assert_eq!(
        counts,
        BTreeMap::from([
            ("identity", 1),
            ("server", 1),
            ("sections", 1),
            ("list", 2),
            ("count", 1),
            ("image_list", 2),
            ("image_select", 2),
            ("image_upload", 2),
            ("image_unset", 2),
            ("watched", 2),
            ("collections", 1),
            ("collection_items", 1),
            ("collection_move", 2),
            ("collection_sort", 1),
            ("details", 3),
        ])
    );
}

#[tokio::test]
async fn every_call_sends_exactly_this() {
    let fake = Fake::json(&container(
        r#""machineIdentifier":"m","version":"1.43","friendlyName":"Home","totalSize":0"#,
    ));
    let client = fake.client();
    client.server().await.unwrap();
    client.identity().await.unwrap();
    client.sections().await.unwrap();
    client
        .list(3, PlexType::Episode, 500, 500, None)
        .await
        .unwrap();
    client
        .list(3, PlexType::Movie, 0, 500, Some(1_700_000_000))
        .await
        .unwrap();
    client.count(3, PlexType::Movie, None).await.unwrap();
    client.images(7, ImageKind::Poster).await.unwrap();
    client.images(7, ImageKind::Background).await.unwrap();
    let picture = Bytes::from_static(b"\xff\xd8 picture");
    client
        .upload_image(7, ImageKind::Poster, picture.clone())
        .await
        .unwrap();
    client
        .upload_image(7, ImageKind::Background, picture.clone())
        .await
        .unwrap();
    client
        .select_image(7, ImageKind::Poster, "upload://posters/ab?c=1&d")
        .await
        .unwrap();
    client
        .select_image(7, ImageKind::Background, "upload://art/ab")
        .await
        .unwrap();
    client.unset_image(7, ImageKind::Poster).await.unwrap();
    client.unset_image(7, ImageKind::Background).await.unwrap();
    client.mark_watched(7, true).await.unwrap();
    client.mark_watched(7, false).await.unwrap();
    client.collections(3).await.unwrap();
    client.members(6).await.unwrap();
    client.move_member(6, 8, Some(9)).await.unwrap();
    client.move_member(6, 9, None).await.unwrap();
    client
        .set_collection_sort(6, CollectionSort::Custom)
        .await
        .unwrap();
    client.details(&[8, 9]).await.unwrap();

    let expected = [
        "GET /".to_owned(),
        "GET /identity".to_owned(),
        "GET /library/sections".to_owned(),
        format!(
            "GET /library/sections/3/all?type=4&X-Plex-Container-Start=500&X-Plex-Container-Size=500{SLIM}"
        ),
        format!(
            "GET /library/sections/3/all?type=1&X-Plex-Container-Start=0&X-Plex-Container-Size=500{SLIM}\
             &updatedAt%3E%3E=1700000000"
        ),
        format!(
            "GET /library/sections/3/all?type=1&X-Plex-Container-Start=0&X-Plex-Container-Size=0{SLIM}"
        ),
        "GET /library/metadata/7/posters".to_owned(),
        "GET /library/metadata/7/arts".to_owned(),
        "POST /library/metadata/7/posters".to_owned(),
        "POST /library/metadata/7/arts".to_owned(),
        "PUT /library/metadata/7/poster?url=upload%3A%2F%2Fposters%2Fab%3Fc%3D1%26d".to_owned(),
        "PUT /library/metadata/7/art?url=upload%3A%2F%2Fart%2Fab".to_owned(),
        "DELETE /library/metadata/7/thumb".to_owned(),
        "DELETE /library/metadata/7/art".to_owned(),
        "GET /:/scrobble?identifier=com.plexapp.plugins.library&key=7".to_owned(),
        "GET /:/unscrobble?identifier=com.plexapp.plugins.library&key=7".to_owned(),
        "GET /library/sections/3/collections?X-Plex-Container-Start=0&X-Plex-Container-Size=500"
            .to_owned(),
        format!(
            "GET /library/collections/6/children?X-Plex-Container-Start=0&X-Plex-Container-Size=500{KEYS_ALONE}"
        ),
        "PUT /library/collections/6/items/8/move?after=9".to_owned(),
        "PUT /library/collections/6/items/9/move".to_owned(),
        "PUT /library/metadata/6/prefs?collectionSort=2".to_owned(),
        format!("GET /library/metadata/8,9{LEAN}"),
        // Nothing came, so each by itself.
        format!("GET /library/metadata/8{LEAN}"),
        format!("GET /library/metadata/9{LEAN}"),
    ];
    let expected: Vec<String> = expected
        .iter()
        .map(|line| line.replacen(" /", " http://plex.test:32400/", 1))
        .collect();
    assert_eq!(fake.lines(), expected);
    for request in fake.requests() {
        let body: &[u8] = if request.method() == "POST" {
            &picture
        } else {
            b""
        };
        assert_eq!(request.body(), body, "{}", request.uri());
    }
    check_counts(&client);
}

#[tokio::test]
async fn the_token_is_in_one_header_and_nowhere_else() {
    let fake = Fake::json(&container(r#""machineIdentifier":"m","version":"1""#));
    let client = fake.client_at(&format!(
        "https://user:pass@proxy.test/plex/?X-Plex-Token={TOKEN}#frag"
    ));
    client.server().await.unwrap();
    client.identity().await.unwrap();
    assert_eq!(
        fake.lines(),
        [
            "GET https://proxy.test/plex/",
            "GET https://proxy.test/plex/identity"
        ],
        "a path of a proxy is kept, all else is dropped"
    );
    let mut expected = HeaderMap::new();
    for (name, value) in [
        ("accept", "application/json"),
        ("x-plex-client-identifier", "6ba7b810"),
        ("x-plex-product", "Syncslate"),
        ("x-plex-version", "0.1.0"),
        ("x-plex-platform", "Linux"),
        ("x-plex-token", TOKEN),
    ] {
        expected.insert(name, value.parse().unwrap());
    }
    let request = &fake.requests()[0];
    assert_eq!(request.headers(), &expected);
    assert!(request.headers()["x-plex-token"].is_sensitive());
    for shown in [format!("{client:?}"), format!("{request:?}")] {
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_unshown() {
    let fake = Fake::json("{}");
    let client = crate::Client::new(
        fake.clone(),
        &"http://plex.test".parse().unwrap(),
        &"bad\nsecret".to_owned().into(),
        &super::device(),
    );
    let error = client.server().await.unwrap_err();
    assert!(!error.is_temporary());
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(fake.lines().is_empty());
}

#[tokio::test]
async fn actors_go_with_their_roles_and_pictures() {
    let names = ["Ann", "Bo", "Cy"].map(str::to_owned).to_vec();
    let roles = BTreeMap::from([(0, "Ripley & Co".to_owned()), (2, String::new())]);
    let pictures = BTreeMap::from([(0, "http://a/b?c=d".to_owned()), (1, String::new())]);
    let edit = Edit::new()
        .cast(names, roles, pictures, Vec::new())
        .lock(Lockable::Tags(TagField::Actor), true);
    let line = [
        "actor%5B0%5D.tag.tag=Ann",
        "actor%5B0%5D.tagging.text=Ripley%20%26%20Co",
        "actor%5B0%5D.tagging.thumb=http%3A%2F%2Fa%2Fb%3Fc%3Dd",
        "actor%5B1%5D.tag.tag=Bo",
        "actor%5B1%5D.tagging.thumb=",
        "actor%5B2%5D.tag.tag=Cy",
        // Said to be none.
        "actor%5B2%5D.tagging.text=",
        "actor.locked=1",
    ];
    assert_eq!(edit_line(&edit).await, line.join("&"));
    assert_eq!(edit.split(MAX_LINE), [edit]);
}

#[tokio::test]
async fn an_edit_names_values_tags_and_locks() {
    let edit = Edit::new()
        .value(EditField::Title, "Tom & Jerry: 100 % «Größe»")
        .value(EditField::Rating, "6.4")
        .value(EditField::Tagline, "")
        .tags(
            TagField::Genre,
            vec!["Sci-Fi, Fantasy".to_owned(), "Drama".to_owned()],
            vec!["A, B".to_owned(), "C".to_owned()],
        )
        .tags(TagField::Collection, vec!["Set".to_owned()], Vec::new())
        .lock(Lockable::Value(EditField::Title), true)
        .lock(Lockable::Tags(TagField::Genre), true)
        .lock(Lockable::Value(EditField::Studio), false)
        .lock(Lockable::Image(ImageKind::Poster), true)
        .lock(Lockable::Image(ImageKind::Background), false);
    assert_eq!(
        edit_line(&edit).await,
        [
            "title.value=Tom%20%26%20Jerry%3A%20100%20%25%20%C2%ABGr%C3%B6%C3%9Fe%C2%BB",
            "title.locked=1",
            "tagline.value=",
            "studio.locked=0",
            "rating.value=6.4",
            "genre%5B0%5D.tag.tag=Sci-Fi%2C%20Fantasy",
            "genre%5B1%5D.tag.tag=Drama",
            // Each name by itself, so that its own comma survives; then the whole.
            "genre%5B%5D.tag.tag-=A%252C%2520B%2CC",
            "genre.locked=1",
            "collection%5B0%5D.tag.tag=Set",
            "thumb.locked=1",
            "art.locked=0",
        ]
        .join("&")
    );
}

#[tokio::test]
async fn an_edit_of_several_items_names_them_all_once() {
    let fake = Fake::json("");
    let ids = Ids::new([30, 4, 30]).unwrap();
    assert_eq!(ids.line_len(), "4%2C30".len());
    let edit = Edit::new().value(EditField::Year, "1999");
    fake.client()
        .edit(2, PlexType::Movie, &ids, &edit)
        .await
        .unwrap();
    assert_eq!(
        fake.lines(),
        ["PUT http://plex.test:32400/library/sections/2/all?type=1&id=4%2C30&year.value=1999"]
    );
    assert_eq!(Ids::new([]), None, "no ids, no edit");
}

#[tokio::test]
async fn nothing_to_say_sends_nothing() {
    let fake = Fake::json("");
    let client = fake.client();
    client
        .edit(2, PlexType::Movie, &Ids::one(1), &Edit::new())
        .await
        .unwrap();
    assert!(
        client
            .upload_image(1, ImageKind::Poster, Bytes::new())
            .await
            .is_err(),
        "an empty picture"
    );
    assert!(client.details(&[]).await.unwrap().is_empty());
    assert!(fake.lines().is_empty());
    assert!(client.counts().is_empty());
}

#[test]
fn a_cast_that_is_too_long_goes_without_its_pictures_and_its_last_roles() {
    let names: Vec<String> = (0..150).map(|n| format!("Actor number {n}")).collect();
    let roles: BTreeMap<usize, String> = (0..150).map(|n| (n, "r".repeat(60))).collect();
    let edit = Edit::new()
        .value(EditField::Title, "Title")
        .cast(
            names.clone(),
            roles.clone(),
            roles.clone(),
            vec!["Somebody".to_owned()],
        )
        .lock(Lockable::Tags(TagField::Actor), true);
    assert!(!edit.fits(MAX_LINE));
    let parts = edit.split(MAX_LINE);
    let cast = parts
        .iter()
        .map(|part| part.only(Lockable::Tags(TagField::Actor)));
    let cast = cast.filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let [cast] = cast.as_slice() else {
        panic!("the cast goes in one edit");
    };
    assert!(cast.fits(MAX_LINE));
    let query = cast.query();
    assert!(
        names
            .iter()
            .all(|name| query.contains(&name.replace(' ', "%20")))
    );
    assert!(!query.contains("tagging.thumb"), "pictures go first");
    let told = query.matches("tagging.text").count();
    assert!((1..150).contains(&told), "{told} roles");
    assert!(
        query.contains(&format!("actor%5B{}%5D.tagging.text", told - 1)),
        "the first ones"
    );
    assert!(query.contains("actor.locked=1"));
    // Nobody is left out of the names.
    let by_names = Edit::new().cast(names, BTreeMap::new(), BTreeMap::new(), Vec::new());
    assert_eq!(by_names.split(MAX_LINE), [by_names]);
}

#[tokio::test]
async fn a_long_edit_is_split_between_fields() {
    let summary = "щ".repeat(10_000);
    let edit = Edit::new()
        .value(EditField::Title, "t".repeat(3_000))
        .value(EditField::Summary, summary.clone())
        .value(EditField::Tagline, "l".repeat(3_000))
        .value(EditField::Studio, "s".repeat(3_000))
        .tags(
            TagField::Actor,
            (0..60).map(|n| format!("Actor {n}")).collect(),
            vec![],
        )
        .lock(Lockable::Value(EditField::Summary), true)
        .lock(Lockable::Image(ImageKind::Poster), true);
    let parts = edit.split(MAX_LINE);
    let fields: Vec<Vec<&str>> = parts
        .iter()
        .map(|part| part.touches().into_iter().map(Lockable::name).collect())
        .collect();
    assert_eq!(
        fields,
        [
            vec!["title", "tagline", "thumb"],
            vec!["summary"],
            vec!["studio", "actor"],
        ]
    );
    let mut whole = edit.touches();
    for part in &parts {
        let line = edit_line(part).await;
        let prefix = "PUT /library/sections/2/all?type=1&id=7& HTTP/1.1".len();
        if part
            .touches()
            .contains(&Lockable::Value(EditField::Summary))
        {
            assert_eq!(
                line,
                format!("summary.value={}&summary.locked=1", "%D1%89".repeat(10_000))
            );
        } else {
            assert!(
                line.len() + prefix <= MAX_LINE,
                "{} bytes",
                line.len() + prefix
            );
        }
        for what in part.touches() {
            assert!(whole.remove(&what), "{what:?} goes once");
        }
    }
    assert!(whole.is_empty(), "{whole:?} was lost");
    assert_eq!(Edit::new().split(MAX_LINE), []);
    let short = Edit::new().value(EditField::Title, "T");
    assert_eq!(short.split(MAX_LINE), [short]);
}

#[tokio::test]
async fn collections_are_read_to_the_end() {
    let fake = Fake::new(|request| {
        let start = request.uri().query().unwrap().contains("Start=0");
        let rows = if start {
            r#"{"ratingKey":"1","title":"A","smart":"1","childCount":"3","subtype":"movie"},{"ratingKey":2,"title":"B"}"#
        } else {
            r#"{"ratingKey":3,"title":"C","childCount":2}"#
        };
        let body = format!(r#"{{"MediaContainer":{{"totalSize":3,"Metadata":[{rows}]}}}}"#);
        Ok(Response::new(Bytes::from(body)))
    });
    let client = fake.client();
    let collections = client.collections(1).await.unwrap();
    let told: Vec<_> = collections
        .iter()
        .map(|c| (c.rating_key, c.title.as_str(), c.smart, c.size, c.of))
        .collect();
    assert_eq!(
        told,
        [
            (1, "A", true, Some(3), Some(PlexType::Movie)),
            (2, "B", false, None, None),
            (3, "C", false, Some(2), None)
        ]
    );
    assert_eq!(client.counts()[&RequestKind::Collections], 2);
}

#[tokio::test]
async fn a_value_longer_than_any_address_is_refused_as_such() {
    let fake = Fake::json("");
    let client = fake.client();
    let summary = |characters| Edit::new().value(EditField::Summary, "漢".repeat(characters));
    let send = async |edit: Edit| client.edit(2, PlexType::Movie, &Ids::one(7), &edit).await;
    assert_eq!(send(summary(7_200)).await, Ok(()));
    let error = send(summary(10_000)).await.unwrap_err();
    assert_eq!(error, PlexError::LineTooLong);
    assert_eq!(
        client.counts()[&RequestKind::Edit],
        1,
        "the second was never sent"
    );
}
