"""Header fields straight from the wire are read as httpx reads them."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.answers import WireFields

NAMES = st.sampled_from([b"ETag", b"etag", b"Link", b"X-Odd", b"Content-Type"])
VALUES = st.one_of(
    st.binary(max_size=8).map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"")),
    st.sampled_from([b"", b"a, b", '"é"'.encode(), '"é"'.encode("latin-1")]),
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_every_field_is_as_httpx_has_it(raw: list[tuple[bytes, bytes]]) -> None:
    ours, theirs = WireFields(raw), httpx.Headers(raw)
    for name in ("etag", "link", "x-odd", "content-type", "absent"):
        assert ours.get(name) == theirs.get(name)
        assert ours.get_list(name) == theirs.get_list(name)
    assert list(ours.raw) == theirs.raw


@pytest.mark.parametrize("key", ["location", "content-length"])
def test_what_did_not_come_is_none(key: str) -> None:
    assert WireFields([(b"ETag", b'"1"')]).get(key) is None
