"""Reads and edits a Plex-compatible server through python-plexapi, a client that nobody here wrote.

Usage: python check.py --url http://127.0.0.1:32499 --token TOKEN

Every check prints `ok NAME` or `FAIL NAME: why`; the exit code is 1 where one failed, 2 where the server is none to try
things out on. It edits items, so it only runs against a server whose name begins with "Emulated". It needs a section of
at least 12 films, one of at least one show, one of music with at least two artists (one of them with two albums), and one
of other videos.

The checks are in the files beside this one and run in the order in which they are named here.

Not here: what a library should hold; that is compared in Rust, against the generator's expectation.
"""

import argparse
import importlib
import sys

from world import CHECKS, World

for name in ["reading", "editing", "shows", "music", "accounts", "collecting", "pictures"]:
    importlib.import_module(name)


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
