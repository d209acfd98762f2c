//! The real window, driven through WebDriver: the demo, Sync, and what is on the screen against the server's own state.
//!
//! Runs where `SYNCSLATE_WINDOW_BIN` names the app, built with the feature `test-hooks`; `cargo xtask test` sets it.

mod films;
mod harness;
mod problems;
mod rules;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use films::Server;
use harness::{Harness, Size};

/// What is true once no run is under way and `runs` have ended.
fn ended(runs: usize) -> String {
    format!(
        "return document.querySelector('[data-testid=pause]') === null \
         && document.querySelectorAll('[data-testid=recent-row]').length >= {runs}"
    )
}

/// Looks at the bar of a run in each frame as it is drawn, in the middle of its movement too.
const WATCH_BAR: &str = "
    const seen = window.__bar = { frames: 0, back: 0, ahead: 0, first: null, last: 0 };
    const look = () => {
        const all = document.querySelector('[data-testid=progress]');
        const bar = document.querySelector('[data-testid=progress-share]');
        const percent = document.querySelector('[data-testid=percent]');
        if (all && bar && percent) {
            const width = 100 * bar.getBoundingClientRect().width / all.getBoundingClientRect().width;
            seen.frames += 1;
            seen.first ??= width;
            // Half a percent is less than a pixel's rounding makes visible.
            if (width < seen.last - 0.5) seen.back += 1;
            if (width > Number.parseInt(percent.textContent, 10) + 1.5) seen.ahead += 1;
            seen.last = width;
        }
        requestAnimationFrame(look);
    };
    look();
";

#[tokio::test]
async fn the_demo_syncs_and_the_window_tells_the_truth() -> Result<()> {
    let Some(window) = Harness::start(Size::Normal).await? else {
        return Ok(());
    };
    let server = Server::of(&window.emulator().await?)?;
    let before = server.films().await?;
    let sets_before = server.collections().await?;

    window.execute(WATCH_BAR).await?;
    window.click("sync").await?;
    window.until("the first sync has ended", &ended(1)).await?;
    let bar = window.execute("return window.__bar").await?;
    ensure!(bar["frames"].as_u64() > Some(10), "it was seen: {bar}");
    assert_eq!(bar["back"], 0, "the bar never goes back: {bar}");
    assert_eq!(bar["ahead"], 0, "nor ahead of its percentage: {bar}");
    let after = server.films().await?;
    let changed = before
        .iter()
        .filter(|(key, film)| after.get(*key) != Some(film))
        .count();
    ensure!(
        changed > 100,
        "the demo is worth a look, {changed} films changed"
    );
    // Collections that came into being are items of their own, where the source says something of them.
    let sets = server.collections().await?;
    let told = sets
        .iter()
        .filter(|(key, set)| {
            let says = set["summary"].as_str().is_some_and(|text| !text.is_empty());
            !sets_before.contains_key(*key) && says
        })
        .count();
    assert_eq!(
        window.figure("figure-changed").await?,
        changed,
        "the window counts as many changed films as the server does"
    );
    assert!(told > 0, "the demo makes collections worth a word");
    assert_eq!(
        window.figure("figure-collections").await?,
        told,
        "and as many collections that it described"
    );
    assert_eq!(window.figure("figure-plex").await?, after.len());
    assert_eq!(window.figure("figure-failed").await?, 0);
    window.screenshot("window.png").await?;

    window.click("sync").await?;
    window.until("the second sync has ended", &ended(2)).await?;
    assert!(
        server.films().await? == after,
        "a second sync changes nothing in Plex"
    );
    assert_eq!(window.figure("figure-changed").await?, 0);

    let recorded = window.recorded().await?;
    assert!(recorded.is_empty(), "the window is quiet: {recorded:?}");
    window.close().await
}

#[tokio::test]
async fn what_goes_wrong_in_the_window_turns_the_test_red() -> Result<()> {
    let Some(window) = Harness::start(Size::Normal).await? else {
        return Ok(());
    };
    assert!(window.recorded().await?.is_empty(), "quiet to begin with");
    window
        .execute(
            "console.error('planted'); \
             setTimeout(() => { throw new Error('planted') }); \
             Promise.reject(new Error('planted')); \
             document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/planted.png' }));",
        )
        .await?;
    for kind in [
        "console.error",
        "error",
        "unhandledrejection",
        "securitypolicyviolation",
    ] {
        window
            .until(
                &format!("{kind} is recorded"),
                &format!("return window.__recorded.some(({{ kind }}) => kind === '{kind}')"),
            )
            .await?;
    }
    window.close().await
}

