"""What a feed asks for, from its answer to what is stored of it, through the whole program."""

import pytest

from monitor.store import open_store
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import RSS, Answer, Site

HUB = "https://hub.example/"
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
INSIDE = f'<atom:link {ATOM} rel="hub" href="https://inside.example/"/>'
HEADER = (("Link", f'<{HUB}>; rel="hub", </topic>; rel="self"'),)


@pytest.mark.parametrize(
    ("head", "headers", "hub", "topic"),
    [
        pytest.param(INSIDE, (), "https://inside.example/", None, id="a hub in the document"),
        pytest.param("", HEADER, HUB, "/topic", id="a hub in the header"),
        pytest.param(INSIDE, HEADER, HUB, "/topic", id="the header goes before the document"),
        pytest.param(
            "<rating>a &nbsp; b</rating>", HEADER, HUB, "/topic", id="a header of a damaged feed"
        ),
        pytest.param("", (), None, None, id="no hub"),
    ],
)
def test_hub_and_hours_are_remembered(
    site: Site,
    newsroom: Newsroom,
    head: str,
    headers: tuple[tuple[str, str], ...],
    hub: str | None,
    topic: str | None,
) -> None:
    body = (
        f"<rss version='2.0'><channel><title>Pier</title>{head}<skipHours><hour>3</hour></skipHours>"
        "<item><guid>1</guid></item></channel></rss>"
    )
    address = site.serve("/feed", Answer(200, body, RSS, headers))
    newsroom.watching(address)
    assert newsroom.run().errors == []
    store = open_store(newsroom.folder / "data", read_only=True)
    (state,) = store.all_feed_states()
    store.close()
    memory = state.memory
    assert (memory.hub, memory.topic) == (hub, topic and site.base + topic)
    assert memory.skip_hours == (3,)
