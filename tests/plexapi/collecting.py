"""Collections made, filled, ordered and edited by their own routes."""

import io

from plexapi.exceptions import BadRequest

from world import check, equal, locked, picture_bytes, png, tags, true


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
