"""Reads and edits a Plex-compatible server through python-plexapi, a client that nobody here wrote.

Usage: python check.py --url http://127.0.0.1:32499 --token TOKEN

Every check prints `ok NAME` or `FAIL NAME: why`; the exit code is 1 where one failed, 2 where the server is none to try
things out on. It edits items, so it only runs against a server whose name begins with "Emulated". It needs a section of
at least 12 films, one of at least one show, one of music with at least two artists (one of them with two albums), and one
of other videos.

Not here: what a library should hold; that is compared in Rust, against the generator's expectation.
"""

import argparse
import hashlib
import io
import struct
import sys
import time
import zlib

from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer
from plexapi.utils import searchType

CHECKS = []


def check(name):
    """Adds a function to the checks, which run in the order of this file."""

    def add(function):
        CHECKS.append((name, function))
        return function

    return add


def equal(found, wanted, what):
    if found != wanted:
        raise AssertionError(f"{what}: wanted {wanted!r}, found {found!r}")


def true(condition, what):
    if not condition:
        raise AssertionError(what)


def png(red, green, blue):
    """A picture of 4 × 6 pixels in one colour."""
    row = b"\0" + bytes([red, green, blue]) * 4

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 4, 6, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 6)) + chunk(b"IEND", b"")


class World:
    """The server, its two sections, and films that no other check has edited."""

    def __init__(self, url, token):
        self.url = url
        self.token = token
        self.plex = PlexServer(url, token, timeout=30)
        sections = self.plex.library.sections()
        self.films = next((section for section in sections if section.type == "movie"), None)
        self.shows = next((section for section in sections if section.type == "show"), None)
        self.music = next((section for section in sections if section.type == "artist"), None)
        self.videos = next((section for section in sections if section.agent.endswith(".none")), None)
        self.fresh = iter(())
        self.known = {}

    def film(self, fits=lambda film: True):
        """The details of a film that is not in use yet."""
        for film in self.fresh:
            film = film.reload()
            if fits(film):
                return film
        raise AssertionError("the library has too few films for this check")


def locked(item):
    return {field.name for field in item.fields if field.locked}


def tags(item, kind):
    return [tag.tag for tag in getattr(item, kind)]


def picture_bytes(world, path):
    response = world.plex._session.get(world.plex.url(path, includeToken=True), timeout=30)
    response.raise_for_status()
    return response.content


# Reading


@check("identity")
def identity(world):
    true(world.plex.machineIdentifier, "the server has no machineIdentifier")
    true(world.plex.version, "the server has no version")


@check("token")
def token(world):
    try:
        PlexServer(world.url, "not-" + world.token, timeout=30)
    except Unauthorized:
        return
    raise AssertionError("a wrong token was let in")


@check("sections")
def sections(world):
    expected = [
        (world.films, "movie", "movie"),
        (world.shows, "show", "series"),
        (world.music, "artist", "music"),
        (world.videos, "movie", "none"),
    ]
    for section, kind, agent in expected:
        equal(section.type, kind, "type")
        true(section.uuid, f"{section.title} has no uuid")
        true(section.locations, f"{section.title} has no location")
        true(agent in section.agent, f"{section.title} has the agent {section.agent}")
        equal(world.plex.library.sectionByID(section.key).title, section.title, "the section by its id")


@check("paging")
def paging(world):
    whole = world.films.all(container_size=1000)
    true(len(whole) >= 12, f"only {len(whole)} films")
    keys = [film.ratingKey for film in whole]
    equal(len(set(keys)), len(keys), "distinct films in one page")
    paged = [film.ratingKey for film in world.films.all(container_size=5)]
    equal(paged, keys, "films in pages of five")
    path = f"/library/sections/{world.films.key}/all"
    page = world.plex.query(path, headers={"X-Plex-Container-Start": "3", "X-Plex-Container-Size": "4"})
    equal([int(row.attrib["ratingKey"]) for row in page], keys[3:7], "films 3 to 6")
    equal(page.attrib.get("size"), "4", "size of the page")
    equal(page.attrib.get("offset"), "3", "offset of the page")
    world.fresh = iter(whole)
    world.known = {film.ratingKey: film for film in whole}


