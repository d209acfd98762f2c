//! What yt-dlp writes beside a video.

use serde_json::json;

use crate::generator::source::Source;

pub(super) fn write(source: &Source) -> Vec<u8> {
    let day = source.date.as_ref().map(|date| date.replace('-', ""));
    let mut info = json!({
        "id": "x0x0x0x0x0x",
        "_type": "video",
        "duration": 417,
        "view_count": 1_204,
        "tags": ["not", "a", "label"],
        "extractor_key": "Youtube",
        "webpage_url": "https://video.invalid/watch?v=x0x0x0x0x0x",
        "formats": [{"format_id": "22", "title": "Not this title"}],
        "chapters": [{"start_time": 0.0, "end_time": 9.0, "title": "Nor this one"}],
    });
    let mut put = |key: &str, value: serde_json::Value| {
        if !value.is_null() {
            info[key] = value;
        }
    };
    put("title", json!(source.title));
    put("fulltitle", json!(source.title));
    put("description", json!(source.summary));
    put("uploader", json!(source.studio));
    put("channel", json!(source.studio));
    put("upload_date", json!(day));
    put("categories", json!(source.genres));
    if !source.actors.is_empty() {
        put("cast", json!(source.actor_names()));
    }
    info.to_string().into_bytes()
}
