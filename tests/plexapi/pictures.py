"""Posters, backgrounds, clear logos, square art; and requests that cannot be read."""

import hashlib
import io

from plexapi.exceptions import BadRequest

from world import check, equal, picture_bytes, png, true


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
