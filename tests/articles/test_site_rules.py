"""What a user says about a site is done, and what cannot be done is told."""

import pytest

from monitor.articles.extract import extract_page
from monitor.articles.reading import Origin
from monitor.articles.site_rules import SiteRules, selector_problem

URL = "https://pier-gazette.example/news/1"
STORY = "The harbour city council approved a floating library on Tuesday after a long debate. " * 4
OTHER = "Lumen has agreed to buy Northgate in a deal that was announced on the same evening. " * 4
PAGE = (
    f"<html lang=en><head><title>T</title></head><body><div id=a><h2>Sub</h2><p>{STORY}</p><p class=x>{OTHER}</p></div>"
    f"<div id=b><p>{OTHER}</p><ul><li>{OTHER}</li></ul></div></body></html>"
).encode()


@pytest.mark.parametrize(
    ("rules", "has", "has_not"),
    [
        pytest.param(SiteRules(include="#a"), "library", "", id="include"),
        pytest.param(SiteRules(include="#a", remove=".x"), "library", "Lumen", id="and remove"),
        pytest.param(SiteRules(remove="#b, .x"), "library", "Lumen", id="remove alone"),
        pytest.param(SiteRules(include="#b"), "Lumen", "library", id="another element"),
        pytest.param(SiteRules(include="div p.x"), "Lumen", "library", id="a path"),
        pytest.param(SiteRules(include="body, #a", remove="#b, .x"), "library", "Lumen", id="one in the other"),
    ],
)  # fmt: skip
def test_rules_are_obeyed(rules: SiteRules, has: str, has_not: str) -> None:
    found = extract_page(PAGE, URL, None, rules)
    assert has in found.text
    assert not has_not or has_not not in found.text
    assert found.text.count(STORY.strip()) <= 1
    assert (found.origin is Origin.SETTINGS) == (rules.include is not None)


def test_include_keeps_paragraphs_apart() -> None:
    found = extract_page(PAGE, URL, None, SiteRules(include="#a"))
    assert found.text.split("\n\n") == ["Sub", STORY.strip(), OTHER.strip()]


def test_an_include_that_finds_nothing_is_told_and_the_default_is_used() -> None:
    found = extract_page(PAGE, URL, None, SiteRules(include=".gone"))
    assert "library" in found.text
    assert "extract.include found nothing" in found.reason


@pytest.mark.parametrize(
    ("selector", "good"),
    [
        pytest.param("article", True, id="a name"),
        pytest.param(".related, #promo > p:first-child", True, id="classes and paths"),
        pytest.param('div[data-x="1"]', True, id="an attribute"),
        pytest.param("", False, id="empty"),
        pytest.param("..related", False, id="two dots"),
        pytest.param("div[", False, id="an open bracket"),
        pytest.param("p::before", False, id="a pseudo-element"),
        pytest.param("x" * 501, False, id="too long"),
    ],
)
def test_selectors(selector: str, good: bool) -> None:
    problem = selector_problem(selector)
    assert (problem is None) is good
    if not good:
        with pytest.raises(ValueError, match=r"selector"):
            extract_page(PAGE, URL, None, SiteRules(remove=selector))
