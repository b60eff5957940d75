"""Feeds that are broken, moved, unchanged or forbidden: told per feed, and the others go on."""

import gzip
from collections.abc import Iterator

import pytest

from tests.flow.newsroom import FERRY_RULE, Newsroom, Run
from tests.flow.outlets import RSS, Answer, Item, Site, feed, rss, semantic
from tests.flow.reports import FERRY


def good(site: Site, path: str = "/good") -> str:
    """A feed with one report that alerts."""
    link = site.page(f"{path}/page", semantic(FERRY.title, FERRY.paragraphs))
    return site.serve(path, feed(Item(FERRY.title, link)))


BAD: dict[str, tuple[Answer, str]] = {
    "404": (Answer(404, "no"), "404"),
    "gone": (Answer(410, "no"), "410"),
    "asks for a password": (Answer(401, "no"), "401"),
    "500": (Answer(500, "no"), "500"),
    "asked too often": (Answer(429, "no"), "429"),
    "an empty answer": (Answer(200, "", RSS), "empty"),
    "a web page": (Answer(200, semantic("Log in", ("Please log in.",))), "not a feed"),
    "a PDF": (Answer(200, "%PDF-1.7", "application/pdf"), "not a feed"),
    "other JSON": (Answer(200, '{"a": 1}', "application/json"), "not a JSON Feed"),
    "no answer in time": (Answer(silent=True), "longer than 2 seconds"),
    "a broken compression": (
        Answer(200, b"\x1f\x8b broken", RSS, (("Content-Encoding", "gzip"),)), "not a feed",
    ),
    "a compression bomb": (
        Answer(200, gzip.compress(b"x" * 3_000_000), RSS, (("Content-Encoding", "gzip"),)),
        "larger",
    ),
    "a redirect in a circle": (Answer(302, headers=(("Location", "/feed12"),)), "circle"),
    "a redirect to a cloud's credentials": (
        Answer(301, headers=(("Location", "http://169.254.169.254/latest"),)), "169.254.169.254",
    ),
    "a redirect to a file": (
        Answer(302, headers=(("Location", "file:///etc/hostname"),)), "redirect",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def with_bad_feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Run]]:
    """One run over every bad feed and a good one."""
    with Site() as site:
        newsroom = Newsroom(tmp_path_factory.mktemp("bad") / "newsroom")
        feeds = [
            {"url": site.serve(f"/feed{number}", answer), "name": name}
            for number, (name, (answer, _)) in enumerate(BAD.items())
        ]
        newsroom.rule("ferries.yaml", FERRY_RULE)
        newsroom.watching(
            *feeds,
            {"url": good(site), "name": "Good"},
            polling={"timeout": "2s", "max_bytes": "1MB", "per_host": 16},
        )
        yield newsroom, newsroom.run()


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_feed_is_told_with_its_reason(
    with_bad_feeds: tuple[Newsroom, Run], name: str
) -> None:
    (poll,) = (poll for poll in with_bad_feeds[1].polls if poll.name == name)
    assert BAD[name][1] in str(poll.error)


def test_bad_feeds_hold_up_no_good_one(with_bad_feeds: tuple[Newsroom, Run]) -> None:
    newsroom, run = with_bad_feeds
    assert {poll.name for poll in run.polls if poll.error is None} == {"Good"}
    assert len(newsroom.archive()) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(500, "no"), id="a server error"),
        pytest.param(Answer(200, semantic("x", ("y",))), id="a web page in its place"),
        pytest.param(Answer(200, rss()[:25], RSS), id="an answer cut off at its beginning"),
    ],
)
def test_a_feed_that_comes_back_alerts_what_is_new_since_its_last_good_poll(
    site: Site, newsroom: Newsroom, answer: Answer
) -> None:
    words = ("A ferry was late.", *FERRY.paragraphs)
    old = Item("Old", site.page("/old", semantic("Old", FERRY.paragraphs)))
    new = Item("New", site.page("/new", semantic("New", words)))
    site.serve("/feed", feed(old, tag="a"), answer, feed(new, old, tag="b"))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": 0})
    for _ in range(3):
        newsroom.run()
    assert [line["title"] for line in newsroom.archive()] == ["New"]
    sent = [request.headers.get("if-none-match") for request in site.to("/feed")]
    assert sent == [None, '"a"', '"a"']  # a failure keeps the validators of the last good answer


def test_a_feed_that_is_broken_at_first_makes_its_baseline_when_it_comes(
    site: Site, newsroom: Newsroom
) -> None:
    old = Item("Old", site.page("/old", semantic("Old", FERRY.paragraphs)))
    site.serve("/feed", Answer(500, "no"), feed(old))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": 0})
    newsroom.run()
    run = newsroom.run()
    assert (run.polls[0].new, run.polls[0].pending, newsroom.archive()) == (1, 0, [])


