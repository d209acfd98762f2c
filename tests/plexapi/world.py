"""The server, its sections, and how a check is written.

Not here: the checks themselves.
"""

import struct
import zlib

from plexapi.server import PlexServer

CHECKS = []


def check(name):
    """Adds a function to the checks, which run in the order in which `check.py` imports them."""

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