@check("total size")
def total_size(world):
    equal(world.films.totalSize, len(world.known), "totalSize of the films")
    path = f"/library/sections/{world.films.key}/all"
    page = world.plex.query(path, headers={"X-Plex-Container-Start": "0", "X-Plex-Container-Size": "2"})
    equal(page.attrib.get("totalSize"), str(len(world.known)), "totalSize of a page of two")


@check("listing")
def listing(world):
    for film in world.known.values():
        for attribute in ["guid", "title", "addedAt", "updatedAt", "type"]:
            true(film.__dict__.get(attribute), f"{film.ratingKey} has no {attribute} in the listing")
        part = film._data.find("Media/Part")
        true(part is not None and part.attrib.get("file"), f"{film.title} has no file in the listing")
        equal(film.librarySectionID, world.films.key, f"section of {film.title}")


@check("details")
def details(world):
    for listed in list(world.known.values())[:8]:
        film = world.plex.fetchItem(listed.ratingKey)
        for attribute in ["title", "guid", "year", "summary", "originallyAvailableAt", "addedAt", "updatedAt"]:
            equal(getattr(film, attribute), getattr(listed, attribute), f"{attribute} of {listed.title}")
        equal(film.locations, listed.locations, f"files of {listed.title}")


@check("roles")
def roles(world):
    seen = 0
    for listed in world.known.values():
        # As it stands in the listing: the property would fetch the details.
        short = [role.attrib["tag"] for role in listed._data.findall("Role")]
        if not short:
            continue
        full = tags(world.plex.fetchItem(listed.ratingKey), "roles")
        true(set(short) <= set(full), f"{listed.title} lists {short} and its details have {full}")
        seen += 1
        if seen == 8:
            return
    true(seen, "no film has a cast")


@check("many details at once")
def many_details(world):
    keys = list(world.known)[:7]
    equal([film.ratingKey for film in world.plex.fetchItems(keys)], keys, "films by several keys")
    missing = max(world.known) + 100_000
    equal([film.ratingKey for film in world.plex.fetchItems([keys[0], missing])], keys[:1], "a missing key is left out")
    try:
        world.plex.fetchItem(missing)
    except NotFound:
        return
    raise AssertionError("a single missing key was found")


@check("seasons and episodes")
def seasons_and_episodes(world):
    shows = world.shows.all()
    true(shows, "there is no show")
    for show in shows:
        seasons = show.seasons()
        true(seasons, f"{show.title} has no season")
        below = [episode for season in seasons for episode in season.episodes()]
        true(below, f"{show.title} has no episode")
        equal([episode.ratingKey for episode in show.episodes()], [episode.ratingKey for episode in below], "episodes")
        for season in seasons:
            equal(season.parentRatingKey, show.ratingKey, "the season's show")
        for episode in below:
            equal(episode.grandparentRatingKey, show.ratingKey, "the episode's show")
            true(episode.index and episode.locations, f"{episode.title} has no number or no file")
    episode = below[0]
    equal(show.episode(season=episode.parentIndex, episode=episode.index).ratingKey, episode.ratingKey, "by number")
    every = world.shows.searchEpisodes(container_size=4)
    equal(world.shows.totalViewSize("episode"), len(every), "totalSize of the episodes")


# Editing


@check("edit title")
def edit_title(world):
    film = world.film()
    film.editTitle("The Checked Film & “Friends” <1> + 100%")
    film = film.reload()
    equal(film.title, "The Checked Film & “Friends” <1> + 100%", "title")
    true(film.isLocked("title"), "the title is not locked")
    others = world.plex.fetchItems([key for key in world.known if key != film.ratingKey][:5])
    true(all(other.title != film.title for other in others), "another film has the title too")