#[tokio::test]
async fn the_window_reaches_only_what_it_is_allowed_to() -> Result<()> {
    let Some(window) = Harness::start(Size::Normal).await? else {
        return Ok(());
    };
    for (command, arguments) in [
        ("plugin:store|load", "{ path: 'settings.json' }"),
        ("plugin:dialog|open", "{ options: {} }"),
        ("plugin:window|set_title", "{ label: 'main', value: 'x' }"),
        ("plugin:event|emit", "{ event: 'engine', payload: [] }"),
        ("no_such_command", "{}"),
    ] {
        let answer = window
            .execute_async(&format!(
                "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('{command}', {arguments}) \
                 .then(() => done('allowed'), () => done('refused'))"
            ))
            .await?;
        assert_eq!(answer, Value::from("refused"), "{command}");
    }
    let token = window.emulator().await?.token;
    let page = window
        .execute_async(
            "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot') \
             .then((state) => done(JSON.stringify(state) + document.documentElement.outerHTML))",
        )
        .await?;
    let page = page.as_str().context("the page is text")?;
    assert!(!page.contains(&token), "the token never reaches the window");
    window.close().await
}

#[tokio::test]
async fn screenshots() -> Result<()> {
    if std::env::var_os("SYNCSLATE_SCREENSHOTS").is_none() {
        eprintln!("skipped: `cargo xtask screenshots` takes the pictures");
        return Ok(());
    }
    for size in [Size::Normal, Size::Small] {
        let Some(window) = Harness::start(size).await? else {
            return Ok(());
        };
        let folder = Path::new("screenshots");
        for (name, step) in [("overview-first", None), ("overview-done", Some("sync"))] {
            if let Some(button) = step {
                window.click(button).await?;
                window
                    .until(
                        "something is being written",
                        "return document.querySelectorAll('[data-testid=feed-row]').length > 3",
                    )
                    .await?;
                both(&window, folder, &format!("syncing{}", size.suffix())).await?;
                window.until("the sync has ended", &ended(1)).await?;
            }
            both(&window, folder, &format!("{name}{}", size.suffix())).await?;
        }
        window.click("details").await?;
        both(&window, folder, &format!("details{}", size.suffix())).await?;
        let server = Server::of(&window.emulator().await?)?;
        problems::both_change(&window.library(), &server).await?;
        window.click("back").await?;
        window.click("sync").await?;
        window.until("the second sync has ended", &ended(2)).await?;
        window.click("nav-problems").await?;
        for (name, list, row) in [
            ("problems", "conflicts", "decision"),
            ("problems-no-match", "unmatched", "unmatched-row"),
            ("problems-kept", "kept", "decision"),
        ] {
            window.click(&format!("show-{list}")).await?;
            window
                .until(
                    &format!("{name} is listed"),
                    &format!("return document.querySelector('[data-testid={row}]') !== null"),
                )
                .await?;
            both(&window, folder, &format!("{name}{}", size.suffix())).await?;
        }
        window.click("nav-settings").await?;
        for tab in ["plex", "source", "paths", "fields", "writing"] {
            window.click(&format!("settings-{tab}")).await?;
            let name = format!("settings-{tab}{}", size.suffix());
            both(&window, folder, &name).await?;
        }
        window.close().await?;
    }
    Ok(())
}

/// The same view in both themes.
async fn both(window: &Harness, folder: &Path, name: &str) -> Result<()> {
    for theme in ["light", "dark"] {
        window
            .execute_async(&format!(
                "const drawn = arguments[0]; document.documentElement.dataset.theme = '{theme}'; \
                 requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))"
            ))
            .await?;
        let file = folder.join(format!("{name}-{theme}.png"));
        window.screenshot(file).await?;
    }
    window
        .execute("delete document.documentElement.dataset.theme")
        .await?;
    Ok(())
}
