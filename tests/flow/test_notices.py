"""What the program says about itself reaches people, by the way of every other message."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.app import App
from monitor.health.notices import Notice
from monitor.health.telling import hearers
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Site, feed

BROKEN = Notice(
    "feed https://news.example/rss", "Example cannot be read", "It answers 500.",
    datetime(2026, 11, 2, tzinfo=UTC),
)  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "wanted", "heard"),
    [
        pytest.param("feed x", None, ["screen", "desk"], id="without a wish everyone hears"),
        pytest.param("feed x", ("desk",), ["desk"], id="those whom the operator names"),
        pytest.param("feed x", (), [], id="nobody but the log"),
        pytest.param("feed x", ("gone",), [], id="a notifier that is no more"),
        pytest.param("channel desk", None, ["screen"], id="a dead channel is not told of itself"),
        pytest.param("channel desk", ("desk",), [], id="not even where it alone is named"),
        pytest.param("loop", None, [], id="a busy minute wakes nobody"),
    ],
)
def test_who_hears_of_trouble(
    subject: str, wanted: tuple[str, ...] | None, heard: list[str]
) -> None:
    assert hearers(replace(BROKEN, subject=subject), wanted, ["screen", "desk"]) == heard


def test_a_notice_is_delivered_once(site: Site, newsroom: Newsroom) -> None:
    newsroom.watching(site.serve("/feed", feed()))

    async def tell_twice(app: App) -> None:
        for _ in range(2):
            app.teller.tell(replace(BROKEN, since=newsroom.clock()))
        await app.teller.idle()
        await app.deliverer.idle()

    newsroom.run(tell_twice)
    (line,) = newsroom.archive()
    assert (line["kind"], line["title"]) == ("notice", "Example cannot be read")
