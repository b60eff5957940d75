"""An alerted article that its outlet corrects: recorded, and told where a rule asks for it."""

import pytest

from monitor.app import App
from monitor.pipeline.corrections import recheck_articles
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Item, Site, feed, semantic

TITLE = "Ferry line buys two ships"
TEXT = (
    "The ferry line paid 40 million euros for two ships on Monday, its director said on the pier.",
    "They will sail from spring, and the islands get a boat every hour instead of one every day.",
)


async def look_again(app: App) -> None:
    await recheck_articles(app.tools)
    app.deliverer.kick()
    await app.deliverer.idle()


@pytest.mark.parametrize(
    ("again", "told"),
    [
        pytest.param("alert: {again: [corrections]}\n", 2, id="a rule that asks for it tells it"),
        pytest.param("", 1, id="else it is recorded only"),
    ],
)
def test_a_corrected_figure(site: Site, newsroom: Newsroom, again: str, told: int) -> None:
    page = site.page("/page", semantic(TITLE, TEXT))
    newsroom.rule("ferries.yaml", f"id: ferries\nmatch: [ferry]\n{again}")
    newsroom.watching(site.serve("/feed", feed(Item(TITLE, page))))
    newsroom.run()
    (first,) = newsroom.archive()
    site.page("/page", semantic(TITLE, (TEXT[0].replace("40", "14"), TEXT[1])))

    newsroom.run(look_again)  # not due yet
    assert len(newsroom.archive()) == 1
    for hours in (1, 6, 24, 48):  # known by the second look; the last one is one too many
        newsroom.clock.advance(3600 * hours)
        newsroom.run(look_again)
    lines = newsroom.archive()
    assert len(lines) == told
    assert len(site.to("/page")) == 4
    if told == 2:
        assert lines[1]["kind"] == "update"
        assert lines[1]["follows"] == first["id"]
        assert "14 million" in str(lines[1]["because"])


def test_a_page_that_is_gone_changes_nothing(site: Site, newsroom: Newsroom) -> None:
    page = site.page("/page", semantic(TITLE, TEXT))
    newsroom.rule("ferries.yaml", "id: ferries\nmatch: [ferry]\nalert: {again: [corrections]}\n")
    newsroom.watching(site.serve("/feed", feed(Item(TITLE, page))))
    newsroom.run()
    site.page("/page", semantic("Page not found", ("Error 404: there is nothing here.",)))
    newsroom.clock.advance(3700)
    newsroom.run(look_again)
    assert len(newsroom.archive()) == 1