@check("edit texts")
def edit_texts(world):
    film = world.film()
    summary = "Erster Absatz – ёлка, 종이, 紙.\n\nZweiter: \"Zitat\" & 'noch eins' 👩‍🚀"
    film.batchEdits()
    film.editSummary(summary).editTagline("a+b=c & d%20e; f?g#h").editStudio("Ostrich & Daughters")
    film.editOriginalTitle("Đường Về").editSortTitle("Zz Sorted").editContentRating("Rated PG-13")
    film.saveEdits()
    film = film.reload()
    equal(film.summary, summary, "summary")
    equal(film.tagline, "a+b=c & d%20e; f?g#h", "tagline")
    equal(film.studio, "Ostrich & Daughters", "studio")
    equal(film.originalTitle, "Đường Về", "originalTitle")
    equal(film.titleSort, "Zz Sorted", "titleSort")
    equal(film.contentRating, "Rated PG-13", "contentRating")
    wanted = {"summary", "tagline", "studio", "originalTitle", "titleSort", "contentRating"}
    true(wanted <= locked(film), f"locked are only {locked(film)}")


@check("edit date and ratings")
def edit_date_and_ratings(world):
    film = world.film()
    film.editOriginallyAvailable("2001-02-03").editField("year", 2001)
    film.editCriticRating(7.6).editAudienceRating(8.25)
    film = film.reload()
    true(film.originallyAvailableAt, "there is no originallyAvailableAt")
    equal(film.originallyAvailableAt.strftime("%Y-%m-%d"), "2001-02-03", "originallyAvailableAt")
    equal(film.year, 2001, "year")
    equal(film.rating, 7.6, "rating")
    true(8.15 < film.audienceRating < 8.35, f"audienceRating is {film.audienceRating}")


@check("clear a field")
def clear_a_field(world):
    film = world.film()
    film.editTagline("To be cleared").reload()
    equal(film.tagline, "To be cleared", "tagline")
    film.editTagline("").reload()
    true(not film.tagline, f"the tagline is still {film.tagline!r}")


@check("locks")
def locks(world):
    film = world.film(lambda film: not locked(film))
    film.editSummary("Locked.").editStudio("Unlocked", locked=False)
    film = film.reload()
    equal(locked(film), {"summary"}, "locked fields")
    film.editSummary("Unlocked.", locked=False)
    film = film.reload()
    equal(locked(film), set(), "locked fields after unlocking")
    equal(film.summary, "Unlocked.", "summary")


@check("genres")
def genres(world):
    film = world.film(lambda film: len(film.genres) > 0 and not film.isLocked("genre"))
    before = tags(film, "genres")
    film.addGenre(["Checked", "Second, with comma"])
    film = film.reload()
    equal(set(tags(film, "genres")), {*before, "Checked", "Second, with comma"}, "genres after adding")
    true(film.isLocked("genre"), "the genres are not locked")
    film.removeGenre(["Second, with comma", before[0]])
    film = film.reload()
    equal(set(tags(film, "genres")), {*before[1:], "Checked"}, "genres after removing")


@check("other tags")
def other_tags(world):
    film = world.film(lambda film: len(film.directors) > 0)
    director = tags(film, "directors")[0]
    film.addDirector("Checked, Jr.").addWriter("A Writer").addLabel("A Label")
    film.removeDirector(director)
    film = film.reload()
    true("Checked, Jr." in tags(film, "directors"), f"directors are {tags(film, 'directors')}")
    true(director not in tags(film, "directors"), f"{director} is still a director")
    equal(tags(film, "writers"), ["A Writer"], "writers")
    equal(tags(film, "labels"), ["A Label"], "labels")
    film.editTags("actor", ["An Actor"])
    true("An Actor" in tags(film.reload(), "roles"), "the actor is not among the roles")


@check("several films in one edit")
def batch(world):
    films = [world.film() for _ in range(3)]
    world.films.batchMultiEdits(films)
    world.films.editStudio("Batch").addGenre("Batched").saveMultiEdits()
    for film in world.plex.fetchItems([film.ratingKey for film in films]):
        equal(film.studio, "Batch", f"studio of {film.ratingKey}")
        true("Batched" in tags(film, "genres"), f"genres of {film.ratingKey} are {tags(film, 'genres')}")
        true({"studio", "genre"} <= locked(film), f"locked of {film.ratingKey} are {locked(film)}")
    other = next(key for key in reversed(world.known) if key not in [film.ratingKey for film in films])
    true(world.plex.fetchItem(other).studio != "Batch", "a film that was not named was edited")


