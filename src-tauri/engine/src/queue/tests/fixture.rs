//! Records as a released schema wrote them must be read forever. Each schema has a file of its records; this version
//! must read them all as what they were. A missing file is written, and the test fails until it is committed.

use std::fmt::Write;
use std::path::PathBuf;

use super::*;
use crate::journal::JournalEntry;
use crate::model::{
    BaseField, Conflict, ConflictKind, Kept, KeptReason, PathHash, Refused, SourceNumber,
};
use crate::queue::{Attempt, Carried, FailedJob, ImageBefore, MatchStamp};
use crate::store::tests::run_record;
use crate::store::{
    BaseRecord, KeptRecord, OutageRecord, Record, RunRecord, SCHEMA, ServerRecord, Table, hex,
};
use crate::store::{decode, encode};

fn base_field() -> BaseField {
    BaseField {
        asked: Value::Tags(vec!["Drama".into(), "Fantasie".into()]),
        read_back: Value::Tags(vec!["Drama".into()]),
        locked: true,
        locked_by_us: true,
        ours: vec!["Drama".into()],
        image_path: Some("/library/metadata/1/thumb/5".into()),
        overwritten: 2,
        refused: Some(Refused {
            wanted: Value::Tenths(75),
            server_version: "1.43.0".into(),
        }),
    }
}

fn cast(role: &str) -> Value {
    let picture = "https://image.invalid/weaver.jpg";
    let actors = [
        ("Sigourney Weaver", role, picture),
        ("Tom Skerritt", "", ""),
    ];
    crate::text::cast_value(actors)
}

fn whole_job() -> Job {
    let mut job = job(RunId(3), 7, "Before\n", "After 🎬");
    job.id = 12;
    job.kind = JobKind::Undo;
    job.changes
        .push(change(Field::Year, Value::Whole(1999), Value::Whole(2000)));
    job.changes
        .push(change(Field::Actors, cast(""), cast("Ripley")));
    job.image_files = [(Field::Poster, PathBuf::from("/films/7/poster.jpg"))].into();
    job.images_before = [(
        Field::Poster,
        ImageBefore {
            selected: Some("upload://posters/a".into()),
            uploads: vec!["upload://posters/b".into()],
        },
    )]
    .into();
    job.planned_at_ms = 1;
    job.due_ms = -2;
    job.tries = 3;
    job.waits = 4;
    job.started = true;
    job.last_error = Some("Plex did not answer.".into());
    job.match_stamp = Some(MatchStamp {
        source: SourceNumber(1),
        entry: "A/movie.nfo".into(),
        items: vec![key(7), key(8)],
        done: vec![key(8)],
        stamp: [7; 16],
        settings: [200; 16],
    });
    job.base_before = [(Field::Genres, Some(base_field())), (Field::Title, None)].into();
    job.restore = [(Field::Title, None)].into();
    job.carried = [(
        Field::Summary,
        Carried {
            before: Value::Empty,
            before_raw: None,
            before_locked: true,
            base_before: Some(base_field()),
            attempts: vec![Attempt {
                change: change(Field::Summary, Value::Empty, text("One.\n\nTwo.")),
                kind: JobKind::Sync,
                base_before: Some(base_field()),
                restore: None,
            }],
        },
    )]
    .into();
    job
}

fn run() -> RunRecord {
    RunRecord {
        undo_of: Some(RunId(2)),
        ..run_record(true)
    }
}

fn server() -> ServerRecord {
    ServerRecord {
        address: String::new(),
        machine_identifier: "0f3e".into(),
        version: "1.43.0".into(),
        upload_key_is_sha1: Some(false),
        takes_roles: Some(true),
        takes_actor_pictures: Some(false),
        drops_actor_pictures: true,
        line_limit: Some(8000),
    }
}

fn failed() -> FailedJob {
    FailedJob {
        job: whole_job(),
        error: "No.".into(),
        at_ms: 9,
    }
}

