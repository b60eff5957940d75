"""The user's own files: a mistake or a trap in them is told, and costs nothing else.

The long tables are tests/rules/test_hostile_rules.py and tests/config/test_yamlfile.py; here each
case stands once, by its number.
"""

import re
import time
from pathlib import Path

import pytest

from monitor.config.settings import load_settings
from monitor.config.yamlfile import parse
from monitor.located import plain
from monitor.rules.patterns import PatternError, compile_pattern, find_pattern, mark
from monitor.text.words import cut
from monitor.userfiles import read_rules
from tests.rules.build import article, book, errors, fires

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param("(a+)+$", "a" * MEGABYTE + "!", id="S-45 nested repeats"),
        pytest.param("(a|aa)+c", "a" * MEGABYTE, id="S-45 alternatives that overlap"),
        pytest.param("(x+x+)+y", "x" * MEGABYTE, id="S-45 repeats side by side"),
        pytest.param("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * MEGABYTE, id="S-45 a textbook case"),
    ],
)
def test_a_pattern_takes_time_in_proportion_to_the_text(pattern: str, text: str) -> None:
    """S-45: a megabyte takes at most four times (and some) what a quarter of it takes.

    The engine itself needs milliseconds; words are cut first, for every rule alike.
    """
    rules = book(f"match: {{regex: '{pattern}'}}")

    def measured(body: str) -> float:
        began = time.process_time()
        rules.match(article(body))
        return time.process_time() - began

    measured("warm")
    whole = measured(text)
    assert whole < 1.0
    assert whole < 12 * max(measured(text[: MEGABYTE // 4]), 0.01)


def test_s45_the_engine_itself_takes_fifty_milliseconds_at_most() -> None:
    """S-45: a megabyte, without the cutting into words."""
    words = cut("a" * MEGABYTE + "!")
    text = mark("a" * MEGABYTE + "!", words)
    compiled = compile_pattern("(a+)+$")
    began = time.process_time()
    find_pattern(compiled, text, words)
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        pytest.param("a(?=b)", "look-around is not supported", id="S-46 look-ahead"),
        pytest.param("(?<!a)b", "look-around is not supported", id="S-46 look-behind"),
        pytest.param(r"(a)\1", "back-references are not supported", id="S-46 a back-reference"),
        pytest.param("a{100000}", "no usable pattern", id="S-47 a huge repeat"),
        pytest.param("((a{900}){900}){900}", "no usable pattern", id="S-47 repeats of repeats"),
    ],
)
def test_a_pattern_that_cannot_be_kept_within_time_is_an_error(pattern: str, said: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)
    (line,) = errors(f"id: bad\nmatch: {{regex: '{pattern}'}}")
    assert line.startswith("a.yaml:2:16: ")  # with rule file and line
    assert said in line


def test_s47_ten_thousand_rules_are_read_and_matched_within_seconds(tmp_path: Path) -> None:
    rules = "".join(f"- {{id: r{n}, match: [w{n}, x{n % 7}]}}\n" for n in range(10_000))
    (tmp_path / "many.yaml").write_text("rules:\n" + rules)
    began = time.process_time()
    files = read_rules([tmp_path])
    assert files.errors == ()
    assert [match.rule_id for match in files.book.match(article("w9999 x3"))] == ["r9999"]
    assert time.process_time() - began < 12.0


def test_s48_a_word_is_a_word_in_any_script() -> None:
    """S-48: École is no part of Écoles."""
    assert fires("[École]", "une école")
    assert not fires("[École]", "les écoles")
    assert fires("{regex: '\\bÉcole\\b'}", "une École là")
    assert not fires("{regex: '\\bÉcole\\b'}", "les Écoles")


def test_s49_a_broken_rule_costs_no_other(tmp_path: Path) -> None:
    """S-49: a rule is judged as a value that was checked at loading; what is wrong is told there."""
    (tmp_path / "bad.yaml").write_text("match: {near: {within: 5, all: ['@nobody', x]}}")
    (tmp_path / "good.yaml").write_text("match: [good]")
    files = read_rules([tmp_path])
    assert [problem.place.path.rpartition("/")[2] for problem in files.errors] == ["bad.yaml"]
    assert [match.rule_id for match in files.book.match(article("a good rule"))] == ["good"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a: !!python/object/apply:os.system ['true']", "YAML tag", id="S-50 a call"),
        pytest.param("a: !!python/name:os.system", "YAML tag", id="S-50 a name"),
        pytest.param("!!python/object:x {}", "YAML tag", id="S-50 at the top"),
        pytest.param("a: &a [x]\nb: [*a, *a]", "anchor", id="S-51 an alias"),
        pytest.param("a: &a {x: 1}\nb: {<<: *a}", "merge key", id="S-51 a merge key"),
        pytest.param("[" * 100_000, "nest deeper", id="S-51 100,000 levels"),
        pytest.param("- x\n" * 300_000, "more than 250,000 values", id="S-51 300,000 values"),
        pytest.param("a: " + "x" * 6_000_000, "larger than 5 MB", id="S-51 6 MB"),
        pytest.param("a: 1\na: 2", "here twice", id="S-52 a key twice"),
    ],
)
def test_a_trap_in_yaml_is_told_within_a_second(text: str, said: str) -> None:
    began = time.process_time()
    _, problems = parse(text.encode(), "f.yaml")
    assert any(said in problem.message for problem in problems)
    assert all(re.match(r"f\.yaml:\d+:\d+: ", str(problem)) for problem in problems)
    assert time.process_time() - began < 1.5


@pytest.mark.parametrize("word", ["no", "012", "1:30", "1.10", "yes", "null", "2026-11-22", "1e3"])
def test_s53_words_stay_words(word: str) -> None:
    node, problems = parse(f"a: {word}".encode(), "f.yaml")
    assert node is not None and problems == ()
    assert plain(node) == {"a": word}


def test_s54_an_unknown_key_is_an_error_with_a_proposal(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    config = tmp_path / "config.yaml"
    config.write_text("poling: {every: 5m}\nfeeds: [{urll: 'https://x.example/'}]\n")
    settings, problems = load_settings(config, {})
    assert settings is None
    told = " ".join(str(problem) for problem in problems)
    assert "'polling'" in told and "'url'" in told


def test_s55_a_rule_that_breaks_keeps_its_last_good_version(tmp_path: Path) -> None:
    """S-55; for config.yaml, with the running daemon: tests/daemon/test_reload.py."""
    rule = tmp_path / "rule.yaml"
    rule.write_text("match: [good]")
    first = read_rules([tmp_path])
    rule.write_text("match: [[[")
    second = read_rules([tmp_path], first)
    assert second.errors
    assert [match.rule_id for match in second.book.match(article("good"))] == ["rule"]


def test_s56_a_secret_that_everyone_may_read_is_told(tmp_path: Path) -> None:
    """S-56: a warning at its place; the secret is used, and shown nowhere."""
    (tmp_path / "rules").mkdir()
    secret = tmp_path / "password"
    secret.write_text("T0K3N")
    secret.chmod(0o644)
    config = tmp_path / "config.yaml"
    config.write_text(
        "feeds: [{url: 'https://x.example/', auth: {username: a, password: {file: password}}}]\n"
    )
    settings, problems = load_settings(config, {})
    assert settings is not None
    (warning,) = (problem for problem in problems if problem.code == "readable-secret")
    assert "chmod 600" in warning.message
    assert "T0K3N" not in repr(settings) + str(problems)
