"""routes, operations and fuses in config.yaml: what they come to, and every mistake at its place."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.alerts.fuse import Fuse
from monitor.alerts.plans import read_plan
from monitor.alerts.quiet import read_window
from monitor.alerts.routes import ANY, Conditions, Route
from monitor.config import schema
from monitor.config.alertpolicy import alert_policy
from monitor.config.keys import keys_of
from monitor.config.routesection import Operations, RouteSection
from monitor.config.settings import Settings, load_settings
from monitor.config.yamlfile import parse
from monitor.located import Mapping, plain
from monitor.model import Level

HEAD = (
    "feeds: [https://example.org/f]\nnotifiers: {screen: {type: console}, desk: {type: console}}\n"
)
EDITOR = Draft202012Validator(schema.config_schema())
URGENT = Conditions(levels=(Level.URGENT,))


def load(folder: Path, text: str) -> tuple[Settings | None, list[str]]:
    """The settings, and ``line:column: message`` of each problem; the text begins in line 3."""
    (folder / "rules").mkdir(exist_ok=True)
    file = folder / "config.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    read, problems = load_settings(file, {"WHO": "desk"})
    return read, [f"{one.place.line}:{one.place.column}: {one.message}" for one in problems]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("notify: screen", Route("route 1", ANY, ("screen",)), id="one text as a list"),
        pytest.param("notify: []", Route("route 1"), id="a route to nobody"),
        pytest.param("notify: [desk], match: {level: urgent}, name: loud", Route("loud", URGENT, ("desk",)), id="a name"),
        pytest.param('notify: ["${WHO}"], continue: yes', Route("route 1", ANY, ("desk",), True), id="continue; a name from outside"),
        pytest.param("notify: [desk], match: ", Route("route 1", ANY, ("desk",)), id="a key without a value is its default"),
        pytest.param(
            'notify: [desk], digest: "08:00 Mon-Fri", timezone: Asia/Tokyo, quiet: "22:00-07:00", break_through: normal',
            Route("route 1", ANY, ("desk",), False, read_plan("08:00 Mon-Fri"), ZoneInfo("Asia/Tokyo"),
                  (read_window("22:00-07:00"),), Level.NORMAL),
            id="a digest in a zone of its own",
        ),
        pytest.param(
            "notify: [desk], group: 10m, max_per_day: 30, max_per_hour: 5, muted_by: {rule: thread-*, desk: [a, b]}",
            Route("route 1", ANY, ("desk",), group=600.0, max_per_day=30, max_per_hour=5,
                  muted_by=Conditions(rules=("thread-*",), labels=(("desk", ("a", "b")),))),
            id="limits, a group, and who mutes it",
        ),
        pytest.param(
            "notify: [desk], match: {level: [info, normal], rule: eu-*, tags: EU, source: [Café, b.example], tier: [1, 2], no: yes}",
            Route("route 1", Conditions((Level.INFO, Level.NORMAL), ("eu-*",), (("no", ("yes",)),), ("eu",),
                                        ("cafe", "b.example"), (1, 2)), ("desk",)),
            id="every condition; a label may be called no",
        ),
        pytest.param(
            'notify: [desk], quiet: ["22:00-07:00", "00:00-24:00 Sat,Sun"]',
            Route("route 1", ANY, ("desk",), quiet=(read_window("22:00-07:00"), read_window("00:00-24:00 Sat,Sun"))),
            id="two windows",
        ),
    ],
)  # fmt: skip
def test_routes(tmp_path: Path, text: str, made: Route) -> None:
    read, problems = load(tmp_path, f"routes: [{{{text}}}]")
    assert problems == []
    assert read is not None
    assert read.routes == (made,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("routes: [{notify: screem}]", ["3:19: no notifier is called 'screem'. Did you mean 'screen'?"], id="a slip in a name"),
        pytest.param("routes: [{notify: [desk, pager]}]", ["3:26: no notifier is called 'pager'."], id="in a list"),
        pytest.param("routes: [{match: {level: urgent}}]", ["3:10: 'notify' is missing. Add it."], id="nobody named"),
        pytest.param("routes: [{notify: desk, digets: x}]", ["3:25: 'digets' is not a known key here. Did you mean 'digest'?"], id="an unknown key"),
        pytest.param("routes: [{notify: desk, continue_: yes}]", ["3:25: 'continue_' is not a known key here. Did you mean 'continue'?"],
                     id="the name inside the program"),
        pytest.param("routes: [desk]", ["3:10: "], id="a name alone is no route"),
        pytest.param("routes: {notify: desk}", ["3:9: a list belongs here."], id="one route without a list"),
        pytest.param("routes: [{notify: desk, match: {level: urgnt}}]", ["3:40: 'urgnt' is no level. Did you mean 'urgent'?"], id="a level"),
        pytest.param("routes: [{notify: desk, match: {lvel: urgent}}]", ["3:39: 'lvel' is no key here"], id="a slip that would be a label"),
        pytest.param("routes: [{notify: desk, match: {Rules: a}}]", ["3:32: 'Rules' is no key here"], id="also with a capital"),
        pytest.param("routes: [{notify: desk, match: {labels: {a: b}}}]", ["3:41: labels stand here by their names."], id="labels"),
        pytest.param("routes: [{notify: desk, match: {desk: }}]", ["3:39: a value belongs here"], id="a label without a value"),
        pytest.param("routes: [{notify: desk, match: {tier: first}}]", ["3:39: 'first' is no tier."], id="a tier in words"),
        pytest.param("routes: [{notify: desk, match: urgent}]", ["3:32: found a text. Write conditions"], id="a level without its key"),
        pytest.param("routes: [{notify: desk, digest: noon}]", ["3:33: 'noon' is no day of the week. Write Mon, Mon-Fri"], id="a plan"),
        pytest.param("routes: [{notify: desk, digest: [08:00]}]", ["3:33: found a list. Write one plan"], id="plans in a list"),
        pytest.param("routes: [{notify: desk, quiet: '22:00-22:00'}]", ["3:32: this window begins when it ends."], id="a window"),
        pytest.param("routes: [{notify: desk, quiet: '00:00-24:00'}]", ["3:32: no minute of the week is left"], id="always quiet"),
        pytest.param("routes: [{notify: desk, quiet: []}]", ["3:32: found a list."], id="no window"),
        pytest.param("routes: [{notify: desk, timezone: Europe/Bruxelles, digest: '08:00'}]", ["3:35: 'Europe/Bruxelles' is not a known time zone. Did you mean"],
                     id="a zone"),
        pytest.param("routes: [{notify: desk, break_through: loud, group: 5m}]", ["3:40: 'loud' is not one of info, normal, urgent."], id="no level"),
        pytest.param("routes: [{notify: desk, break_through: urgent}]", ["3:40: this route never waits"], id="nothing to break through"),
        pytest.param("routes: [{notify: desk, group: 10s}]", ["3:32: 10s is out of range."], id="a short group"),
        pytest.param("routes: [{notify: desk, max_per_day: 0}]", ["3:38: 0 is out of range."], id="a limit of nothing"),
        pytest.param("routes: [{notify: desk, digest: '08:00', max_per_day: 5}]", ["3:55: it has no meaning beside digest."], id="a limit for a digest"),
        pytest.param("routes: [{notify: desk, muted_by: {}}]", ["3:35: this needs a condition"], id="muted by everything"),
        pytest.param("routes: [{notify: desk, muted_by: {tier: 1}}]", ["3:42: only level, rule and labels"], id="muted by what is not known of an alert"),
        pytest.param("routes:\n - {notify: screen}\n - {match: {level: info}, notify: desk}",
                     ["5:4: nothing can take this route: route 1 (line 4) takes everything."], id="behind a catch-all"),
        pytest.param("routes:\n - {name: a, match: {level: [info, urgent]}, notify: screen}\n - {match: {level: info, desk: x}, notify: desk}",
                     ["5:4: nothing can take this route: a (line 4) takes all that fits here."], id="behind one that takes more"),
        pytest.param("routes:\n - {name: a, match: {x: y}, notify: screen}\n - {name: a, notify: desk}", ["5:11: 'a' is the name of route 1, too."],
                     id="a name twice"),
        pytest.param("operations: {notify: nobody, feed_silent: soon, canary: weekly, canry: x}",
                     ["3:22: no notifier is called 'nobody'.", "3:43: 'soon' is not a duration.", "3:57: 'weekly' is not one of daily, off.",
                      "3:65: 'canry' is not a known key here. Did you mean 'canary'?"], id="operations"),
        pytest.param("operations: {feed_silent: 10m}", ["3:27: "], id="a feed is quiet for minutes"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, text: str, expected: list[str]) -> None:
    read, problems = load(tmp_path, text)
    assert read is None
    assert len(problems) == len(expected), problems
    for problem, start in zip(problems, expected, strict=True):
        assert problem.startswith(start), problem


def test_a_secret_that_strayed_into_a_condition_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    (tmp_path / "rules").mkdir()
    text = "routes: [{notify: desk, match: {tier: '${WHO}', level: x}, digest: '${WHO}'}]"
    file.write_text(HEAD + text)
    _, problems = load_settings(file, {"WHO": "hunter2secret"})
    assert problems
    assert "hunter2" not in " ".join(map(str, problems))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("", Operations(None, "auto", "off"), id="defaults"),
        pytest.param("operations: {notify: [], feed_silent: off, canary: no}", Operations((), None, "off"), id="all off"),
        pytest.param("operations: {notify: desk, feed_silent: 3d, canary: daily}", Operations(("desk",), 259_200.0, "daily"), id="all set"),
    ],
)  # fmt: skip
def test_operations(tmp_path: Path, text: str, made: Operations) -> None:
    read, problems = load(tmp_path, text)
    assert problems == []
    assert read is not None
    assert read.operations == made


@pytest.mark.parametrize(
    ("fuse", "made"),
    [
        pytest.param("", Fuse(20), id="the default"),
        pytest.param("fuse: 5", Fuse(5), id="a number"),
        pytest.param("fuse: 50 in 30m", Fuse(50, 1800.0), id="in another time"),
        pytest.param("fuse: off", None, id="none"),
        pytest.param("fuse: ", Fuse(20), id="a key without a value is its default"),
        pytest.param("fuse: 0", "'0' is no fuse. Write 20, '50 in 30m' or off.", id="nothing at all"),
        pytest.param("fuse: many", "'many' is no fuse.", id="a word"),
        pytest.param("fuse: [20]", "'' is no fuse.", id="a list"),
        pytest.param("fuse: 5 in soon", "'soon' is not a duration.", id="a time in words"),
        pytest.param("fuse: 5 in 1s", "is out of range", id="a second"),
    ],
)  # fmt: skip
def test_fuses(tmp_path: Path, fuse: str, made: Fuse | str | None) -> None:
    (tmp_path / "rules").mkdir()
    file = tmp_path / "config.yaml"
    file.write_text(
        f"feeds: [https://example.org/f]\nnotifiers: {{a: {{type: console, {fuse}}}}}\n"
    )
    read, problems = load_settings(file, {})
    if isinstance(made, str):
        assert [made in str(problem) for problem in problems] == [True]
        return
    assert problems == ()
    assert read is not None
    (one,) = read.notifiers
    assert one.fuse == made
    assert one.options.keys() == ()
    assert alert_policy(read).fuses == ({} if made is None else {"a": made})


def test_the_policy_of_the_settings(tmp_path: Path) -> None:
    read, problems = load(
        tmp_path, "timezone: Asia/Tokyo\nroutes: [{notify: desk}]\narticles: {max_age: 1h}"
    )
    assert problems == []
    assert read is not None
    made = alert_policy(read, ["desk"])
    assert (made.notifiers, made.max_age, made.zone) == (
        ("screen", "desk"),
        3600.0,
        ZoneInfo("Asia/Tokyo"),
    )
    assert (made.routes, made.updates) == (read.routes, frozenset({"desk"}))


@pytest.mark.parametrize("key", keys_of(RouteSection))
def test_an_editor_knows_every_key_of_a_route(key: str) -> None:
    assert key in schema.config_schema()["$defs"]["RouteSection"]["properties"]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        pytest.param("routes: [{notify: [a], continue: true, digest: '08:00', match: {level: [a]}}]", True, id="a route"),
        pytest.param("routes: [{notify: a, quiet: ['22:00-07:00'], max_per_day: 3, break_through: urgent}]", True, id="another"),
        pytest.param("operations: {feed_silent: 3d, canary: daily}", True, id="operations"),
        pytest.param("notifiers: {a: {type: x, fuse: 50 in 30m}}", True, id="a fuse"),
        pytest.param("notifiers: {a: {type: x, fuse: lots}}", False, id="no fuse"),
        pytest.param("routes: [{match: {}}]", False, id="nobody named"),
        pytest.param("routes: [{notify: a, digets: x}]", False, id="an unknown key"),
        pytest.param("operations: {canary: weekly}", False, id="an unknown choice"),
    ],
)  # fmt: skip
def test_an_editor_and_the_program_agree(text: str, fits: bool) -> None:
    node, _ = parse(text.encode(), "config.yaml")
    assert isinstance(node, Mapping)
    content = plain(node)
    for route in content.get("routes", []) if isinstance(content, dict) else []:
        if "max_per_day" in route:
            route["max_per_day"] = int(route["max_per_day"])
        if "continue" in route:
            route["continue"] = route["continue"] == "true"
    assert EDITOR.is_valid(content) is fits


WORDS = st.text(alphabet="abc*:-,0 {}[]'\"#&éß\n", max_size=12)
KEYS = st.sampled_from([*keys_of(RouteSection), "level", "xyz"])
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS | KEYS, inner, max_size=2),
    max_leaves=4,
)


def written(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{written(key)}: {written(item)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return "'" + str(value).replace("'", "''").replace("\n", " ") + "'"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=2))
def test_whatever_stands_there_is_read_or_told(
    tmp_path: Path, routes: list[dict[str, object]]
) -> None:
    read, problems = load(tmp_path, f"routes: {written(routes)}\n")
    assert (read is None) == bool(problems)
