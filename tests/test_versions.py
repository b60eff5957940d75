"""S-94: libraries that are too old are told in a sentence each."""

import pytest

from monitor.versions import installed, unfit

FINE = {
    "python": "3.11.10", "jinja2": "3.1.6", "urllib3": "2.8.0", "aiohttp": "3.14.5",
    "lxml": "6.1.3", "expat": "2.5.0", "sqlite": "3.51.3",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told", "must"),
    [
        pytest.param({}, "", False, id="S-94 everything is new enough"),
        pytest.param({"jinja2": "3.1.5"}, "jinja2 3.1.5 is older than 3.1.6", True, id="S-94 Jinja"),
        pytest.param({"urllib3": "2.6.3"}, "urllib3 2.6.3 is older", False, id="S-94 urllib3"),
        pytest.param({"expat": "2.4.0"}, "expat 2.4.0 is older", True, id="S-94 expat"),
        pytest.param({"sqlite": "3.40.1"}, "sqlite 3.40.1 is older", False, id="S-94 SQLite"),
        pytest.param({"python": "3.11.7"}, "python 3.11.7 has a known fault", False, id="S-94 mail"),
        pytest.param({"python": "3.12.4"}, "python 3.12.4 has", False, id="S-94 mail on 3.12"),
        pytest.param({"python": "3.12.5"}, "", False, id="mended on 3.12"),
        pytest.param({"python": "3.14.0"}, "", False, id="a Python that never had the fault"),
        pytest.param({"urllib3": "2.10.0"}, "", False, id="ten is more than seven"),
        pytest.param({"jinja2": "3.1.6rc1"}, "", False, id="a release candidate counts as it"),
        pytest.param({"jinja2": "unknown"}, "", False, id="what cannot be read is not told"),
        pytest.param({"jinja2": ""}, "", False, id="what is not there is not told"),
        pytest.param({"lxml": "5.1"}, "lxml 5.1 is older than 5.2.0", False, id="two numbers"),
    ],
)  # fmt: skip
def test_what_is_too_old_is_told(changes: dict[str, str], told: str, must: bool) -> None:
    found = unfit({**FINE, **changes})
    assert [one.must for one in found] == ([must] if told else [])
    for one in found:
        assert one.text.startswith(told)


def test_what_is_installed_here_is_known() -> None:
    found = installed(sqlite="3.40.1")
    assert {"python", "aiohttp", "lxml", "expat", "sqlite"} <= found.keys()
    assert not [one.text for one in unfit(found) if one.must]
