"""Artists, albums and tracks."""

import io

from plexapi.exceptions import NotFound

from world import check, equal, locked, picture_bytes, png, tags, true


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
