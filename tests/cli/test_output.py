"""Plain output: aligned, harmless, without colours in a pipe, with a bar on a terminal."""

import re
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli import progress
from monitor.cli.nearness import found_in_vain
from monitor.cli.output import clean_line, count, table
from monitor.model import Article
from monitor.userfiles import read_rules

from .conftest import Call


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\nb", "a b", id="two lines become one"),
        pytest.param("  - a", "  - a", id="what indents stays"),
        pytest.param("\x1b[31mred\x1b[0m", "red", id="no colours from outside"),
        pytest.param("a\u202eb", "ab", id="no turning round of text"),
        pytest.param("\ud800", "\ufffd", id="half a surrogate pair"),
        pytest.param("a\rb\x07\x08", "a b", id="no overwriting, no bell"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_line_is_harmless(text: str, shown: str) -> None:
    assert clean_line(text) == shown


@given(st.text())
def test_any_line_can_be_printed_on_one_line(text: str) -> None:
    line = clean_line(text)
    assert line.isprintable() or not line.isascii()
    assert not {"\n", "\r", "\x1b", "\x9b", "\x07", "\x00"} & set(line)
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("number", "words", "shown"),
    [
        pytest.param(1, ("feed",), "1 feed", id="one"),
        pytest.param(0, ("feed",), "0 feeds", id="none"),
        pytest.param(2, ("entry", "entries"), "2 entries", id="a plural of its own"),
        pytest.param(12345, ("feed",), "12,345 feeds", id="many"),
    ],
)
def test_counting(number: int, words: tuple[str, ...], shown: str) -> None:
    assert count(number, *words) == shown


def test_a_table_is_aligned_and_each_row_one_line_however_long(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table(("name", "error"), [("日本", "x" * 500), ("a\nb", ""), ("longer", "[red]y")])
    assert capsys.readouterr().out.splitlines() == [
        "name    error",
        "日本    " + "x" * 500,
        "a b",
        "longer  [red]y",
    ]


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("out", "err", "shown"),
    [
        pytest.param(StringIO, Terminal, True, id="results in a file, people at the terminal"),
        pytest.param(Terminal, Terminal, False, id="results are progress enough"),
        pytest.param(StringIO, StringIO, False, id="nobody there"),
    ],
)
def test_a_bar_shows_only_where_it_helps(
    out: type[StringIO], err: type[StringIO], shown: bool
) -> None:
    told = err()
    with (
        redirect_stdout(out()),
        redirect_stderr(told),
        progress.Progress("Matching", 100) as bar,
    ):
        bar.advance(1)
        assert told.getvalue() == "", "not within the first second"
        bar._next = 0.0  # the second has passed
        bar.advance(50)
    assert ("Matching" in told.getvalue()) == shown


def test_what_is_printed_during_a_bar_goes_above_it_whole() -> None:
    from rich.console import Console

    out, err = Terminal(), Terminal()
    link = "https://example.org/" + "x" * 300
    with redirect_stdout(out), redirect_stderr(err), progress.above("Polling") as counter:
        counter.add(total=2)
        counter.add(done=1)
        print("one " + link)
        Console().print("two")
    assert out.getvalue() == ""
    assert "one " + link in err.getvalue()
    assert "two" in err.getvalue()


def test_without_a_terminal_there_is_no_bar_and_output_stays_where_it_was() -> None:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), progress.above("Polling") as counter:
        counter.add(done=1, total=2)
        print("one")
    assert (out.getvalue(), err.getvalue()) == ("one\n", "")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Alpha alone", ("Alpha",), id="one part of two"),
        pytest.param("Alpha Beta", (), id="it fires"),
        pytest.param("Alpha Beta Gamma", ("Alpha", "Beta"), id="an exclusion stops it"),
        pytest.param("neither", (), id="nothing of it"),
    ],
)
def test_how_near_an_article_came(tmp_path: Path, text: str, found: tuple[str, ...]) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text("id: a\nmatch: {all: [Alpha, Beta], none: [Gamma]}\n")
    (rule,) = read_rules((path,)).book.rules
    assert found_in_vain(rule, Article(id="1", url="", title="", text=text)) == found


def test_the_demo_tells_what_fired_why_and_what_did_not(call: Call) -> None:
    said = call("demo", "--exit")
    assert said.code == 0
    story = said.out[said.out.index("What happened") :]
    for part in (
        "28 entries of 7 feeds read, ",
        "Microsoft and Mistral AI (microsoft-mistral): ",
        "because of: ",
        "One story: ",
        "; also: ",
        "joined: shares ",
        "outlets differ: €2 billion: as ",
        "a copy of an article above: no second alert",
        "the rest of the rule does not hold",
        "Vanished Courier: 127.0.0.1 answered 404",
    ):
        assert part in " ".join(story.split())
    (alerts,) = re.findall(r"read, ([0-9]+) alerts? sent", story)
    assert 1 <= int(alerts) < 7, "one for each story and rule, not one for each article"
    assert "alerts.jsonl" not in story, "the folder is gone by then"
    assert "Ctrl-C" not in story
    assert "\x1b" not in said.out
    assert list(Path().iterdir()) == [], "nothing is left behind"
