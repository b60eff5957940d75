"""A message in every form: what it says, and that nothing in it can act."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.alerts.escape import clean, cut, host_of, link, runs
from monitor.alerts.render import (
    html,
    payload,
    reply_subject,
    slack_payload,
    slack_plain_payload,
    subject,
    text,
)
from monitor.model import Alert, Hit, Level, MessageKind, Quality, Snippet, StoryNote
from tests.notifiers.blockkit import problems
from tests.notifiers.samples import (
    ALERT,
    BAD_LINKS,
    DIGEST,
    FULLEST,
    HOSTILE,
    NOTICE,
    POOR,
    TOLD,
    UPDATE,
    URGENT,
    everywhere,
    in_kind,
)

ALLOWED_TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "div",
    "h1",
    "p",
    "blockquote",
} | {
    "b",
    "br",
    "span",
    "a",
}


class Reader(HTMLParser):
    """Collects tags, links and visible words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.styles = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.styles = tag == "style"
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if not self.styles:
            self.words += data


FORM: dict[str, Callable[[Alert], str]] = {
    "text": text,
    "html": lambda alert: Reader(html(alert)).words,
    "slack": lambda alert: json.dumps(slack_payload(alert), ensure_ascii=False),
    "slack plain": lambda alert: str(slack_plain_payload(alert)["text"]),
    "json": lambda alert: json.dumps(payload(alert), ensure_ascii=False),
}
FORMS = list(FORM)


def forms(alert: Alert) -> dict[str, str]:
    """What a reader sees of ``alert`` in each channel."""
    return {name: shown(alert) for name, shown in FORM.items()}


@pytest.mark.parametrize("form", FORMS)
def test_a_message_says_what_where_when_and_why(form: str) -> None:
    shown = re.sub(r"\s+", " ", FORM[form](ALERT))
    for part in ("Sample Software puts money into Model Works", "Example News", "Sample Herald"):
        assert part in shown
    assert "8 words apart" in shown
    assert "2026" in shown
    assert "City Wire" in shown
    if form == "json":
        assert "3fa9c1d27b" in shown
    else:
        command = "news-monitor why 'https://www.example.org/tech/model-works?page=1'"
        assert command in shown


@pytest.mark.parametrize("form", FORMS)
def test_urgent_is_visible_and_normal_is_not_marked(form: str) -> None:
    assert "urgent" in FORM[form](URGENT).lower()
    assert "urgent" not in FORM[form](ALERT).lower()


@pytest.mark.parametrize("form", FORMS)
def test_a_summary_and_a_possible_duplicate_are_told(form: str) -> None:
    shown = re.sub(r"\s+", " ", FORM[form](POOR)).lower()
    assert "the page answered 403" in shown
    assert "possible duplicate" in shown or '"possible_duplicate": true' in shown
    assert "possible duplicate" not in FORM[form](ALERT).lower()


def test_hits_are_marked_in_each_channel() -> None:
    assert "*Sample Software* said" in text(ALERT)
    assert re.search(r'<b class="hit"[^>]*>Sample Software</b> said', html(ALERT))
    assert '{"type": "text", "text": "Sample Software", "style": {"bold": true}}' in json.dumps(
        slack_payload(ALERT)
    )
    rule = payload(ALERT)["rules"][0]  # type: ignore[index]  # JSON-ready values
    sentence = rule["snippets"][0]
    assert [sentence["text"][a:b] for a, b in sentence["marks"]] == [
        "Sample Software",
        "Model Works",
    ]


@pytest.mark.parametrize("kind", FULLEST)
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_cannot_act(form: str, name: str, kind: MessageKind) -> None:
    shown = FORM[form](in_kind(everywhere(HOSTILE[name]), kind))
    shown.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", shown)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\ufeff\u2060]", shown)
    assert not re.search("[\ud800-\udfff]", shown)


@pytest.mark.parametrize("kind", FULLEST)
@pytest.mark.parametrize("name", HOSTILE)
def test_slack_takes_every_payload_and_no_token_is_live(name: str, kind: MessageKind) -> None:
    alert = in_kind(everywhere(HOSTILE[name]), kind)
    assert problems(slack_payload(alert)) == []
    assert problems(slack_plain_payload(alert)) == []


