//! The page of problems, decided with the keyboard: what was decided is what the server holds after the next sync.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use fantoccini::key::Key;
use serde_json::Value;
use syncslate_emulator::generator::PLEX_FILMS;

use super::ended;
use super::films::Server;
use super::harness::{Harness, Size};

/// How many films both sides change.
const FILMS: usize = 5;

/// A film of which both sides say something new.
pub(super) struct Film {
    key: String,
    title: String,
    edited: String,
    source: String,
}

#[tokio::test]
async fn conflicts_are_decided_with_the_keyboard() -> Result<()> {
    let Some(window) = Harness::start(Size::Normal).await? else {
        return Ok(());
    };
    let server = Server::of(&window.emulator().await?)?;
    window.click("sync").await?;
    window.until("the first sync has ended", &ended(1)).await?;
    let films = both_change(&window.library(), &server).await?;
    window.click("sync").await?;
    window.until("the second sync has ended", &ended(2)).await?;

    window.press(&[Key::Control.into(), '4']).await?;
    open_conflicts(&window, FILMS).await?;
    window.screenshot("problems.png").await?;

    window.tab_to("keep-plex").await?;
    let kept = focused_title(&window).await?;
    window.press(&['k']).await?;
    open_conflicts(&window, FILMS - 1).await?;
    // Focus went to the row that took its place.
    let taken = focused_title(&window).await?;
    window.press(&['s']).await?;
    open_conflicts(&window, FILMS - 2).await?;
    ensure!(kept != taken, "two films were decided");
    window.click("use-source-for-all").await?;
    window.click("use-source-for-all-confirm").await?;
    open_conflicts(&window, 0).await?;

    window.press(&[Key::Control.into(), '1']).await?;
    window.click("sync").await?;
    window.until("the third sync has ended", &ended(3)).await?;
    let now = server.films().await?;
    for film in &films {
        let expected = if film.title == kept {
            &film.edited
        } else {
            &film.source
        };
        assert_eq!(now[&film.key]["summary"], **expected, "{}", film.title);
    }
    window.press(&[Key::Control.into(), '4']).await?;
    window
        .until(
            "nothing waits any more",
            "return document.querySelector('[data-testid=problems-sentence]')?.textContent.trim() === \
             'Only the question above waits for you. 2 items of your source have no match.'",
        )
        .await?;
    // Two films of the demo's source are not in its Plex.
    window.click("show-unmatched").await?;
    window
        .until(
            "what is not in Plex is listed",
            "return document.querySelectorAll('[aria-labelledby=not-found] [data-testid=unmatched-row]').length === 2",
        )
        .await?;
    assert_eq!(window.figure("show-unmatched").await?, 2);
    window.screenshot("problems-no-match.png").await?;
    let recorded = window.recorded().await?;
    assert!(recorded.is_empty(), "the window is quiet: {recorded:?}");
    window.close().await
}

/// Waits until so many conflicts are listed, and the count beside them says the same.
async fn open_conflicts(window: &Harness, count: usize) -> Result<()> {
    window
        .until(
            &format!("{count} conflicts are listed"),
            &format!(
                "return document.querySelectorAll('[aria-labelledby=conflicts] [data-testid=decision]').length \
                 === {count} && document.querySelector('[data-testid=show-conflicts] .num')?.textContent === '{count}'"
            ),
        )
        .await
}

/// The film in whose row the focus is.
async fn focused_title(window: &Harness) -> Result<String> {
    window
        .until(
            "the focus is on a row",
            "return document.activeElement.closest('[data-testid=decision]') !== null",
        )
        .await?;
    let title = window
        .execute(
            "return document.activeElement.closest('[data-testid=decision]').querySelector('.title').textContent",
        )
        .await?;
    title.as_str().map(str::to_owned).context("it has a title")
}

/// Gives some films a new summary in Plex, as a person would, and another one in their .nfo files.
pub(super) async fn both_change(library: &Path, server: &Server) -> Result<Vec<Film>> {
    let films = server.films().await?;
    let mut by_title: BTreeMap<&str, usize> = BTreeMap::new();
    for film in films.values() {
        *by_title.entry(text(film, "title")).or_default() += 1;
    }
    let mut changed = Vec::new();
    for (key, film) in &films {
        if changed.len() == FILMS {
            break;
        }
        let (title, summary) = (text(film, "title"), text(film, "summary"));
        let plot = format!("<plot>{summary}</plot>");
        let Some((path, nfo)) = nfo_of(library, film)
            .filter(|(_, nfo)| nfo.contains(&plot) && !summary.is_empty() && by_title[title] == 1)
        else {
            continue;
        };
        let number = changed.len();
        let edited = format!("A person wrote this in Plex, number {number}.");
        let source = format!("The source says this now, number {number}.");
        server.edit_summary(film, &edited).await?;
        std::fs::write(path, nfo.replace(&plot, &format!("<plot>{source}</plot>")))?;
        changed.push(Film {
            key: key.clone(),
            title: title.to_owned(),
            edited,
            source,
        });
    }
    ensure!(
        changed.len() == FILMS,
        "only {} films of the demo have a summary of their source's",
        changed.len()
    );
    Ok(changed)
}

/// The .nfo file beside a film's media file.
fn nfo_of(library: &Path, film: &Value) -> Option<(PathBuf, String)> {
    let media = film["Media"][0]["Part"][0]["file"].as_str()?;
    let below = media.strip_prefix(PLEX_FILMS)?.trim_start_matches('/');
    let path = library.join(below).with_extension("nfo");
    let text = std::fs::read_to_string(&path).ok()?;
    Some((path, text))
}

fn text<'f>(film: &'f Value, name: &str) -> &'f str {
    film[name].as_str().unwrap_or_default()
}
