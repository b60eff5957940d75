"""Feeds that are broken, moved, unchanged or forbidden: told per feed, and the others go on."""

import gzip

import pytest

from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import RSS, Answer, Item, Site, feed, rss, semantic
from tests.flow.reports import FERRY


def good(site: Site, path: str = "/good") -> str:
    """A feed with one report that alerts."""
    link = site.page(f"{path}/page", semantic(FERRY.title, FERRY.paragraphs))
    return site.serve(path, feed(Item(FERRY.title, link)))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(Answer(404, "no"), "404", id="404"),
        pytest.param(Answer(410, "no"), "410", id="gone"),
        pytest.param(Answer(401, "no"), "401", id="asks for a password"),
        pytest.param(Answer(500, "no"), "500", id="500"),
        pytest.param(Answer(429, "no"), "429", id="asked too often"),
        pytest.param(Answer(200, "", RSS), "empty", id="an empty answer"),
        pytest.param(
            Answer(200, semantic("Log in", ("Please log in.",))), "not a feed", id="a web page"
        ),
        pytest.param(Answer(200, "%PDF-1.7", "application/pdf"), "not a feed", id="a PDF"),
        pytest.param(Answer(200, '{"a": 1}', "application/json"), "not a JSON Feed", id="other JSON"),
        pytest.param(Answer(silent=True), "longer than 1 seconds", id="no answer in time"),
        pytest.param(
            Answer(200, b"\x1f\x8b broken", RSS, (("Content-Encoding", "gzip"),)), "not a feed",
            id="a broken compression",
        ),
        pytest.param(
            Answer(200, gzip.compress(b"x" * 3_000_000), RSS, (("Content-Encoding", "gzip"),)),
            "larger", id="a compression bomb",
        ),
        pytest.param(Answer(302, headers=(("Location", "/feed"),)), "circle", id="a circle"),
        pytest.param(
            Answer(301, headers=(("Location", "http://169.254.169.254/latest"),)),
            "169.254.169.254", id="a redirect to a cloud's credentials",
        ),
        pytest.param(
            Answer(302, headers=(("Location", "file:///etc/hostname"),)), "redirect",
            id="a redirect to a file",
        ),
    ],
)  # fmt: skip
def test_a_bad_feed_is_told_and_holds_up_no_other(
    site: Site, newsroom: Newsroom, answer: Answer, told: str
) -> None:
    bad = site.serve("/feed", answer)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(
        {"url": bad, "name": "Bad"}, good(site), polling={"timeout": "1s", "max_bytes": "1MB"}
    )
    run = newsroom.run()
    (error,) = run.errors
    assert told in error
    assert {poll.name for poll in run.polls if poll.error} == {"Bad"}
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
    assert (len(first.parsed), len(second.parsed)) == (1, 0)
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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_feed_that_moved_is_followed(site: Site, newsroom: Newsroom, status: int) -> None:
    target = good(site)
    address = site.serve("/feed", Answer(status, headers=(("Location", target),)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address)
    newsroom.run()
    newsroom.run()
    assert len(newsroom.archive()) == 1
    assert len(site.to("/feed")) == 2  # the user's address is asked, whatever it answered before


def test_a_feed_under_two_addresses_alerts_once(site: Site, newsroom: Newsroom) -> None:
    target = good(site)
    address = site.serve("/feed", Answer(301, headers=(("Location", target),)))
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(address, target)
    newsroom.run()
    assert len(newsroom.archive()) == 1


MEND = "network.allow_private"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        pytest.param("http://127.0.0.1:{port}/feed", MEND, id="loopback"),
        pytest.param("http://127.1:{port}/feed", "unusual spelling", id="loopback in short"),
        pytest.param("http://2130706433:{port}/feed", "unusual spelling", id="as one number"),
        pytest.param("http://[::ffff:127.0.0.1]:{port}/feed", MEND, id="loopback inside IPv6"),
        pytest.param("http://localhost:{port}/feed", MEND, id="loopback by name"),
        pytest.param("http://0.0.0.0:{port}/feed", MEND, id="this machine's zero address"),
    ],
)
def test_a_private_address_is_refused_and_the_error_names_the_mend(
    site: Site, newsroom: Newsroom, address: str, told: str
) -> None:
    site.serve("/feed", feed())
    port = site.base.rpartition(":")[2]
    newsroom.watching(address.format(port=port), network={"allow_private": []})
    run = newsroom.run()
    assert site.asked == []
    (error,) = run.errors
    assert told in error


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
