"""Films edited: fields, locks, tags, several at once."""

import time

from plexapi.utils import searchType

from world import check, equal, locked, tags, true


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
