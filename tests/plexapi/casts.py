"""Compares the casts of a Plex-compatible server with those that are expected, through python-plexapi.

Usage: python casts.py --url http://127.0.0.1:32499 --token TOKEN --expected FILE

FILE holds, as JSON, the first file of each film → its actors → what they play and where their picture is; "" where that is
nothing. Prints a line for each film whose cast is another one; the exit code is 1 where there is any.
"""

import argparse
import json
import sys

from plexapi.server import PlexServer


def cast_of(film):
    return {role.tag.casefold(): [role.role or "", role.thumb or ""] for role in film.roles}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--expected", required=True)
    arguments = parser.parse_args()
    with open(arguments.expected, encoding="utf-8") as file:
        expected = json.load(file)
    plex = PlexServer(arguments.url.rstrip("/"), arguments.token, timeout=30)
    films = [film for section in plex.library.sections() if section.type == "movie" for film in section.all()]
    found = {film.locations[0]: cast_of(plex.fetchItem(film.ratingKey)) for film in films}
    wrong = 0
    for path, cast in expected.items():
        wanted = {actor.casefold(): told for actor, told in cast.items()}
        if found.get(path) != wanted:
            wrong += 1
            print(f"{path}: wanted {wanted}, found {found.get(path)}")
    print(f"{len(expected) - wrong} of {len(expected)} casts as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