@pytest.mark.parametrize("kind", FULLEST)
@pytest.mark.parametrize("name", HOSTILE)
def test_html_holds_only_our_own_tags(name: str, kind: MessageKind) -> None:
    page = Reader(html(in_kind(everywhere(HOSTILE[name]), kind)))
    assert page.tags <= ALLOWED_TAGS
    assert not {name for name in page.attributes if name.startswith("on") or name == "src"}
    assert all(link.startswith("https://www.example.org/") for link in page.links)
    assert "url(" not in html(everywhere(HOSTILE[name]))


@pytest.mark.parametrize("url", BAD_LINKS)
def test_a_bad_link_is_dropped_and_the_text_kept(url: str) -> None:
    alert = everywhere("Words that stay", url)
    assert problems(slack_payload(alert)) == []
    assert Reader(html(alert)).links == []
    assert payload(alert)["url"] is None
    for form, shown in forms(alert).items():
        assert "Words that stay" in shown, form
        assert "javascript" not in shown.lower(), form


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c&d=%20e#f", "https://example.org/a?b=c&d=%20e#f"),
        ("HTTP://EXAMPLE.org:8080/A", "http://example.org:8080/A"),
        ("https://example.org/<!channel>|x\"y'z", "https://example.org/%3C!channel%3E%7Cx%22y%27z"),
        ("https://example.org/a b\tc", "https://example.org/a%20b%20c"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443/"),
        (" https://example.org/ ", "https://example.org/"),
        ("https://example.org", "https://example.org"),
    ],
)
def test_a_link_is_written_so_that_it_cannot_end_early(url: str, expected: str) -> None:
    assert link(url) == expected
    assert link(expected) == expected


def test_an_empty_title_becomes_the_host_of_the_link() -> None:
    assert subject(replace(ALERT, title=" \u200b ")) == "example.org"
    assert subject(replace(ALERT, title="", url="")) == "Example News"
    assert subject(replace(ALERT, title="", url="", source="")) == "(no title)"


def test_a_long_title_is_cut_with_an_ellipsis() -> None:
    assert subject(replace(ALERT, title="x" * 10_000)).endswith("…")
    assert len(subject(replace(URGENT, title="x" * 10_000))) == 150


def test_sixty_rules_and_sixty_places_still_fit() -> None:
    sentence = "word " * 400
    hit = Hit("r", "Rule", Level.URGENT, "why " * 200, (Snippet(sentence, ((3, 9),)),) * 5)
    hits = tuple(
        replace(
            hit,
            snippets=(Snippet(f"{n} {sentence}", tuple((i, i + 2) for i in range(0, 1500, 5))),),
        )
        for n in range(60)
    )
    places = tuple((f"{n} " + "Outlet " * 20, "https://e.org/" + "a" * 1900) for n in range(60))
    alert = replace(ALERT, hits=hits, places=places)
    assert problems(slack_payload(alert)) == []
    assert problems(slack_plain_payload(alert)) == []
    assert "more rules" in text(alert)
    assert "(+54)" in text(alert)


def test_a_sentence_that_two_rules_found_is_shown_once() -> None:
    alert = replace(ALERT, hits=(ALERT.hits[0], replace(ALERT.hits[0], rule_id="two", title="Two")))
    assert text(alert).count("  > *Sample Software*") == 1
    assert "Rule: Two" in text(alert)


def test_lines_of_text_fit_a_mail_and_links_stay_whole() -> None:
    long_link = "https://www.example.org/" + "a" * 150
    lines = text(everywhere("many words " * 60, long_link)).splitlines()
    assert long_link in lines
    assert all(
        len(line) <= 76 for line in lines if long_link not in line and "news-monitor " not in line
    )


def test_html_works_in_the_dark_and_on_a_phone_and_loads_nothing() -> None:
    page = html(URGENT)
    assert "prefers-color-scheme: dark" in page
    assert 'name="viewport"' in page
    assert not re.search(r"<(img|form|script|iframe|link|input|object)\b", page)


@pytest.mark.parametrize("form", FORMS)
def test_a_story_tells_its_other_outlets_and_its_figures(form: str) -> None:
    shown = re.sub(r"\s+", " ", FORM[form](TOLD))
    for part in ("Northern Wire", "Polder Post", "12.5 %: the stake", "as valuation by 2"):
        assert part in shown
    assert "The deal values Model Works at $2.1 billion." in shown
    if form != "json":
        assert "Disputed:" in shown
        assert shown.index("as valuation by 2") < shown.index("12.5 %")
        assert "(+2)" in shown
        assert "news-monitor silence add --story 5e0a11c7d2f4 --for 1d" in shown


