"""``alerts``: what waits for a digest, what a digest held, what an update goes on from."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli_stories.conftest import RULE, Lived, live
from tests.flow.deals import FIRST
from tests.flow.newsroom import Newsroom

DIGEST: dict[str, Any] = {"routes": [{"notify": ["archive"], "digest": "08:00"}]}


def alerts_by_kind(lived: Lived) -> dict[str, dict[str, Any]]:
    return {alert["kind"]: alert for alert in lived.call("alerts", "--json").documents}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(Newsroom(tmp_path_factory.mktemp("waiting") / "room"), **DIGEST)


def test_what_waits_for_a_digest_says_until_when(waiting: Lived) -> None:
    listed = waiting.call("alerts", "list")
    assert listed.code == 0
    assert "  archive: waits for " in listed.out
    assert " 08:00 (in the digest of " in listed.out
    alert = alerts_by_kind(waiting)["alert"]
    assert alert["deliveries"] == []
    (item,) = alert["waits"]
    assert item.keys() == {"notifier", "plan", "reason", "due_at", "rules", "digest"}
    assert (item["notifier"], item["plan"], item["digest"]) == ("archive", "08:00", None)
    shown = waiting.call("alerts", "show", str(alert["id"]))
    assert "\narchive: waits for " in shown.out


def test_a_digest_shows_its_alerts_and_they_name_it(tmp_path: Path) -> None:
    lived = live(Newsroom(tmp_path / "room"), **DIGEST)
    lived.newsroom.clock.advance(25 * 3600)
    lived.newsroom.run()
    found = alerts_by_kind(lived)
    digest = str(found["digest"]["id"])
    shown = lived.call("alerts", "show", digest[:8])
    assert shown.code == 0
    assert "digest: the digest of 08:00" in shown.out
    assert FIRST[0] in shown.out
    assert f"  deal, story {lived.deal}" in shown.out
    (document,) = lived.call("alerts", "show", digest, "--json").documents
    assert {item["story"] for item in document["items"]} == {lived.deal, lived.ferry}
    assert document["deliveries"][0]["state"] == "sent"
    one = lived.call("alerts", "show", str(found["alert"]["id"]))
    assert f"archive: told in digest {digest}" in one.out
    listed = lived.call("alerts")
    assert "digest: 2 reports" in listed.out
    assert f"{digest}  " in listed.out and "  deal\n" in listed.out, "the rules of its alerts"


def test_an_update_names_the_alert_that_it_goes_on_from(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "room")
    newsroom.config["notifiers"] = {"out": {"type": "feed", "path": "public/", "fuse": "off"}}
    lived = live(newsroom)
    found = alerts_by_kind(lived)
    update = found["update"]
    first = [
        alert for alert in lived.call("alerts", "--json").documents
        if alert["id"] == update["follows"]
    ]  # fmt: skip
    assert first[0]["title"].startswith(FIRST[0])
    shown = lived.call("alerts", "show", str(update["id"]))
    assert f"goes on from alert {update['follows']} of " in shown.out
    assert f"story {lived.deal}, 2 articles when this was written" in shown.out


def test_a_rule_shows_for_what_it_tells_again_and_its_limit(tmp_path: Path) -> None:
    lived = live(Newsroom(tmp_path / "room"))
    again = "alert: {again: [new_figures, tier, sources: 5, after: 12h], max_per_day: 3}\n"
    lived.newsroom.rule("deal.yaml", RULE + again)
    plain = lived.call("rules", "show", "deal")
    assert (
        "a story is told again for a new figure, or an outlet of a better tier, or 5 outlets, or "
        "12 hours since the last alert\nat most 3 alerts a day;"
    ) in plain.out
    (document,) = lived.call("rules", "show", "deal", "--json").documents
    assert document["again"] == {"new_figures": True, "tier": True, "sources": 5, "after": 43200.0}
    assert document["max_per_day"] == 3
