"""The two shipped rules on reports and near-misses that their own tests do not name."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.rulefiles import find, read_rule_files
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.load import load

ROOT = Path(__file__).parents[2]
REPORTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "reports.yaml").read_text(encoding="utf-8")
)


def _book() -> RuleBook:
    sources, _ = read_rule_files(find([ROOT / "rules"]), ROOT)
    return RuleBook(load(sources).rules)


BOOK = _book()


def fired(title: str, text: str) -> set[str]:
    return {match.rule_id for match in BOOK.match(Article("a", "", title, text))}


def wanted(report: dict[str, Any]) -> set[str]:
    named = {"microsoft-mistral": report["microsoft"], "eu-antitrust-ai": report["eu"]}
    return {rule for rule, fires in named.items() if fires}


def _id(report: dict[str, Any]) -> str:
    return f"{report['title']} fires {', '.join(sorted(wanted(report))) or 'nothing'}"


@pytest.mark.parametrize("report", REPORTS, ids=_id)
def test_reports_and_near_misses(report: dict[str, Any]) -> None:
    assert fired(report["title"], report["body"]) == wanted(report)


def test_the_reports_are_of_every_kind() -> None:
    assert sum(report["microsoft"] for report in REPORTS) >= 20
    assert sum(report["eu"] for report in REPORTS) >= 20
    assert sum(not wanted(report) for report in REPORTS) >= 35


@given(st.sampled_from([r for r in REPORTS if wanted(r)]), st.integers(1, 3))
def test_an_unrelated_last_paragraph_takes_no_report_away(
    report: dict[str, Any], count: int
) -> None:
    tail = "\n\n".join(["The harbour counted nine ships."] * count)
    assert fired(report["title"], f"{report['body']}\n\n{tail}") >= wanted(report)


@given(st.sampled_from([r for r in REPORTS if not wanted(r)]))
def test_an_unrelated_last_paragraph_makes_no_false_alarm(report: dict[str, Any]) -> None:
    tail = "The harbour counted nine ships."
    assert fired(report["title"], f"{report['body']}\n\n{tail}") == set()


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("", "", id="an empty article is silent"),
        pytest.param("Microsoft", "Mistral AI", id="names in two fields are no relation"),
        pytest.param("EU antitrust", "AI deal", id="title and text are not one sentence"),
        pytest.param("microsoft " * 2000, "mistral " * 2000, id="a flood of names is silent"),
    ],
)
def test_odd_articles_are_silent(title: str, text: str) -> None:
    assert fired(title, text) == set()
