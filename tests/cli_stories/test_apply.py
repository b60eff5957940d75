"""``rules apply`` on stories: a rule that came later tells each story once, its first report."""

import pytest

from tests.cli_stories.conftest import Lived
from tests.flow.deals import FERRY, FIRST, SECOND

NEW = "id: new\nmatch: {any: [Calliope, ferry]}\n"


def test_a_rule_that_came_later_tells_each_story_once(lived: Lived) -> None:
    lived.newsroom.rule("new.yaml", NEW)
    (shown,) = lived.call("rules", "apply", "new", "--json").documents
    (sent,) = lived.call("rules", "apply", "new", "--send", "--json").documents
    for document in (shown, sent):
        assert [alert["title"].partition(" - ")[0] for alert in document["alerts"]] == [
            FERRY[0], FIRST[0],
        ]  # fmt: skip
        (silent,) = document["silent"]
        assert silent["title"].startswith(SECOND[0])
        assert silent["reason"] == "already alerted"
        assert silent["detail"].startswith(f"joined story {lived.deal}")
    (again,) = lived.call("rules", "apply", "new", "--send", "--json").documents
    assert (again["sent"], again["alerts"]) == (0, [])


@pytest.mark.parametrize(
    ("routes", "sent"),
    [
        pytest.param([{"notify": ["archive"], "digest": "08:00"}], 2,
                     id="nobody is made to wait for what a person asks for"),
        pytest.param([{"match": {"desk": "sport"}, "notify": ["archive"]}], 0,
                     id="but routes decide who is told"),
    ],
)  # fmt: skip
def test_routes_decide_who_is_told_of_what_is_applied(
    lived: Lived, routes: list[dict[str, object]], sent: int
) -> None:
    lived.newsroom.rule("new.yaml", NEW).watching(routes=routes).files()
    (document,) = lived.call("rules", "apply", "new", "--send", "--json").documents
    assert document["sent"] == sent
    alerts = lived.call("alerts", "--json", "--rule", "new").documents
    assert all(alert["deliveries"][0]["state"] == "pending" for alert in alerts)
    assert len(alerts) == sent


def test_a_rule_that_told_a_story_has_nothing_to_add(lived: Lived) -> None:
    (document,) = lived.call("rules", "apply", "deal", "--json").documents
    assert (document["alerts"], document["alerted_before"]) == ([], 2)
