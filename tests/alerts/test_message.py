"""What a message chooses to say: outlets, figures, next steps."""

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.compose_digest import compose_digest, fitting
from monitor.alerts.compose_links import silence_way, why_way
from monitor.alerts.escape import inert, link
from monitor.alerts.message import compose
from monitor.model import FigureNote, MessageKind, StoryNote
from tests.notifiers.samples import ALERT, DIGEST, TOLD, UPDATE

PAGE = "https://news.example.org/monitor"


@pytest.mark.parametrize(
    ("url", "public_url", "expected"),
    [
        pytest.param(
            "https://example.org/a",
            None,
            "news-monitor why https://example.org/a",
            id="a plain address is typed as it is",
        ),
        pytest.param(
            "https://example.org/a?b=1&c=$(id);d",
            None,
            "news-monitor why 'https://example.org/a?b=1&c=$(id);d'",
            id="what a shell would act on is quoted",
        ),
        pytest.param(
            "https://example.org/" + "a" * 300,
            None,
            "news-monitor alerts show 3fa9c1d27b",
            id="an address too long to type is left for the alert's id",
        ),
        pytest.param(
            "javascript:alert(1)",
            None,
            "news-monitor alerts show 3fa9c1d27b",
            id="without a link there is the alert's id",
        ),
        pytest.param(
            "https://example.org/a?b=1&c=2",
            PAGE,
            PAGE + "/why?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D2",
            id="a page of ours gets the address as one value",
        ),
        pytest.param(
            "", PAGE, PAGE + "/alert?id=3fa9c1d27b", id="a page of ours without an address"
        ),
        pytest.param(
            "https://example.org/a",
            "javascript:alert(1)//",
            "news-monitor why https://example.org/a",
            id="a public address that is none makes no link",
        ),
    ],
)
def test_how_it_came_about_is_a_link_or_a_command(
    url: str, public_url: str | None, expected: str
) -> None:
    way = compose(replace(ALERT, url=url), public_url=public_url).more
    assert (way.link or way.command) == expected


@given(st.text(max_size=60))
def test_a_command_is_one_command_with_one_address(words: str) -> None:
    shown = link("https://example.org/" + words)
    way = why_way(shown, "id", None)
    parts = shlex.split(way.command)
    assert parts in (["news-monitor", "why", shown], ["news-monitor", "alerts", "show", "id"])


@given(st.text(max_size=60))
def test_a_silence_names_one_story_or_there_is_none(words: str) -> None:
    way = silence_way(words, PAGE)
    if way is not None:
        parts = shlex.split(way.command)
        assert parts[:4] == ["news-monitor", "silence", "add", "--story"]
        assert len(parts) == 7
        assert way.link.startswith(PAGE + "/silence?story=")


def test_only_a_message_of_a_story_can_be_silenced() -> None:
    assert compose(ALERT).silence is None
    assert compose(TOLD).silence is not None


def test_an_outlet_is_named_once_and_its_own_never() -> None:
    story = StoryNote(
        "5e0a",
        "A story",
        5,
        (
            ("Example News", "https://www.example.org/other"),
            ("sample herald", "https://herald.example/c"),
            ("City Wire", "https://city.example/1"),
            ("New Outlet", "https://new.example/1"),
        ),
    )
    message = compose(replace(ALERT, story=story))
    assert [place.outlet for place in message.places] == [
        "Sample Herald",
        "City Wire",
        "New Outlet",
    ]
    assert message.places[1].link == "https://city.example/1"  # the one with a link
    assert message.also == "Sample Herald, City Wire, New Outlet"


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        pytest.param(2, "Northern Wire", id="all are named"),
        pytest.param(8, "Northern Wire (+6)", id="more are known than named"),
        pytest.param(0, "Northern Wire", id="a count that cannot be"),
    ],
)
def test_reports_that_are_not_named_are_counted(articles: int, expected: str) -> None:
    story = StoryNote("5e0a", "A story", articles, (("Northern Wire", ""),))
    assert compose(replace(ALERT, places=(), story=story)).also == expected


