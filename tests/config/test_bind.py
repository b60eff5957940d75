"""A notifier's options become an instance of its class, or problems at their places."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from monitor.config.bind import bind
from monitor.config.yamlfile import parse
from monitor.located import Mapping, Problem
from monitor.secret import Secret

ENVIRONMENT = {"TOKEN": "hunter2secret"}


@dataclass(frozen=True, slots=True)
class Everything:
    """One option of each kind."""

    url: Secret
    host: str = "localhost"
    port: int = 587
    ratio: float = 0.5
    loud: bool = False
    path: Path | None = None
    to: tuple[str, ...] = ()
    keys: tuple[Secret, ...] = ()
    security: Literal["starttls", "tls", "none"] = "starttls"
    password: Secret | None = None
    extra: dict[str, str] | None = None
    from_: str = ""


@dataclass(frozen=True, slots=True)
class Careful:
    """Refuses some combinations."""

    low: int = 0
    high: int = 10
    key: Secret | None = None

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low: is above high. Lower it.")

    def check(self) -> str | None:
        """A complaint, perhaps a careless one that shows a secret."""
        if self.key is not None:
            return f"the key {self.key.reveal()} is too old"
        return None


def options(text: str) -> Mapping:
    """The mapping that ``text`` holds."""
    node, _ = parse(text.encode(), "c.yaml")
    assert isinstance(node, Mapping)
    return node


def bound(cls: type, text: str, base: Path = Path("/base")) -> tuple[object, list[str]]:
    """The instance, and the problems as text."""
    instance, problems = bind(cls, options(text), base, ENVIRONMENT)
    assert (instance is None) == any(problem.severity == "error" for problem in problems)
    return instance, [str(problem).removeprefix("c.yaml:") for problem in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("url: x", Everything(Secret("x")), id="defaults"),
        pytest.param("url: '${TOKEN}'", Everything(Secret("hunter2secret")), id="a variable"),
        pytest.param("url: x\nport: '25'", Everything(Secret("x"), port=25), id="a number"),
        pytest.param("url: x\nratio: 1.10", Everything(Secret("x"), ratio=1.1), id="a fraction"),
        pytest.param("url: x\nloud: Yes", Everything(Secret("x"), loud=True), id="a truth value"),
        pytest.param(
            "url: x\npath: a/b",
            Everything(Secret("x"), path=Path("/base/a/b")),
            id="a relative path",
        ),
        pytest.param(
            "url: x\npath: /a", Everything(Secret("x"), path=Path("/a")), id="an absolute path"
        ),
        pytest.param("url: x\nto: a", Everything(Secret("x"), to=("a",)), id="one text as a list"),
        pytest.param("url: x\nto: [a, no]", Everything(Secret("x"), to=("a", "no")), id="a list"),
        pytest.param(
            "url: x\nkeys: ['${TOKEN}', b]",
            Everything(Secret("x"), keys=(Secret("hunter2secret"), Secret("b"))),
            id="a list of secrets",
        ),
        pytest.param(
            "url: x\nsecurity: tls", Everything(Secret("x"), security="tls"), id="a choice"
        ),
        pytest.param(
            "url: x\nextra: {a: b, c: 1}",
            Everything(Secret("x"), extra={"a": "b", "c": "1"}),
            id="a mapping",
        ),
        pytest.param(
            "url: x\nextra: {file: b}",
            Everything(Secret("x"), extra={"file": "b"}),
            id="a mapping with a key called file",
        ),
        pytest.param("url: x\nfrom: a", Everything(Secret("x"), from_="a"), id="a Python keyword"),
        pytest.param(
            "url: x\nport:\npassword:", Everything(Secret("x")), id="left empty means the default"
        ),
    ],
)
def test_options_become_fields(text: str, expected: Everything) -> None:
    assert bound(Everything, text) == (expected, [])


def test_texts_are_plain_and_can_travel() -> None:
    """Nothing of the reader clings to the values: they pickle as what they look like."""
    instance, _ = bound(Everything, "url: x\nhost: h\nto: [a]\nextra: {k: v}")
    assert isinstance(instance, Everything)
    assert instance.extra is not None
    texts = [instance.host, *instance.to, *instance.extra, *instance.extra.values()]
    assert {type(text) for text in texts} == {str}


def test_a_secret_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("open sesame\n")
    file.chmod(0o644)
    instance, problems = bound(Everything, "url: {file: key}", tmp_path)
    assert instance == Everything(Secret("open sesame"))
    assert len(problems) == 1
    assert "warning: everyone on this machine may read" in problems[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("host: x", ["1:1: 'url' is missing. Add it."], id="a missing option"),
        pytest.param("url:", ["1:5: 'url' is missing. Add it."], id="a required option left empty"),
        pytest.param(
            "url: x\nhots: y",
            ["2:1: 'hots' is not a known key here. Did you mean 'host'?"],
            id="a misspelt option",
        ),
        pytest.param(
            "url: x\nfrom_: y",
            ["2:1: 'from_' is not a known key here. Did you mean 'from'?"],
            id="the Python name of a keyword option",
        ),
        pytest.param("url: x\nport: many", ["2:7: 'many' is not a whole number."], id="no number"),
        pytest.param(
            "url: x\nratio: inf", ["2:8: 'inf' is not a number."], id="infinity is no number"
        ),
        pytest.param(
            "url: x\nloud: maybe", ["2:7: 'maybe' is neither true nor false."], id="no truth value"
        ),
        pytest.param(
            "url: x\nsecurity: startls",
            ["2:11: 'startls' is not one of starttls, tls, none. Did you mean 'starttls'?"],
            id="an unknown choice",
        ),
        pytest.param(
            "url: x\nsecurity: [tls]",
            ["2:11: found a list. Write one of starttls, tls, none"],
            id="a list for a choice",
        ),
        pytest.param(
            "url: x\nto: [a, {b: c}]",
            ["2:9: found a mapping. Write one text"],
            id="a mapping in a list",
        ),
        pytest.param(
            "url: x\nto: {b: c}", ["2:5: a list belongs here."], id="a mapping for a list"
        ),
        pytest.param(
            "url: x\nextra: [a]", ["2:8: keys with values belong here"], id="a list for a mapping"
        ),
        pytest.param(
            "url: x\nextra: {a: [b]}",
            ["2:12: found a list. Write one text"],
            id="a list in a mapping",
        ),
        pytest.param(
            "url: x\npath: [a]", ["2:7: found a list. Write one path"], id="a list for a path"
        ),
        pytest.param(
            "url: [hunter2secret]", ['1:6: found a list. Write "${NAME}"'], id="a list for a secret"
        ),
        pytest.param(
            "url: '${NOPE}'\nport: x",
            ["1:6: the environment variable NOPE", "2:7: 'x'"],
            id="all at once",
        ),
        pytest.param(
            "url: {file: nope}",
            ["1:13: the secret file cannot be read"],
            id="a missing secret file",
        ),
        pytest.param(
            "url: x\nport: '${TOKEN}'",
            ["2:7: what '${TOKEN}' stands for does not fit"],
            id="a secret where a number goes",
        ),
        pytest.param(
            "url: x\nsecurity: '${TOKEN}'",
            ["2:11: what '${TOKEN}' stands for"],
            id="a secret where a choice goes",
        ),
    ],
)
def test_mistakes(text: str, expected: list[str]) -> None:
    """Each at its place, and no secret in any."""
    _, problems = bound(Everything, text)
    assert len(problems) == len(expected)
    for problem, start in zip(problems, expected, strict=True):
        assert problem.startswith(start)
        assert "hunter2" not in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("high: 1\nlow: 5", "2:6: is above high. Lower it.", id="placed at the option"),
        pytest.param("low: 11", "1:6: is above high", id="the other one being a default"),
        pytest.param("key: '${TOKEN}'", "1:1: the key *** is too old", id="secrets are masked"),
    ],
)
def test_the_class_may_refuse(text: str, expected: str) -> None:
    _, problems = bound(Careful, text)
    assert len(problems) == 1
    assert problems[0].startswith(expected)


def test_no_options_at_all() -> None:
    """The console has none; the place of what is missing is the notifier's."""

    @dataclass(frozen=True, slots=True)
    class Console:
        pass

    place = options("a: b").place
    assert bind(Console, Mapping((), place), Path(), {}) == (Console(), ())
    assert bind(Everything, Mapping((), place), Path(), {})[1] == (
        Problem(place, "'url' is missing. Add it."),
    )