def test_a_body_that_did_not_change_is_never_parsed_again(site: Site, newsroom: Newsroom) -> None:
    address = good(site)
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address)
    first, second = newsroom.run(), newsroom.run()
    assert (set(first.parsed), second.parsed) == ({address}, ())
    assert second.polls[0].outcome.startswith("same content")
    assert len(site.to("/good")) == 2


def test_validators_that_change_with_the_same_body_are_taken_over(
    site: Site, newsroom: Newsroom
) -> None:
    site.serve("/feed", feed(tag="a"), Answer(200, rss(), RSS, (("ETag", '"b"'),)), feed(tag="c"))
    newsroom.watching(f"{site.base}/feed")
    for _ in range(3):
        newsroom.run()
    sent = [request.headers.get("if-none-match") for request in site.to("/feed")]
    assert sent == [None, '"a"', '"b"']


def test_a_feed_that_moved_is_followed(site: Site, newsroom: Newsroom) -> None:
    moves = [301, 302, 303, 307, 308]
    feeds = []
    for status in moves:
        words = (f"Ferry number {status} left.", *FERRY.paragraphs)
        link = site.page(f"/page{status}", semantic(f"Ferry {status} left", words))
        target = site.serve(f"/to{status}", feed(Item(f"Ferry {status} left", link)))
        feeds.append(site.serve(f"/{status}", Answer(status, headers=(("Location", target),))))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(*feeds)
    newsroom.run()
    assert newsroom.run().errors == []
    assert len(newsroom.archive()) == len(moves)
    for status in moves:  # the user's address is asked, whatever it answered before
        assert len(site.to(f"/{status}")) == 2


def test_a_feed_under_two_addresses_alerts_once(site: Site, newsroom: Newsroom) -> None:
    target = good(site)
    address = site.serve("/feed", Answer(301, headers=(("Location", target),)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, target)
    newsroom.run()
    assert len(newsroom.archive()) == 1


PRIVATE = {
    "loopback": ("http://127.0.0.1:{port}/feed", "network.allow_private"),
    "loopback in short": ("http://127.1:{port}/feed", "unusual spelling"),
    "loopback as one number": ("http://2130706433:{port}/feed", "unusual spelling"),
    "loopback inside IPv6": ("http://[::ffff:127.0.0.1]:{port}/feed", "network.allow_private"),
    "loopback by name": ("http://localhost:{port}/feed", "network.allow_private"),
    "this machine's zero address": ("http://0.0.0.0:{port}/feed", "network.allow_private"),
}


def test_private_addresses_are_refused_and_the_errors_name_the_mend(
    site: Site, newsroom: Newsroom
) -> None:
    site.serve("/feed", feed())
    port = site.base.rpartition(":")[2]
    feeds = [{"url": url.format(port=port), "name": name} for name, (url, _) in PRIVATE.items()]
    newsroom.watching(*feeds, network={"allow_private": []})
    errors = {poll.name: str(poll.error) for poll in newsroom.run().polls}
    assert site.asked == []
    assert errors.keys() == PRIVATE.keys()
    for name, (_, told) in PRIVATE.items():
        assert told in errors[name], name


def test_a_server_that_asks_for_rest_gets_it_even_from_a_forced_poll(
    site: Site, newsroom: Newsroom
) -> None:
    wish = (("Retry-After", "3600"),)
    site.serve("/feed", Answer(429, "slowly", headers=wish), feed())
    newsroom.watching(f"{site.base}/feed")
    newsroom.run()
    newsroom.clock.advance(3500)
    assert newsroom.run().polls == ()
    newsroom.clock.advance(200)
    assert len(newsroom.run().polls) == 1
    assert len(site.to("/feed")) == 2


def test_the_feeds_own_password_goes_to_its_own_origin_only(site: Site, newsroom: Newsroom) -> None:
    with Site() as other:
        target = other.serve("/feed", feed())
        address = site.serve("/feed", Answer(302, headers=(("Location", target),)))
        login = {"username": "analyst", "password": "made-up-password"}
        newsroom.watching({"url": address, "auth": login, "headers": {"X-Token": "made-up-token"}})
        newsroom.run()
        (first,), (second,) = site.asked, other.asked
        assert first.headers["authorization"].startswith("Basic ")
        assert first.headers["x-token"] == "made-up-token"
        assert not {"authorization", "x-token", "referer"} & set(second.headers)
