//! Shows with seasons and episodes, as an agent found them. They have no source: nothing may change in them.

use rand::RngExt;

use super::names::{self, Titles};
use super::{PLEX_SERIES, Plan, dice, picture, prose};
use crate::seed::{SeedItem, SeedValues};

/// The shows of a world.
pub(super) fn shows(plan: &Plan) -> Vec<SeedItem> {
    let mut titles = Titles::default();
    (0..plan.shows)
        .map(|number| {
            let dice = &mut dice(plan.seed, u64::MAX / 2 + number as u64);
            let title = titles.next(dice);
            let year: i32 = dice.random_range(1975..=2022);
            let seasons = dice.random_range(1..=3);
            let genres = names::agent_genres(dice, 2);
            let children = (1..=seasons)
                .map(|season| {
                    let episodes = dice.random_range(3..=6);
                    let episodes = (1..=episodes)
                        .map(|episode| SeedItem {
                            files: vec![format!(
                                "{PLEX_SERIES}/{title} ({year})/Season {season:02}/{title} - s{season:02}e{episode:02}.mkv"
                            )],
                            index: Some(episode),
                            agent: SeedValues {
                                guid: Some(format!("plex://episode/{number:020x}{season:02}{episode:02}")),
                                title: Some(titles.next(dice)),
                                summary: Some(prose::agent_plot(dice)),
                                date: Some(format!("{}-{:02}-{:02}", year + season, episode, dice.random_range(1..=28))),
                                year: Some(year + season),
                                ..SeedValues::default()
                            },
                            ..SeedItem::default()
                        })
                        .collect();
                    SeedItem {
                        index: Some(season),
                        agent: SeedValues {
                            guid: Some(format!("plex://season/{number:022x}{season:02}")),
                            title: Some(format!("Season {season}")),
                            ..SeedValues::default()
                        },
                        children: episodes,
                        ..SeedItem::default()
                    }
                })
                .collect();
            SeedItem {
                agent: SeedValues {
                    guid: Some(format!("plex://show/{number:024x}")),
                    title: Some(title),
                    summary: Some(prose::agent_plot(dice)),
                    studio: Some(names::studio(dice).to_owned()),
                    year: Some(year),
                    date: Some(format!("{year}-09-01")),
                    genres: Some(genres),
                    poster: plan.posters.then(|| picture::stripes(dice, plan.image)),
                    ..SeedValues::default()
                },
                children,
                ..SeedItem::default()
            }
        })
        .collect()
}