@pytest.mark.parametrize("form", FORMS)
def test_an_update_says_what_is_new_and_of_which_story(form: str) -> None:
    shown = FORM[form](UPDATE)
    assert "a new figure: €2 billion" in shown
    assert "Sample Software puts money into Model Works" in shown
    if form == "json":
        assert '"follows": "3fa9c1d27b"' in shown
    else:
        assert "update" in shown.lower()


@pytest.mark.parametrize("form", FORMS)
def test_a_digest_shows_each_alert_and_why_it_comes_now(form: str) -> None:
    shown = FORM[form](DIGEST).lower()
    assert "held during quiet hours" in shown
    for item in DIGEST.items:
        assert item.title.lower() in shown
    if form != "json":
        assert "news-monitor alerts show d1g357d1g357" in shown
        assert shown.index("regulator opens") < shown.index("is worth €2 billion")  # urgent first


@pytest.mark.parametrize("form", FORMS)
def test_a_notice_is_its_title_and_its_text(form: str) -> None:
    shown = re.sub(r"\s+", " ", FORM[form](NOTICE))
    assert "Example News is silent" in shown
    assert "nothing new for 19 hours" in shown
    if form != "json":
        assert "news-monitor status" in shown


@pytest.mark.parametrize("form", [form for form in FORMS if form != "json"])
@pytest.mark.parametrize("count", [46, 101, 1000])
def test_what_does_not_fit_into_a_digest_is_counted(form: str, count: int) -> None:
    items = tuple(
        replace(ALERT, id=f"a{n}", title=f"Report {n:04d} of many " + "words " * 12)
        for n in range(count)
    )
    shown = re.sub(r"\s+", " ", FORM[form](replace(DIGEST, items=items)))
    told = len(set(re.findall(r"Report \d{4}", shown)))
    assert told >= 5
    if told < count:
        assert f"and {count - told} more of {count}" in shown
    assert "news-monitor alerts show d1g357d1g357" in shown


@pytest.mark.parametrize("length", [0, 20, 299, 5000])
@pytest.mark.parametrize("count", [1, 3, 44, 45, 46, 400])
def test_slack_takes_a_digest_of_any_size(count: int, length: int) -> None:
    hit = Hit("r", "R" * length, Level.NORMAL, "", (Snippet("s" * length, ((0, 1),)),) * 3)
    items = tuple(
        replace(URGENT, title=f"{n} " + "t" * length, hits=(hit, *URGENT.hits) * 3)
        for n in range(count)
    )
    many = replace(DIGEST, title="T" * length, because="b" * length, items=items)
    assert problems(slack_payload(many)) == []
    assert problems(slack_plain_payload(many)) == []


def test_json_holds_every_alert_of_a_digest() -> None:
    items = tuple(replace(ALERT, id=f"a{n}") for n in range(500))
    found = payload(replace(DIGEST, items=items))["items"]
    assert [item["id"] for item in found] == [f"a{n}" for n in range(500)]  # type: ignore[attr-defined]  # JSON


@pytest.mark.parametrize("form", FORMS)
def test_digests_in_a_digest_are_opened(form: str) -> None:
    inner = replace(DIGEST, id="inner", items=(replace(ALERT, title="The innermost report"),))
    assert "The innermost report" in FORM[form](replace(DIGEST, items=(inner,)))


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_digest_is_a_message_all_the_same(form: str) -> None:
    empty = replace(DIGEST, items=(), title="")
    assert FORM[form](empty)
    assert problems(slack_payload(empty)) == []


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        pytest.param(ALERT, "Sample Software puts money into Model Works", id="an alert"),
        pytest.param(
            replace(UPDATE, hits=URGENT.hits),
            "[urgent] Update: Model Works says that it is worth €2 billion",
            id="an urgent update",
        ),
        pytest.param(NOTICE, "Example News is silent", id="a notice"),
        pytest.param(
            DIGEST, "[urgent] 3 reports in 2 stories, Mon 23 Nov 2026, 08:00", id="a digest"
        ),
    ],
)
def test_a_subject_is_one_line(alert: Alert, expected: str) -> None:
    assert subject(alert) == expected


