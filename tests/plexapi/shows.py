"""Shows, seasons and episodes."""

import io

from world import check, equal, locked, picture_bytes, png, tags, true


@check("show fields")
def show_fields(world):
    show = world.shows.all()[0]
    summary, tagline = "A show.\n\nIn two paragraphs.", "Checked & found"
    show.batchEdits()
    show.editSummary(summary).editTagline(tagline).editStudio("A Network").editContentRating("TV-PG")
    show.editSortTitle("Zz Show").editOriginalTitle("Оригинал").addGenre("Checked Genre").addLabel("Checked Label")
    show.saveEdits()
    show = show.reload()
    equal((show.summary, show.tagline, show.studio), (summary, tagline, "A Network"), "summary, tagline, studio")
    equal((show.titleSort, show.originalTitle, show.contentRating), ("Zz Show", "Оригинал", "TV-PG"), "other texts")
    true("Checked Genre" in tags(show, "genres"), f"genres are {tags(show, 'genres')}")
    true("Checked Label" in tags(show, "labels"), f"labels are {tags(show, 'labels')}")
    true({"summary", "tagline", "studio", "genre", "label"} <= locked(show), f"locked are {locked(show)}")
    true(show.locations, "the show has no folder")


@check("season fields")
def season_fields(world):
    season = world.shows.all()[0].seasons()[0]
    season.editTitle("The Checked Season").editSummary("Of which little is known.")
    season = season.reload()
    equal((season.title, season.summary), ("The Checked Season", "Of which little is known."), "title and summary")
    equal(locked(season), {"title", "summary"}, "locked fields")
    equal(len(season.episodes()), season.leafCount, "episodes of the season")


@check("episode numbers")
def episode_numbers(world):
    for show in world.shows.all():
        for season in show.seasons():
            numbers = [episode.index for episode in season.episodes()]
            true(all(numbers), f"numbers of {season.title} are {numbers}")
            equal(numbers, sorted(numbers), f"order of {season.title}")


@check("episode fields")
def episode_fields(world):
    episode = world.shows.all()[0].episodes()[-1]
    episode.batchEdits()
    episode.editTitle("Checked Episode").editSummary("It happens.").editOriginallyAvailable("2011-12-13")
    episode.editAudienceRating(7.2).editContentRating("TV-Y").addDirector("A Director").addWriter("A Writer")
    episode.saveEdits()
    episode = episode.reload()
    equal((episode.title, episode.summary), ("Checked Episode", "It happens."), "title and summary")
    equal(episode.originallyAvailableAt.strftime("%Y-%m-%d"), "2011-12-13", "originallyAvailableAt")
    equal((episode.audienceRating, episode.contentRating), (7.2, "TV-Y"), "ratings")
    true("A Director" in tags(episode, "directors"), f"directors are {tags(episode, 'directors')}")
    true("A Writer" in tags(episode, "writers"), f"writers are {tags(episode, 'writers')}")
    true(episode.isLocked("title"), "the title is not locked")
    picture = png(3, 90, 60)
    episode.uploadPoster(filepath=io.BytesIO(picture))
    equal(picture_bytes(world, episode.reload().thumb), picture, "bytes of the episode's thumb")


@check("several episodes in one edit")
def batch_episodes(world):
    episodes = world.shows.all()[0].episodes()[:2]
    world.shows.batchMultiEdits(episodes)
    world.shows.editContentRating("TV-14").saveMultiEdits()
    for episode in world.plex.fetchItems([episode.ratingKey for episode in episodes]):
        equal(episode.contentRating, "TV-14", f"content rating of {episode.title}")
