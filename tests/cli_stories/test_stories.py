"""``stories``: listed, shown with reasons and figures, split and merged by hand."""

from pathlib import Path

import pytest

from tests.cli_stories.conftest import Lived, live
from tests.flow.deals import FERRY, FIRST, SECOND
from tests.flow.newsroom import Newsroom


def test_stories_are_listed_with_how_many_tell_them(read_only: Lived) -> None:
    said = read_only.call("stories")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith(f"{read_only.ferry}  {FERRY[0]}"), "the latest news first"
    assert lines[2].startswith(f"{read_only.deal}  {FIRST[0]}")
    assert lines[3].endswith("Z  2 articles of 2 outlets, 1 alert")
    for row in read_only.call("stories", "list", "--json").documents:
        assert row.keys() == {
            "id", "title", "first_at", "last_at", "articles", "outlets", "alerts",
        }  # fmt: skip
        assert len(row["alerts"]) == 1


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        pytest.param(("--limit", "1"), 1, id="the newest"),
        pytest.param(("--title", "LANGUAGE lab"), 1, id="of a title, in any case"),
        pytest.param(("--title", "zeppelin"), 0, id="of no title"),
        pytest.param(("--since", "1h"), 2, id="of the last hour"),
    ],
)
def test_stories_can_be_narrowed(read_only: Lived, arguments: tuple[str, ...], number: int) -> None:
    assert len(read_only.call("stories", "--json", *arguments).documents) == number
    plain = read_only.call("stories", *arguments)
    assert ("no stories that fit" in plain.out) == (number == 0)


def test_a_story_is_shown_with_reasons_and_figures(read_only: Lived) -> None:
    said = read_only.call("stories", "show", read_only.deal[:6])
    assert said.code == 0
    text = said.out
    assert text.index(FIRST[0]) < text.index(SECOND[0]), "in the order in which they came"
    for part in (
        f"story {read_only.deal}: 2 articles of 2 outlets",
        "(Outlet 1)", "shares ", "deal: sent, first report of this article, to archive",
        f"deal: silent (already alerted), joined story {read_only.deal}",
        "Figures on which outlets differ\n"
        "  $2.1 billion: as investment by 1 outlet, as valuation by 1\n    > Outlet 1: ",
        "\nAlerts\n",
    ):  # fmt: skip
        assert part in text


def test_a_story_as_json(read_only: Lived) -> None:
    (document,) = read_only.call("stories", "show", read_only.deal, "--json").documents
    assert document.keys() == {
        "id", "title", "first_at", "last_at", "outlets", "articles", "figures", "alerts",
    }  # fmt: skip
    assert document["outlets"] == ["Outlet 1", "Outlet 2"]
    first, second = document["articles"]
    assert first.keys() == {
        "id", "title", "url", "source", "published", "joined_at", "score", "reason", "decisions",
        "figures", "corrections",
    }  # fmt: skip
    assert second["score"] > 0
    assert second["decisions"][0]["reason"] == "already alerted"
    assert document["figures"][0]["disputed"], "disputed ones first"
    assert document["figures"][0]["sentences"][0].keys() == {"source", "sentence"}
    assert [alert["kind"] for alert in document["alerts"]] == ["alert"]


def test_figures_of_articles_that_nobody_was_told_of_are_read_when_shown(tmp_path: Path) -> None:
    untold = live(Newsroom(tmp_path / "room"), rule="id: deal\nmatch: [zeppelin]\n")
    assert all(row["alerts"] == [] for row in untold.call("stories", "--json").documents)
    assert "not alerted" in untold.call("stories").out
    (deal,) = untold.call("stories", "show", untold.deal, "--json").documents
    assert all(article["figures"] for article in deal["articles"])
    assert deal["figures"][0]["disputed"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("show", "zzz"), "no story has the id 'zzz'", id="an unknown id"),
        pytest.param(("show", ""), "no story has the id ''", id="an empty id"),
        pytest.param(("show", "ferry"), "In a title: ", id="a word of a title"),
        pytest.param(("show", "%"), "no story has the id '%'", id="a wildcard of the database"),
        pytest.param(("split", "https://no.example/x"), "no stored article has the id or address",
                     id="an unknown article"),
        pytest.param(("split",), "Missing argument", id="no article"),
        pytest.param(("merge", "zzz", "yyy"), "no story has the id 'zzz'", id="unknown stories"),
        pytest.param(("shwo", "x"), "No such command", id="an unknown command"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_two(
    read_only: Lived, arguments: tuple[str, ...], told: str
) -> None:
    said = read_only.call("stories", *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err


def test_a_slip_in_an_id_gets_the_nearest(read_only: Lived) -> None:
    wrong = read_only.deal[:-1] + ("0" if read_only.deal[-1] != "0" else "1")
    said = read_only.call("stories", "show", wrong)
    assert f"Did you mean '{read_only.deal}'?" in said.err


def test_an_article_is_split_off_and_merged_back(lived: Lived) -> None:
    (before,) = lived.call("stories", "show", lived.deal, "--json").documents
    second = before["articles"][1]
    said = lived.call("stories", "split", second["url"], "--comment", "another deal")
    assert said.code == 0
    assert "The running daemon takes it over within seconds." in said.out
    rows = {row["title"]: row for row in lived.call("stories", "--json").documents}
    assert len(rows) == 3
    made = rows[second["title"]]["id"]
    (alone,) = lived.call("stories", "show", made, "--json").documents
    assert alone["articles"][0]["reason"] == "split off by hand: another deal"

    (merged,) = lived.call("stories", "merge", lived.deal, made[:7], "--json").documents
    assert merged == {"story": lived.deal, "merged": [made], "articles": 1}
    (after,) = lived.call("stories", "show", lived.deal, "--json").documents
    assert [each["id"] for each in after["articles"]] == [each["id"] for each in before["articles"]]
    assert after["articles"][1]["reason"] == f"merged from {made} by hand"


def test_a_split_of_everything_is_none(lived: Lived) -> None:
    (story,) = lived.call("stories", "show", lived.deal, "--json").documents
    ids = [article["id"] for article in story["articles"]]
    said = lived.call("stories", "split", *ids)
    assert (said.code, f"the whole of story {lived.deal}" in said.err) == (2, True)
    assert lived.call("stories", "merge", lived.deal, lived.deal[:8]).code == 2
    (split,) = lived.call("stories", "split", ids[0], ids[0], "--json").documents
    assert (split["articles"], split["from"]) == ([ids[0]], [lived.deal]), "named twice is once"