def test_reports_of_which_none_is_named_are_counted_all_the_same() -> None:
    assert compose(replace(ALERT, places=(), story=StoryNote("5e0a", "S", 4))).also == "3 more"


def test_disputed_figures_come_first_and_only_they_show_their_sentences() -> None:
    said = (("A", "Sentence a."), ("A", "Sentence b."), ("B", "Sentence c."), ("C", " "))
    notes = (
        FigureNote("agreed", disputed=False, sentences=said),
        FigureNote("disputed", disputed=True, sentences=said),
        *(FigureNote(f"more {n}", disputed=False) for n in range(5)),
        FigureNote("\u200b", disputed=True),
    )
    message = compose(replace(ALERT, story=StoryNote("5e0a", "S", 1, (), notes)))
    first, second, *_ = message.figures
    assert (first.text, first.sentences) == (
        "disputed",
        (("A", "Sentence a."), ("B", "Sentence c.")),
    )
    assert (second.text, second.sentences) == ("agreed", ())
    assert (len(message.figures), message.more_figures) == (4, 3)


def test_an_update_names_its_story_only_where_its_title_is_another() -> None:
    assert compose(UPDATE).part_of == "Sample Software puts money into Model Works"
    assert compose(replace(UPDATE, title=TOLD.title)).part_of == ""
    assert compose(TOLD).part_of == ""


def test_a_digest_puts_a_story_together_and_urgent_ones_first() -> None:
    digest = compose_digest(DIGEST)
    assert [[item.title for item in story.items] for story in digest.stories] == [
        ["Regulator opens a look at cloud prices"],
        [
            "Sample Software puts money into Model Works",
            "Model Works says that it is worth €2 billion",
        ],
    ]
    alone, together = digest.stories
    assert (alone.title, together.title) == ("", "Sample Software puts money into Model Works")
    assert "Daily Ledger" not in together.also  # it is one of the alerts above


def test_a_sentence_of_a_story_is_shown_once_in_a_digest() -> None:
    together = compose_digest(DIGEST).stories[1]
    assert [len(item.rules[0].snippets) for item in together.items] == [1, 0]


@given(st.integers(0, 60), st.lists(st.integers(0, 6), max_size=40))
def test_a_digest_shows_or_counts_every_alert(most: int, stories: list[int]) -> None:
    items = tuple(
        replace(ALERT, id=f"a{n}", title=f"t{n}", story=StoryNote(f"s{s}", "S", 1) if s else None)
        for n, s in enumerate(stories)
    )
    digest = compose_digest(replace(DIGEST, items=items), most)
    shown = [item.title for story in digest.stories for item in story.items]
    assert len(shown) == len(set(shown)) == min(most, len(items))
    assert digest.left_out + len(shown) == digest.total == len(items)


def test_a_digest_that_holds_itself_many_times_over_comes_to_an_end() -> None:
    alert = ALERT
    for _ in range(50):
        alert = replace(DIGEST, items=(alert,))
    assert compose_digest(alert).total == 1


@given(st.integers(0, 200), st.integers(0, 300))
def test_the_largest_number_that_fits_is_found(most: int, limit: int) -> None:
    assert fitting(most, lambda number: number <= limit) == min(most, limit)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("hi @everyone", "hi ＠everyone", id="a mention"),
        pytest.param("<!channel> <@U1>", "‹!channel> ‹＠U1>", id="tokens of a chat"),
        pytest.param("[bank](https://evil.example)", "[bank] (https://evil.example)", id="a label"),
        pytest.param(
            "see https://social.example/@name now",
            "see https://social.example/%40name now",
            id="an address keeps working",
        ),
        pytest.param("3 < 4 > 2\nnext", "3 < 4 > 2\nnext", id="a comparison stays"),
        pytest.param("<https://evil.example|bank>", "‹https://evil.example|bank>", id="a link"),
    ],
)
def test_nothing_can_begin_in_an_unknown_service(words: str, expected: str) -> None:
    assert inert(words) == expected


@pytest.mark.parametrize("kind", list(MessageKind))
def test_every_kind_composes(kind: MessageKind) -> None:
    assert compose(replace(TOLD, kind=kind)).kind is kind
