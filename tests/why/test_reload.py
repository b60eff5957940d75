"""A running program whose rule files are saved: what it says, and what it goes on with."""

import asyncio
import logging

import pytest

from monitor.app import App
from monitor.model import Article
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY, INQUIRY

TESTED = 'id: ferries\nmatch: [{}]\ntests:\n  - fires: "A ferry in fog."\n'


def test_a_saved_rule_says_what_it_would_have_done(
    site: Site, newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    items = (
        Item(FERRY.title, site.page("/ferry", semantic(FERRY.title, FERRY.paragraphs))),
        Item(INQUIRY.title, site.page("/inquiry", semantic(INQUIRY.title, INQUIRY.paragraphs))),
    )
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(site.serve("/feed", feed(*items))).run()
    newsroom.watching()
    caplog.set_level(logging.INFO)
    said: list[str] = []

    async def saving(app: App) -> None:
        for name, text in (
            ("inquiry.yaml", "id: inquiry\nmatch: [inquiry]\n"),
            ("ferries.yaml", TESTED.format("fog")),
            ("ferries.yaml", TESTED.format("zeppelin")),
        ):
            caplog.clear()
            newsroom.rule(name, text)
            await app.reload()
            await asyncio.gather(*app._saved._telling)
            said.append(
                "\n".join(f"{r.getMessage()} {getattr(r, 'fields', '')}" for r in caplog.records)
            )
            assert app.tools.live.book.match(Article("a", "", "", "A ferry in fog."))

    newsroom.run(saving)
    loaded, changed, refused = said
    assert "rule loaded" in loaded and "'would_have_fired': '1 time in 30 days'" in loaded
    assert "rule changed" in changed and "1 test passes" in changed
    assert "'would_have_fired': '1 time in 30 days (+0 -0)'" in changed
    assert "ferries.yaml:4:5: the test fails: ferries should fire and is silent" in refused
    assert "the last good version runs on" in refused
    assert "rule changed" not in refused