fn entry() -> JournalEntry {
    serde_json::from_value(serde_json::json!({
        "run": 3, "key": whole_job().key, "identity": whole_job().identity, "section_id": 1,
        "item_type": "movie", "title": "Film", "source_id": null, "at_ms": 4,
        "fields": {"title": {
            "before": {"text": "a"}, "before_locked": false, "after": "empty", "after_locked": true,
            "base_before": null,
        }},
    }))
    .expect("an entry")
}

fn base() -> BaseRecord {
    let mut identity = whole_job().identity;
    identity.paths.push(PathHash([255; 16]));
    BaseRecord {
        identity,
        source_id: None,
        fields: [(Field::Genres, base_field())].into(),
    }
}

fn kept() -> KeptRecord {
    KeptRecord {
        source_id: Some("A/movie.nfo".into()),
        title: "Film".into(),
        kept: vec![Kept {
            field: Field::Summary,
            reason: KeptReason::PersonsEdit,
            plex: text("mine"),
            source: text("theirs"),
        }],
        conflicts: vec![Conflict {
            field: Field::Title,
            kind: ConflictKind::EditedSince,
            plex: text("mine"),
            source: Value::Image("sha".into()),
        }],
    }
}

fn outage() -> OutageRecord {
    OutageRecord {
        since_ms: 1,
        until_ms: Some(2),
        message: "refused".into(),
    }
}

fn check<R: Record + PartialEq + std::fmt::Debug>(line: &str, table: Table, wanted: &R) {
    let bytes = line
        .strip_prefix(table.name())
        .and_then(|rest| rest.strip_prefix(' '))
        .unwrap_or_else(|| panic!("the line of table {} is missing", table.name()));
    let bytes: Vec<u8> = (0..bytes.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).unwrap())
        .collect();
    let found: R = decode(table.name(), &[], &bytes).unwrap();
    assert_eq!(&found, wanted, "table {}", table.name());
}

fn line<R: Record>(text: &mut String, table: Table, record: &R) {
    let bytes = encode(table.name(), record).unwrap();
    writeln!(text, "{} {}", table.name(), hex(&bytes)).unwrap();
}

#[test]
fn records_of_every_schema_are_read_as_what_they_were() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/store/fixtures");
    let newest = folder.join(format!("schema-{SCHEMA}.txt"));
    if !newest.exists() {
        let mut text = String::new();
        line(&mut text, Table::Runs, &run());
        line(&mut text, Table::Servers, &server());
        line(&mut text, Table::Jobs, &whole_job());
        line(&mut text, Table::Failed, &failed());
        line(&mut text, Table::Journal, &entry());
        line(&mut text, Table::Base, &base());
        line(&mut text, Table::Kept, &kept());
        line(&mut text, Table::Outages, &outage());
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&newest, text).unwrap();
        panic!("{} was written; look at it and commit it", newest.display());
    }
    for schema in 1..=SCHEMA {
        let text = std::fs::read_to_string(folder.join(format!("schema-{schema}.txt"))).unwrap();
        let lines: Vec<_> = text.lines().collect();
        check(lines[0], Table::Runs, &run());
        check(lines[1], Table::Servers, &server());
        check(lines[2], Table::Jobs, &whole_job());
        check(lines[3], Table::Failed, &failed());
        check(lines[4], Table::Journal, &entry());
        check(lines[5], Table::Base, &base());
        check(lines[6], Table::Kept, &kept());
        check(lines[7], Table::Outages, &outage());
    }
}

#[test]
fn a_record_that_lacks_fields_added_since_is_read_with_their_defaults() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct OldServer {
        version: String,
    }
    impl Record for OldServer {}
    let old = OldServer {
        version: "1.40".into(),
    };
    let bytes = encode("servers", &old).unwrap();
    let read: ServerRecord = decode("servers", &[], &bytes).unwrap();
    let wanted = ServerRecord {
        version: "1.40".into(),
        ..ServerRecord::default()
    };
    assert_eq!(read, wanted);
    let cast: Value =
        serde_json::from_str(r#"{"cast":{"names":["Ann"],"roles":["Ripley"]}}"#).unwrap();
    let wanted = Value::cast(vec!["Ann".into()], vec!["Ripley".into()], Vec::new());
    assert_eq!(cast, wanted, "before pictures were kept");
}