def test_the_subject_of_an_update_joins_it_to_the_first_mail() -> None:
    assert reply_subject(UPDATE) == "Re: " + subject(TOLD)
    assert reply_subject(replace(UPDATE, story=None)) == f"Re: {UPDATE.title}"


@pytest.mark.parametrize("form", ["text", "html", "slack", "slack plain"])
@pytest.mark.parametrize("alert", [TOLD, UPDATE, DIGEST, NOTICE], ids=lambda a: a.kind.value)
def test_where_our_page_is_served_links_stand_for_commands(form: str, alert: Alert) -> None:
    page = "https://news.example.org/monitor/"
    shown = {
        "text": text(alert, page),
        "html": html(alert, page),
        "slack": json.dumps(slack_payload(alert, page)),
        "slack plain": str(slack_plain_payload(alert, page)["text"]),
    }[form]
    assert "https://news.example.org/monitor/" in shown
    assert "news-monitor " not in shown


def test_a_hundred_outlets_of_a_story_are_counted_once_each() -> None:
    places = tuple((f"Outlet {n % 50}", f"https://e{n}.example/") for n in range(100))
    story = StoryNote("5e0a", "A story", 101, places)
    shown = text(replace(ALERT, places=(), story=story))
    assert re.search(r"Outlet 5\s+\(\+44\)", shown)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        pytest.param(((0, 3),), "[one] two three", id="one mark"),
        pytest.param(((4, 7), (0, 3)), "[one] [two] three", id="marks out of order"),
        pytest.param(((0, 5), (4, 7)), "[one two] three", id="overlapping marks"),
        pytest.param(((-5, 3), (8, 99)), "[one] two [three]", id="marks over the edges"),
        pytest.param(((5, 5), (7, 2), (50, 60)), "one two three", id="marks of nothing"),
    ],
)
def test_marks_part_a_sentence(marks: tuple[tuple[int, int], ...], expected: str) -> None:
    parts = runs("one two three", marks, 400)
    assert "".join(f"[{part.text}]" if part.hit else part.text for part in parts) == expected


def test_a_long_sentence_is_cut_around_its_first_hit() -> None:
    sentence = "before " * 200 + "THE HIT" + " after" * 200
    shown = runs(sentence, ((1400, 1407),), 100)
    assert [run.text for run in shown if run.hit] == ["THE HIT"]
    assert sum(len(run.text) for run in shown) <= 102
    assert shown[0].text.startswith("…")
    assert shown[-1].text.endswith("…")


def test_a_joiner_stays_where_it_builds_an_emoji_only() -> None:
    assert clean("👩‍👩‍👧 a\u200db") == "👩‍👩‍👧 ab"


anything = st.text(st.characters(codec=None), max_size=60)


@settings(max_examples=150)
@given(anything, st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=4))
@example("=\u200b?utf-8?q?x?=", [(0, 1)])
@example("<\u200b!channel>", [(0, 1)])
def test_no_text_at_all_breaks_a_message(words: str, marks: list[tuple[int, int]]) -> None:
    """Every text gives valid payloads, and cleaning twice changes nothing more."""
    assert clean(clean(words)) == clean(words)
    alert = replace(
        everywhere(words, words),
        hits=(Hit(words, words, Level.URGENT, words, (Snippet(words, tuple(marks)),)),),
        quality=Quality.FAILED,
    )
    assert problems(slack_payload(alert)) == []
    assert problems(slack_plain_payload(alert)) == []
    assert Reader(html(alert)).tags <= ALLOWED_TAGS
    for shown in forms(alert).values():
        shown.encode()
    for rule in payload(alert)["rules"]:  # type: ignore[attr-defined]  # JSON-ready values
        for snippet in rule["snippets"]:
            assert all(0 <= a < b <= len(snippet["text"]) for a, b in snippet["marks"])


@given(anything, st.integers(1, 50))
def test_cut_never_exceeds_its_limit(words: str, limit: int) -> None:
    assert len(cut(words, limit)) <= limit


@given(st.text(max_size=80))
def test_a_link_is_http_or_nothing(words: str) -> None:
    shown = link("https://example.org/" + words)
    assert shown == "" or re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?[/?#][!-~]*", shown)
    if shown:
        assert host_of(shown)
