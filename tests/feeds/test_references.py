"""S-39: references that no document may hold cost no feed."""

import pytest

from monitor.feeds.parse import parse_feed

URL = "https://pier-gazette.example/feed"


@pytest.mark.parametrize(
    ("reference", "read"),
    [
        pytest.param("&#55357;&#56832;", "😀", id="S-39 an emoji as two halves"),
        pytest.param("&#xD83D;&#xDE00;", "😀", id="S-39 the same in hexadecimal"),
        pytest.param("&#xD83D;&#xD83D;&#xDE00;", "😀", id="S-39 a half and a whole"),
        pytest.param("&#xD800;", "", id="S-39 half a pair"),
        pytest.param("&#99999999;", "", id="S-39 past the last character"),
        pytest.param("&#x" + "F" * 20 + ";", "", id="S-39 far past it"),
        pytest.param("&#0;&#x1F;", "", id="S-39 controls"),
        pytest.param("&#xFFFE;", "", id="S-39 no character"),
        pytest.param("&#228;&#x10000;", "ä\U00010000", id="what may stand there stays"),
    ],
)
def test_a_reference_that_is_none_costs_no_feed(reference: str, read: str) -> None:
    body = (
        f"<rss version='2.0'><channel><title>Pier</title><item><guid>1</guid>"
        f"<title>a{reference}b</title></item><item><guid>2</guid></item></channel></rss>"
    ).encode()
    feed = parse_feed(body, URL, None)
    assert [(entry.id, entry.title) for entry in feed.entries] == [("1", f"a{read}b"), ("2", "")]
