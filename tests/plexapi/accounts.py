"""Plays and ratings."""

from world import check, equal, true


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
