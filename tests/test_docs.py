"""The manual cannot rot: its examples run, its links lead somewhere, its commands exist."""

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import cli
from monitor.config import yamlfile
from monitor.config.rulefiles import find, read_rule_files
from monitor.config.settings import load_settings
from monitor.located import Mapping
from monitor.rules.examples import run_examples
from monitor.rules.load import ALERT_KEYS, FILE_KEYS, RULE_KEYS, load
from monitor.rules.settings import FILTER_KEYS, SOURCE_KEYS
from monitor.rules.tree import MODIFIERS, NODE_KEYS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        ROOT / "rules/README.md",
        *(ROOT / "docs").rglob("*.md"),
    ]
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_INLINE_COMMAND = re.compile(r"`news-monitor ([^`]+)`")
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def fences(language: str) -> Iterator[tuple[str, str]]:
    """``(page:line, text)`` of every block in that language."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in _FENCE.finditer(text):
            if found[1] == language:
                line = text.count("\n", 0, found.start()) + 1
                yield f"{shown(page)}:{line}", found[2]


def tree_of(text: str, where: str) -> Mapping:
    node, problems = yamlfile.parse(text.encode(), where)
    assert problems == ()
    assert isinstance(node, Mapping)
    return node


def is_rule(node: Mapping) -> bool:
    return bool({"match", "rules", "entities", "filters"} & set(node.keys())) and not (
        {"feeds", "notifiers", "data"} & set(node.keys())
    )


YAML_BLOCKS = [pytest.param(where, text, id=where) for where, text in fences("yaml")]
RULE_BLOCKS = [
    block for block in YAML_BLOCKS if is_rule(tree_of(str(block.values[1]), str(block.values[0])))
]
CONFIG_BLOCKS = [block for block in YAML_BLOCKS if block not in RULE_BLOCKS]


@pytest.mark.parametrize(("where", "text"), RULE_BLOCKS)
def test_each_rule_in_the_manual_loads_and_passes_its_own_tests(
    where: str, text: str, tmp_path: Path
) -> None:
    for name, content in files_beside(where):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "example.yaml").write_text(text, encoding="utf-8")
    sources, problems = read_rule_files(find([tmp_path]), tmp_path)
    loaded = load(sources)
    assert [str(problem) for problem in (*problems, *loaded.problems)] == []
    results = run_examples(loaded.rules)
    assert [result.message for result in results if not result.passed] == []
    for rule in loaded.rules:
        assert rule.tests, "an example without tests proves nothing"


def files_beside(where: str) -> list[tuple[str, str]]:
    """The files that a comment right before a block speaks of: ``<!-- with NAME: text -->``."""
    name, _, line = where.rpartition(":")
    before = (ROOT / name).read_text(encoding="utf-8").splitlines()[int(line) - 2]
    found = re.fullmatch(r"<!-- with (\S+): (.*) -->", before)
    return [(found[1], found[2].replace(r"\n", "\n"))] if found else []


@pytest.mark.parametrize(("where", "text"), CONFIG_BLOCKS)
def test_each_config_in_the_manual_loads(where: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    for folder in ("rules", "notifiers"):
        (tmp_path / folder).mkdir()
    for name in re.findall(r"\{file: ([^},/][^},]*)\}", text):
        secret = tmp_path / name
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text("example-secret\n", encoding="utf-8")
        secret.chmod(0o600)
    settings, problems = load_settings(
        path, dict.fromkeys(_VARIABLE.findall(text), "example-secret")
    )
    assert [str(problem) for problem in problems if problem.severity == "error"] == [], where
    assert settings is not None


def test_the_manual_has_examples_of_both_kinds() -> None:
    assert len(RULE_BLOCKS) >= 40
    assert CONFIG_BLOCKS


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_each_relative_link_leads_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (page.parent / name).resolve() if name else page
        if not aim.exists() or (anchor and anchor not in anchors(aim)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


def test_the_readme_fits_its_limit() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


@pytest.mark.parametrize(
    "key",
    sorted({*RULE_KEYS, *FILE_KEYS, *ALERT_KEYS, *NODE_KEYS, *MODIFIERS, *SOURCE_KEYS, *FILTER_KEYS,
            "within", "unit", "of", "file", "fires", "silent", "because"}),
)  # fmt: skip
def test_each_key_of_a_rule_is_documented(key: str) -> None:
    text = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    assert re.search(rf"`@?{key}\b", text), f"docs/rules.md does not explain {key}"
    examples = "".join(block for where, block in fences("yaml") if "rules.md" in where)
    assert re.search(rf"(?<![\w-]){key}:", examples), f"no example in docs/rules.md uses {key}"


def commands() -> Iterator[tuple[str, str]]:
    """``(where, what follows news-monitor)`` for every command that the manual names."""
    for where, text in fences("console"):
        for line in text.splitlines():
            if line.startswith("$ "):
                assert line.startswith("$ news-monitor "), f"{where}: {line}"
                yield where, line.removeprefix("$ news-monitor ")
    for page in PAGES:
        if page.parent.name == "decisions":
            continue  # a decision may weigh commands that do not exist, and is never edited
        for found in _INLINE_COMMAND.finditer(page.read_text(encoding="utf-8")):
            yield shown(page), found[1]


@pytest.mark.parametrize(
    ("where", "line"), [pytest.param(*pair, id=": ".join(pair)) for pair in sorted(set(commands()))]
)
def test_each_command_in_the_manual_exists(where: str, line: str) -> None:
    assert unknown_parts(cli, shlex.split(line)) == [], where


def unknown_parts(command: click.Command, words: list[str]) -> list[str]:
    """The words that are neither a command nor an option of the program."""
    with click.Context(command) as context:
        while words:
            word, *rest = words
            if word.startswith("-"):
                option = option_named(command, word.partition("=")[0])
                if option is None:
                    return [word]
                takes = not option.is_flag and "=" not in word
                words = rest[1:] if takes else rest
            elif isinstance(command, click.Group):
                found = command.get_command(context, word)
                if found is None:
                    return [word]
                command, words = found, rest
            else:
                words = rest
    return []


def option_named(command: click.Command, name: str) -> click.Option | None:
    with click.Context(command) as context:
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option) and name in parameter.opts:
                return parameter
    return None


@pytest.mark.parametrize(
    ("line", "unknown"),
    [
        pytest.param("fly", ["fly"], id="a command that does not exist"),
        pytest.param("match --fly x", ["--fly"], id="an option that does not exist"),
        pytest.param("match --rules x y", [], id="an option with its value"),
        pytest.param("--debug match --json y", [], id="a global option"),
    ],
)
def test_the_check_of_commands_can_fail(line: str, unknown: list[str]) -> None:
    assert unknown_parts(cli, shlex.split(line)) == unknown


def test_each_json_block_is_json() -> None:
    for where, text in fences("json"):
        try:
            parts = [json.loads(text)]
        except ValueError:  # JSON lines
            parts = [json.loads(line) for line in text.strip().splitlines()]
        assert parts, where


@pytest.mark.parametrize("folder", ["rules", "rules/_examples"])
def test_shipped_rules_load_without_a_warning_and_pass_their_tests(folder: str) -> None:
    sources, problems = read_rule_files(find([ROOT / folder]), ROOT)
    loaded = load(sources)
    assert [str(problem) for problem in (*problems, *loaded.problems)] == []
    results = run_examples(loaded.rules)
    assert [(r.test.place, r.message) for r in results if not r.passed] == []
    per_rule: dict[str, set[str]] = defaultdict(set)
    for result in results:
        per_rule[result.rule_id].add(result.test.expects)
    assert all(kinds == {"fires", "silent"} for kinds in per_rule.values())
