//! Path rules, tried and suggested in the window before anything is saved: what is said of them is what a sync finds.

use anyhow::{Context as _, Result, ensure};
use syncslate_emulator::generator::PLEX_FILMS;

use super::ended;
use super::harness::{Harness, Size};

#[tokio::test]
async fn rules_are_mended_by_what_is_suggested() -> Result<()> {
    let Some(window) = Harness::start(Size::Normal).await? else {
        return Ok(());
    };
    window.click("sync").await?;
    window.until("the sync has ended", &ended(1)).await?;
    let items = window.figure("figure-source").await?;
    let matched = window.figure("figure-matched").await?;
    ensure!(
        matched > 0,
        "the demo is worth a look, {matched} of {items} match"
    );

    window.click("nav-settings").await?;
    window.click("settings-paths").await?;
    window.fill("rule-to", "/nothing/is/here").await?;
    window.click("rules-try").await?;
    found(&window, 0, items).await?;

    window.click("rules-suggest").await?;
    window.click("use-rule").await?;
    let leads_to = window
        .execute("return document.querySelector('[data-testid=rule-to]').value")
        .await?;
    let leads_to = leads_to.as_str().context("the rule leads somewhere")?;
    assert_eq!(leads_to, PLEX_FILMS, "as the demo's own rule did");
    window.click("rules-try").await?;
    found(&window, matched, items).await?;
    window.screenshot("rules.png").await?;

    let recorded = window.recorded().await?;
    assert!(recorded.is_empty(), "the window is quiet: {recorded:?}");
    window.close().await
}

/// Waits until the rules on screen are said to match so many of the source's items.
async fn found(window: &Harness, matched: usize, items: usize) -> Result<()> {
    let sentence = format!("{matched} of {items} source items would be found in Plex.");
    window
        .until(
            &format!("it says: {sentence}"),
            &format!(
                "return document.querySelector('[data-testid=rules-found]')?.textContent.trim() === '{sentence}'"
            ),
        )
        .await
}