@check("collections")
def collections(world):
    first, second = world.film(), world.film()
    first.addCollection("Checked Together", locked=False)
    second.addCollection("Checked Together", locked=False)
    found = [collection for collection in world.films.collections() if collection.title == "Checked Together"]
    equal(len(found), 1, "collections of that title")
    collection = found[0]
    members = {item.ratingKey for item in collection.items()}
    equal(members, {first.ratingKey, second.ratingKey}, "members")
    third = world.film()
    collection.addItems([third])
    true("Checked Together" in tags(third.reload(), "collections"), "the added film has no such tag")
    collection.removeItems([first])
    true("Checked Together" not in tags(first.reload(), "collections"), "the removed film still has the tag")
    second.removeCollection("Checked Together", locked=False)
    third.removeCollection("Checked Together", locked=False)
    left = [collection.title for collection in world.films.collections()]
    true("Checked Together" not in left, "the empty collection is still there")


@check("updatedAt filter")
def updated_at_filter(world):
    path = f"/library/sections/{world.films.key}/all?type={searchType('movie')}"
    newest = max(int(row.attrib["updatedAt"]) for row in world.plex.query(path))
    film = world.film()
    while time.time() < newest + 1.1:  # updatedAt counts whole seconds
        time.sleep(0.05)
    film.editTagline("Moved")
    moved = film.reload().updatedAt.timestamp()
    true(moved > newest, f"updatedAt is {moved} after the edit, and {newest} was the newest before")
    rows = world.plex.query(f"{path}&updatedAt>>={newest}")
    equal([int(row.attrib["ratingKey"]) for row in rows], [film.ratingKey], "films changed since")
    equal(world.plex.query(f"{path}&updatedAt>>={int(moved)}").attrib.get("size"), "0", "films changed after that")


# Shows


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


# Music


@check("artists")
def artists(world):
    found = world.music.all()
    true(len(found) >= 2, f"only {len(found)} artists")
    for artist in found:
        full = artist.reload()
        true(full.locations, f"{artist.title} has no folder")
        albums = artist.albums()
        true(albums, f"{artist.title} has no album")
        equal({album.parentRatingKey for album in albums}, {artist.ratingKey}, f"artist of {artist.title}'s albums")
        below = [track.ratingKey for album in albums for track in album.tracks()]
        equal({track.ratingKey for track in artist.tracks()}, set(below), f"tracks of {artist.title}")
    equal(len(world.music.searchAlbums()), len(world.music.albums()), "albums found and listed")


@check("tracks")
def tracks(world):
    for album in world.music.albums():
        for track in album.tracks():
            equal(track.parentRatingKey, album.ratingKey, f"album of {track.title}")
            equal(track.grandparentRatingKey, album.parentRatingKey, f"artist of {track.title}")
            true(track.index and track.parentIndex and track.locations, f"{track.title} has no number, disc or file")
    every = world.music.searchTracks(container_size=2)
    equal(world.music.totalViewSize("track"), len(every), "totalSize of the tracks")


@check("artist fields")
def artist_fields(world):
    artist = next(artist for artist in world.music.all() if artist.reload().moods)
    gone = tags(artist, "moods")[0]
    artist.batchEdits()
    artist.editSummary("A band.").editSortTitle("Zz Band").addStyle("Checked Style").addCountry("Latvia")
    artist.saveEdits()
    artist.addMood("Checked Mood").removeMood(gone)
    artist = artist.reload()
    equal((artist.summary, artist.titleSort), ("A band.", "Zz Band"), "summary and titleSort")
    true("Checked Style" in tags(artist, "styles"), f"styles are {tags(artist, 'styles')}")
    true("Latvia" in tags(artist, "countries"), f"countries are {tags(artist, 'countries')}")
    true("Checked Mood" in tags(artist, "moods"), f"moods are {tags(artist, 'moods')}")
    true(gone not in tags(artist, "moods"), f"{gone} is still a mood")
    true({"summary", "titleSort", "style", "mood"} <= locked(artist), f"locked are {locked(artist)}")


