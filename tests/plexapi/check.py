"""Reads and edits a Plex-compatible server through python-plexapi, a client that nobody here wrote.

Usage: python check.py --url http://127.0.0.1:32499 --token TOKEN

Every check prints `ok NAME` or `FAIL NAME: why`; the exit code is 1 where one failed, 2 where the server is none to try
things out on. It edits films, so it only runs against a server whose name begins with "Emulated". It needs a section of
at least 12 films and one of at least one show.

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
    for section, kind, agent in [(world.films, "movie", "movie"), (world.shows, "show", "series")]:
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
    if world.films is None or world.shows is None:
        print("The server needs a section of films and one of shows.", file=sys.stderr)
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
