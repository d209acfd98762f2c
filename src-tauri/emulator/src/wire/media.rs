//! Versions and parts of a leaf.
//!
//! What a file really holds is nobody's concern here: every film is alike, and every song.

use super::{Attribute, Detail, Node};
use crate::library::{Item, ItemKind};

/// The `Media` elements: one for each version, with a `Part` for each file.
pub(super) fn media(item: &Item, detail: Detail) -> impl Iterator<Item = Node> {
    let mut number = 0;
    item.media.iter().map(move |parts| {
        let first = number;
        let parts: Vec<_> = parts
            .iter()
            .map(|file| {
                let id = item.key * 100 + number;
                number += 1;
                part(item, id, file, detail)
            })
            .collect();
        let mut media = Node::new("Media")
            .with("id", item.key * 100 + first)
            .with("duration", duration_of(item.kind))
            .with("bitrate", 21178);
        media = match item.kind {
            ItemKind::Track => media.with("audioChannels", 2).with("audioCodec", "flac"),
            ItemKind::Photo => media.with("width", 4000).with("height", 3000),
            _ => media
                .with("width", 1280)
                .with("height", 720)
                .with("aspectRatio", Attribute::Decimal(1.78))
                .with("audioChannels", 1)
                .with("audioCodec", "aac")
                .with("videoCodec", "h264")
                .with("videoResolution", "720")
                .with("videoFrameRate", "PAL")
                .with("audioProfile", "lc")
                .with("videoProfile", "main"),
        };
        let container = parts
            .first()
            .and_then(|part| part.attribute("container").cloned());
        media = media.with_some("container", container);
        media.children = parts;
        media
    })
}

/// How long a leaf plays, in milliseconds.
pub(super) fn duration_of(kind: ItemKind) -> i64 {
    match kind {
        ItemKind::Episode => 2_700_000,
        ItemKind::Track => 215_000,
        _ => 5062,
    }
}

fn part(item: &Item, id: u64, file: &str, detail: Detail) -> Node {
    let container = file
        .rsplit_once('.')
        .map_or("mkv", |(_, extension)| extension);
    let mut part = Node::new("Part")
        .with("id", id)
        .with(
            "key",
            format!("/library/parts/{id}/{}/file.{container}", item.added_at),
        )
        .with("duration", duration_of(item.kind))
        .with("file", file)
        .with("size", 13_400_382)
        .with("container", container);
    let is_video = matches!(item.kind, ItemKind::Movie | ItemKind::Episode);
    if is_video {
        part = part.with("audioProfile", "lc").with("videoProfile", "main");
    }
    if detail == Detail::Full && item.kind != ItemKind::Photo {
        let (number, codec, title) = if is_video {
            (1, "h264", "720p (H.264)")
        } else {
            (2, "flac", "FLAC (Stereo)")
        };
        part.children.push(
            Node::new("Stream")
                .with("id", id * 2)
                .with("streamType", number)
                .with("default", true)
                .with("codec", codec)
                .with("index", 0)
                .with("displayTitle", title),
        );
    }
    part
}