@check("album fields")
def album_fields(world):
    album = world.music.albums()[0]
    album.editSummary("An album.").editStudio("A Label").editOriginallyAvailable("1999-12-31").addGenre("Checked Genre")
    album.uploadPoster(filepath=io.BytesIO(png(1, 1, 77)))
    album = album.reload()
    equal((album.summary, album.studio), ("An album.", "A Label"), "summary and studio")
    equal(album.originallyAvailableAt.strftime("%Y-%m-%d"), "1999-12-31", "originallyAvailableAt")
    true("Checked Genre" in tags(album, "genres"), f"genres are {tags(album, 'genres')}")
    equal(picture_bytes(world, album.thumb), png(1, 1, 77), "bytes of the cover")


@check("track fields")
def track_fields(world):
    track = world.music.searchTracks()[0]
    track.editTitle("Checked Track").addMood("Checked Mood").addLabel("Checked Label")
    track = track.reload()
    equal(track.title, "Checked Track", "title")
    equal((tags(track, "moods"), tags(track, "labels")), (["Checked Mood"], ["Checked Label"]), "moods and labels")
    true(track.isLocked("title"), "the title is not locked")


@check("artists of one title")
def artists_of_one_title(world):
    first, second = world.music.all()[-2:]
    both = {album.ratingKey for artist in (first, second) for album in artist.albums()}
    second.editTitle(first.title)
    try:
        second.reload()
    except NotFound:
        pass
    else:
        raise AssertionError("both artists are still there")
    true({album.ratingKey for album in first.reload().albums()} <= both, "the albums were not merged")


# Accounts


@check("watched")
def watched(world):
    video = world.videos.all()[0]
    true(not video.isPlayed, f"{video.title} was watched before")
    before = video.updatedAt
    video.markPlayed()
    video = video.reload()
    equal(video.viewCount, 1, "viewCount")
    true(video.isPlayed and video.lastViewedAt, "the video is not watched")
    equal(video.updatedAt, before, "updatedAt after watching")
    video.markUnplayed()
    true(not video.reload().isPlayed, "the video is still watched")
    show = world.shows.all()[-1]
    show.episodes()[0].markPlayed()
    equal(show.reload().viewedLeafCount, 1, "watched episodes")
    show.markPlayed()
    equal(show.reload().viewedLeafCount, show.leafCount, "watched episodes after all")


@check("user rating")
def user_rating(world):
    for item in [world.film(), world.shows.all()[0], world.shows.all()[0].episodes()[0], world.music.albums()[-1]]:
        item.rate(7.5)
        item = item.reload()
        equal(item.userRating, 7.5, f"rating of {item.title}")
        true(not item.isLocked("userRating"), "a rating was locked")
        item.rate()
        equal(item.reload().userRating, None, f"rating of {item.title} after taking it back")
        item.editUserRating(4.0)
        item = item.reload()
        equal(item.userRating, 4.0, f"edited rating of {item.title}")
        true(item.isLocked("userRating"), "the edited rating is not locked")


# Collections


