"""What is read: sections, pages, filters, details."""

from plexapi.exceptions import NotFound, Unauthorized
from plexapi.server import PlexServer

from world import check, equal, tags, true


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


@check("what actors play")
def parts(world):
    films = [world.plex.fetchItem(key) for key in list(world.known)]
    played = [role.role for film in films for role in film.roles if role.role]
    true(played, "nobody plays anything")


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
