"""``source:`` and ``expires``: what a rule asks of an article beside its words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.rules.conditions import expired, refusal
from monitor.rules.examples import run_examples
from tests.rules.build import article, loaded

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def conditions(text: str):  # type: ignore[no-untyped-def]  # SourceConditions
    (rule,) = loaded(f"match: [a1]\nsource: {text}").rules
    return rule.source


@pytest.mark.parametrize(
    ("wanted", "fields", "feed", "reason"),
    [
        pytest.param("{languages: [en, fr]}", {"language": "fr"}, None, None, id="a language that is asked for"),
        pytest.param("{languages: [en]}", {"language": "en-GB"}, None, None, id="a region does not matter"),
        pytest.param("{languages: [en]}", {"language": "de"}, None, "language is de", id="another language"),
        pytest.param("{languages: [en]}", {}, None, None, id="an unknown language is not held against it"),
        pytest.param("{feeds: [Example News]}", {"source": "Example News"}, None, None, id="a feed by its name"),
        pytest.param("{feeds: [example*]}", {"source": "Example News"}, None, None, id="a pattern of names"),
        pytest.param("{feeds: ['https://e.example/f']}", {"source": "E"}, "https://e.example/f", None, id="a feed by its address"),
        pytest.param("{feeds: [Other]}", {"source": "Example News"}, None, "came from Example News", id="another feed"),
        pytest.param("{tags: [eu]}", {"tags": ("EU", "law")}, None, None, id="a tag in any case"),
        pytest.param("{tags: [eu]}", {"tags": ("us",)}, None, "none of the tags eu", id="other tags"),
        pytest.param("{max_age: 48h}", {"published": NOW - timedelta(hours=47)}, None, None, id="young enough"),
        pytest.param("{max_age: 48h}", {"published": NOW - timedelta(hours=49)}, None, "older than", id="too old"),
        pytest.param("{max_age: 48h}", {}, None, None, id="an unknown time is not held against it"),
        pytest.param("{min_words: 3}", {"text": "one two three"}, None, None, id="long enough"),
        pytest.param("{min_words: 3}", {"text": "one two"}, None, "has 2 words", id="too short"),
    ],
)  # fmt: skip
def test_source_conditions(
    wanted: str, fields: dict[str, object], feed: str | None, reason: str | None
) -> None:
    found = refusal(conditions(wanted), article(**fields), feed, NOW)
    assert found is None if reason is None else (found is not None and reason in found)


@pytest.mark.parametrize(
    ("today", "rests"),
    [
        pytest.param(date(2027, 6, 30), False, id="it runs on its last day"),
        pytest.param(date(2027, 7, 1), True, id="it rests after it"),
    ],
)
def test_expiry(today: date, rests: bool) -> None:
    (rule,) = loaded("match: [a1]\nexpires: 2027-06-30").rules
    assert (expired(rule.expires, today) is not None) is rests


@pytest.mark.parametrize(
    ("test", "passed"),
    [
        pytest.param("- fires: a1", True, id="a condition on a field that the test does not state is not judged"),
        pytest.param("- fires: {body: a1, language: de}", False, id="a stated field is judged"),
        pytest.param("- silent: {body: a1, language: de}", True, id="and may be what keeps it silent"),
    ],
)  # fmt: skip
def test_tests_judge_conditions_on_stated_fields_only(test: str, passed: bool) -> None:
    rules = loaded(
        f"match: [a1]\nsource: {{languages: [en], feeds: [X], min_words: 1}}\ntests:\n{test}"
    )
    (outcome,) = run_examples(rules.rules)
    assert outcome.passed is passed, outcome.message