@check("collection by request")
def collection_by_request(world):
    films = [world.film() for _ in range(3)]
    collection = world.films.createCollection("Made By Request", items=films[:2])
    equal({item.ratingKey for item in collection.items()}, {film.ratingKey for film in films[:2]}, "members")
    collection.addItems(films[2])
    true("Made By Request" in tags(films[2].reload(), "collections"), "the added film has no such tag")
    collection.batchEdits()
    collection.editSummary("Of three.").editSortTitle("!First").editContentRating("PG").addLabel("Checked Label")
    collection.saveEdits()
    collection = collection.reload()
    equal((collection.summary, collection.titleSort), ("Of three.", "!First"), "summary and titleSort")
    true({"summary", "titleSort", "label"} <= locked(collection), f"locked are {locked(collection)}")
    collection.uploadPoster(filepath=io.BytesIO(png(8, 8, 8)))
    equal(picture_bytes(world, collection.reload().thumb), png(8, 8, 8), "bytes of the poster")
    other = world.films.createCollection("Made Second", items=films[:1])
    try:
        other.editTitle("Made By Request")
    except BadRequest as error:
        true("409" in str(error) or "conflict" in str(error).lower(), f"refused as {error}")
    else:
        raise AssertionError("two collections have one title")
    other.delete()
    true("Made Second" not in [found.title for found in world.films.collections()], "a deleted collection is there")


@check("collection members removed")
def collection_members_removed(world):
    films = [world.film() for _ in range(2)]
    collection = world.films.createCollection("Emptied", items=films)
    collection.removeItems(films[0])
    equal([item.ratingKey for item in collection.reload().items()], [films[1].ratingKey], "members after removing")


@check("collection order")
def collection_order(world):
    films = [world.film() for _ in range(3)]
    collection = world.films.createCollection("Ordered", items=films)
    collection.sortUpdate("custom").modeUpdate("hideItems")
    collection = collection.reload()
    equal((collection.collectionSort, collection.collectionMode), (2, 1), "order and mode")
    keys = [film.ratingKey for film in films]
    equal([item.ratingKey for item in collection.items()], keys, "members as they were added")
    collection.moveItem(films[2]).moveItem(films[0], after=films[1])
    moved = [keys[2], keys[1], keys[0]]
    equal([item.ratingKey for item in collection.reload().items()], moved, "members after moving")
    collection.sortUpdate("alpha")
    titles = [(item.titleSort.lower(), item.ratingKey) for item in collection.reload().items()]
    equal(titles, sorted(titles), "members by title")


@check("collections of shows and music")
def collections_of_others(world):
    for section, item in [(world.shows, world.shows.all()[0]), (world.music, world.music.all()[0])]:
        item.addCollection("Checked Others")
        found = section.search(title="Checked Others", libtype="collection")
        equal([collection.subtype for collection in found], [item.type], "collections of that title")
        equal([member.ratingKey for member in found[0].items()], [item.ratingKey], "members")
    album = world.music.albums()[0]
    made = world.music.createCollection("Checked Albums", items=[album])
    equal((made.subtype, len(made.items())), ("album", 1), "subtype and members")


@check("smart collection")
def smart_collection(world):
    film = world.film()
    film.addLabel("Only This One")
    smart = world.films.createCollection("Smart", smart=True, filters={"label": "Only This One"})
    true(smart.reload().smart, "the collection is not smart")
    equal([item.ratingKey for item in smart.items()], [film.ratingKey], "members")
    path = f"/library/collections/{smart.ratingKey}/items/{film.ratingKey}/move"
    try:
        world.plex.query(path, method=world.plex._session.put)
    except BadRequest:
        return
    raise AssertionError("a member of a smart collection was moved")


# Pictures


@check("poster list")
def poster_list(world):
    film = world.film(lambda film: film.thumb and not film.isLocked("thumb"))
    posters = film.posters()
    true(posters, f"{film.title} has a thumb and no posters")
    equal(len([poster for poster in posters if poster.selected]), 1, "selected posters")
    selected = next(poster for poster in posters if poster.selected)
    true(selected.ratingKey, "the selected poster has no key")
    equal(picture_bytes(world, selected.key), picture_bytes(world, film.thumb), "bytes of the selected poster and the thumb")


@check("poster upload")
def poster_upload(world):
    film = world.film(lambda film: film.thumb)
    count = len(film.posters())
    picture = png(200, 30, 90)
    film.uploadPoster(filepath=io.BytesIO(picture))
    posters = film.posters()
    equal(len(posters), count + 1, "posters after the upload")
    film = film.reload()
    equal(picture_bytes(world, film.thumb), picture, "bytes of the thumb after the upload")
    selected = [poster.ratingKey for poster in posters if poster.selected]
    true(selected and selected[0].startswith("upload://posters/"), f"selected is {selected}")


