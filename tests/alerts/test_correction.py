"""What counts as a correction, and who is told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.correction import corrected, next_recheck, told_again
from monitor.model import Alert, Article, Hit, Level, MessageKind
from monitor.rules.alertsettings import Again
from monitor.rules.rule import Rule
from tests.rules.build import loaded

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
TITLE = "Ferry line buys two ships"
TEXT = (
    "The ferry line paid 40 million euros for two ships on Monday.\n\n"
    "They will sail from spring. Its director spoke of a good day for the islands."
)


def article(title: str = TITLE, text: str = TEXT) -> Article:
    return Article("a", "https://news.example/a", title, text)


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        pytest.param(TITLE, TEXT, None, id="nothing"),
        pytest.param(TITLE, TEXT.replace("40", "14"), "gone: “The ferry line paid 40 million euros for two ships on Monday.”; new: “The ferry line paid 14 million euros for two ships on Monday.”", id="another figure"),
        pytest.param("Ferry line buys three ships", TEXT, "headline “Ferry line buys two ships” became “Ferry line buys three ships”", id="another headline"),
        pytest.param("FERRY LINE BUYS TWO SHIPS!", TEXT, None, id="a headline in capitals is the same words"),
        pytest.param(TITLE, TEXT.replace("good", "great"), None, id="another word without a number"),
        pytest.param(TITLE, TEXT + "\n\nIn May 300 people protested.", None, id="a live page that grows"),
        pytest.param(TITLE, "Our site has moved. Error 404. Try the 12 newest reports.", None, id="another page altogether"),
        pytest.param(TITLE, "", None, id="no text this time"),
        pytest.param("", TEXT, None, id="no headline this time"),
        pytest.param("", "", None, id="an empty page"),
    ],
)  # fmt: skip
def test_what_counts(title: str, text: str, said: str | None) -> None:
    found = corrected(article(), article(title, text))
    assert (None if found is None else str(found)) == (said and f"corrected: {said}")


def rule(rule_id: str, *, tells: bool) -> Rule:
    (made,) = loaded(f"id: {rule_id}\nmatch: [ferry]\n" + (
        "alert: {again: [corrections]}\n" if tells else "")).rules  # fmt: skip
    assert made.again == Again(corrections=tells)
    return made


@pytest.mark.parametrize(
    ("tells", "hits"),
    [
        pytest.param({"a": True, "b": False}, ["a"], id="the rules that ask for it"),
        pytest.param({"a": False, "b": False}, None, id="none asks for it"),
        pytest.param({}, None, id="the rules are gone"),
    ],
)
def test_who_is_told(tells: dict[str, bool], hits: list[str] | None) -> None:
    named = tuple(Hit(name, name, Level.NORMAL, "a word", ()) for name in "ab")
    first = Alert("f", "a", TITLE, "https://news.example/a", "Example", None, NOW, named)
    change = corrected(article(), article("Ferry line buys three ships"))
    assert change is not None
    rules = {name: rule(name, tells=wish) for name, wish in tells.items()}
    alert = told_again(first, change, rules, NOW + timedelta(hours=1))
    assert (None if alert is None else [hit.rule_id for hit in alert.hits]) == hits
    if alert is not None:
        assert (alert.kind, alert.follows) == (MessageKind.UPDATE, "f")
        assert alert.because.startswith("corrected: headline")
        assert alert.title == "Ferry line buys three ships"
        assert alert == told_again(first, change, rules, NOW + timedelta(hours=1))


def test_a_page_is_read_three_times() -> None:
    assert [next_recheck(NOW, done) for done in range(4)] == [
        NOW + timedelta(hours=1), NOW + timedelta(hours=6), NOW + timedelta(hours=24), None,
    ]  # fmt: skip
