"""Which rules a big story mutes."""

import pytest

from monitor.alerts.inhibition import muted
from monitor.alerts.routes import Conditions
from monitor.alerts.standing import StoryStanding
from tests.alerts.newsroom import level, route, rule, story, told

BY_URGENT = level("urgent")
BY_DEALS = Conditions(labels=(("desk", ("deals",)),))


@pytest.mark.parametrize(
    ("by", "who", "standing", "is_muted"),
    [
        pytest.param(BY_URGENT, "normal", story(told("urgent")), True, id="an urgent rule told the story"),
        pytest.param(BY_DEALS, "normal", story(told("urgent")), True, id="a rule with the label told it"),
        pytest.param(BY_URGENT, "normal", story(told("info")), False, id="another rule told it"),
        pytest.param(BY_URGENT, "normal", story(), False, id="nobody told it"),
        pytest.param(BY_URGENT, "normal", None, False, id="no story"),
        pytest.param(None, "normal", story(told("urgent")), False, id="the route mutes nothing"),
        pytest.param(BY_URGENT, "urgent", story(told("urgent")), False, id="an urgent rule is not muted"),
        pytest.param(Conditions(rules=("*",)), "normal", story(told("urgent")), False,
                     id="a rule that fits itself is not muted"),
    ],
)  # fmt: skip
def test_muting(
    by: Conditions | None, who: str, standing: StoryStanding | None, is_muted: bool
) -> None:
    found = muted(rule(who), route("desk", name="keywords", muted_by=by), standing)
    assert (found is not None) is is_muted


def test_the_reason_names_rule_story_and_alert() -> None:
    found = muted(rule(), route(name="keywords", muted_by=BY_URGENT), story(told("urgent")))
    assert (
        found
        == "urgent has alerted story s1 (alert alert-urgent), which mutes other rules of keywords"
    )