@check("poster select")
def poster_select(world):
    film = world.film(lambda film: film.thumb)
    first = film.thumb
    before = hashlib.sha1(picture_bytes(world, first)).hexdigest()
    film.uploadPoster(filepath=io.BytesIO(png(10, 200, 90)))
    other = next(poster for poster in film.posters() if not poster.ratingKey.startswith("upload://"))
    film.setPoster(other)
    selected = [poster.ratingKey for poster in film.posters() if poster.selected]
    equal(selected, [other.ratingKey], "selected posters")
    after = hashlib.sha1(picture_bytes(world, film.reload().thumb)).hexdigest()
    equal(after, before, "SHA-1 of the thumb after going back")


@check("poster lock")
def poster_lock(world):
    film = world.film(lambda film: not film.isLocked("thumb"))
    film.lockPoster()
    true(film.reload().isLocked("thumb"), "the poster is not locked")
    film.unlockPoster()
    true(not film.reload().isLocked("thumb"), "the poster is still locked")


@check("background")
def background(world):
    film = world.film()
    picture = png(5, 6, 200)
    film.uploadArt(filepath=io.BytesIO(picture))
    film = film.reload()
    true(film.art, "there is no art after the upload")
    equal(picture_bytes(world, film.art), picture, "bytes of the art")
    equal(len([art for art in film.arts() if art.selected]), 1, "selected backgrounds")
    film.lockArt()
    true(film.reload().isLocked("art"), "the background is not locked")


@check("clear logo")
def clear_logo(world):
    for item in [world.film(), world.shows.all()[0], world.music.all()[0]]:
        count, picture = len(item.logos()), png(200, 200, 7)
        item.uploadLogo(filepath=io.BytesIO(picture))
        logos = item.logos()
        equal(len(logos), count + 1, f"clear logos of {item.title}")
        item = item.reload()
        true(item.logo, f"{item.title} does not tell of its clear logo")
        equal(picture_bytes(world, item.logo), picture, "bytes of the clear logo")
        item.uploadLogo(filepath=io.BytesIO(png(7, 200, 7)))
        item.setLogo(next(logo for logo in item.logos() if not logo.selected))
        true(item.reload().logo, "there is no clear logo after choosing one")
        item.lockLogo()
        true(item.reload().isLocked("clearLogo"), "the clear logo is not locked")
        item.deleteLogo()
        true(not item.reload().logo, "the clear logo is still there")


@check("square art")
def square_art(world):
    film, picture = world.film(), png(1, 2, 3)
    film.uploadSquareArt(filepath=io.BytesIO(picture))
    film = film.reload()
    equal(picture_bytes(world, film.squareArt), picture, "bytes of the square art")
    film.lockSquareArt()
    true(film.reload().isLocked("squareArt"), "the square art is not locked")


@check("bad requests")
def bad_requests(world):
    film = world.film()
    for edits in [{"year.value": "soon"}, {"originallyAvailableAt.value": "yesterday"}]:
        try:
            film.edit(**edits)
        except BadRequest:
            continue
        raise AssertionError(f"{edits} was taken")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    arguments = parser.parse_args()
    world = World(arguments.url.rstrip("/"), arguments.token)
    if not world.plex.friendlyName.startswith("Emulated"):
        print(f"{world.plex.friendlyName} is not an emulated server. Nothing was read or changed.", file=sys.stderr)
        return 2
    if None in (world.films, world.shows, world.music, world.videos):
        print("The server needs sections of films, shows, music and other videos.", file=sys.stderr)
        return 2
    failed = 0
    for name, function in CHECKS:
        try:
            function(world)
        except Exception as error:  # whatever the client raises is a finding
            failed += 1
            print(f"FAIL {name}: {type(error).__name__}: {error}", flush=True)
        else:
            print(f"ok {name}", flush=True)
    print(f"{len(CHECKS) - failed} of {len(CHECKS)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
