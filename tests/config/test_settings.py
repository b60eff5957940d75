"""config.yaml: every key, every default, every mistake at its place, and no secret told."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config.settings import (
    Articles,
    Backfill,
    Network,
    Polling,
    Retention,
    Settings,
    load_settings,
)
from monitor.located import Problem
from monitor.model import Feed
from monitor.secret import Secret, redact

ENVIRONMENT = {"TOKEN": "hunter2secret", "EMPTY": "", "ZONE": "Europe/Brussels"}


def load(folder: Path, text: str) -> tuple[Settings | None, tuple[Problem, ...]]:
    """The settings in ``text``, in a folder that has rules and plugins."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "mine").mkdir(exist_ok=True)
    file = folder / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return load_settings(file, ENVIRONMENT)


def good(folder: Path, text: str) -> Settings:
    """Settings without any problem."""
    read, problems = load(folder, text)
    assert problems == ()
    assert read is not None
    return read


def told(folder: Path, text: str) -> list[str]:
    """``line:column: message`` of each problem."""
    _, problems = load(folder, text)
    prefix = f"{folder / 'config.yaml'}:"
    assert all(str(problem).startswith(prefix) for problem in problems)
    return [str(problem).removeprefix(prefix) for problem in problems]


def test_defaults(tmp_path: Path) -> None:
    """A file with one feed has all the defaults that the manual names."""
    read = good(tmp_path, "feeds: [https://example.org/feed.xml]")
    assert read.data == tmp_path / "data"
    assert read.rules == (tmp_path / "rules",)
    assert read.plugins == ()
    assert ZoneInfo(read.timezone)
    assert read.feeds == (Feed(url="https://example.org/feed.xml"),)
    assert read.polling == Polling(
        every=None,
        min=300.0,
        max=1800.0,
        concurrency=64,
        per_host=1,
        host_gap=2.0,
        timeout=30.0,
        max_bytes=10_000_000,
        backfill=Backfill(count=0, age=None),
    )
    assert read.polling.user_agent.startswith("news-monitor/")
    assert read.articles == Articles(max_bytes=5_000_000, max_age=72 * 3600.0)
    assert read.network == Network(allow_private=(), proxy=None)
    assert read.retention == Retention(articles=180 * 86400.0, decisions=90 * 86400.0)
    assert [(item.name, item.type, item.options.pairs) for item in read.notifiers] == [
        ("screen", "console", ())
    ]


def test_everything_written(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    (tmp_path / "password").chmod(0o600)
    read = good(
        tmp_path,
        """
data: store
rules: rules
plugins: [mine]
timezone: ${ZONE}
feeds:
  - url: https://example.com/rss
    name: Example
    every: 10m
    enabled: no
    headers: {Authorization: "Bearer ${TOKEN}"}
    auth: {username: analyst, password: {file: password}}
    tags: [eu, no]
    language: no
    tier: 1
polling: {every: 15m, min: 6m, max: 1h, concurrency: 8, per_host: 2, host_gap: 500s,
  timeout: 5s, max_bytes: 1MB, backfill: 10, user_agent: example/1.0}
articles: {max_bytes: 2MB, max_age: 7d}
network: {allow_private: [10.0.0.0/8, intranet.example.org], proxy: "http://u:${TOKEN}@proxy:3128"}
notifiers:
  a: {type: slack, on_uncertain: hold, webhook_url: x}
retention: {articles: 30d, decisions: 7d}
""",
    )
    assert read.data == tmp_path / "store"
    assert read.plugins == (tmp_path / "mine",)
    assert read.timezone == "Europe/Brussels"
    assert read.feeds == (
        Feed(
            url="https://example.com/rss",
            name="Example",
            every=600.0,
            enabled=False,
            headers=(("Authorization", Secret("Bearer hunter2secret")),),
            username="analyst",
            password=Secret("open sesame"),
            tags=("eu", "no"),
            language="no",
            tier=1,
        ),
    )
    assert read.polling == Polling(
        every=900.0,
        min=360.0,
        max=3600.0,
        concurrency=8,
        per_host=2,
        host_gap=500.0,
        timeout=5.0,
        max_bytes=1_000_000,
        backfill=Backfill(count=10, age=None),
        user_agent="example/1.0",
    )
    assert read.network.proxy == Secret("http://u:hunter2secret@proxy:3128")
    assert read.network.allow_private == ("10.0.0.0/8", "intranet.example.org")
    (notifier,) = read.notifiers
    assert (notifier.type, notifier.on_uncertain) == ("slack", "hold")
    assert notifier.options.keys() == ("webhook_url",)
    assert read.retention == Retention(articles=30 * 86400.0, decisions=7 * 86400.0)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("0", Backfill(0, None), id="nothing"),
        pytest.param("12", Backfill(12, None), id="the newest twelve"),
        pytest.param("24h", Backfill(None, 86400.0), id="a day"),
        pytest.param("", Backfill(0, None), id="left empty"),
    ],
)
def test_backfill(tmp_path: Path, written: str, expected: Backfill) -> None:
    text = f"feeds: [https://example.org/a]\npolling:\n  backfill: {written}\n"
    assert good(tmp_path, text).polling.backfill == expected


FEED = "feeds: [https://example.org/a]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "feeds: [https://example.org/a]\npollng: {}",
            ["2:1: 'pollng' is not a known key here. Did you mean 'polling'?"],
            id="an unknown key gets a suggestion",
        ),
        pytest.param(
            FEED + "polling: {host-gap: 2s}",
            ["2:11: 'host-gap' is not a known key here. Did you mean 'host_gap'?"],
            id="a hyphen for an underscore too",
        ),
        pytest.param(
            FEED + "polling: {zzz: }",
            [
                "2:11: 'zzz' is not a known key here. Known here: backfill, concurrency, every, "
                "host_gap, max, max_bytes, min, per_host, retry_after_scope, timeout, user_agent."
            ],
            id="an unknown key without a value is unknown all the same",
        ),
        pytest.param(
            FEED + "articles: {max_age: 6 hours}",
            ["2:21: '6 hours' is not a duration. Write a number and a unit: 90s, 15m, 6h or 2d."],
            id="a duration in words",
        ),
        pytest.param(
            FEED + "polling: {timeout: [1s], max_bytes: 10}",
            ["2:20: found a list. Write a duration", "2:37: '10' is not a size."],
            id="two mistakes of one section",
        ),
        pytest.param(
            FEED + "polling: {concurrency: many, per_host: 0}",
            [
                "2:24: 'many' is not a whole number.",
                "2:40: 0 is out of range. Write something from 1 to 16.",
            ],
            id="numbers",
        ),
        pytest.param(
            FEED + "polling: {min: 1h, max: 10m}",
            ["2:16: 1h is longer than max (10m)."],
            id="min longer than max",
        ),
        pytest.param(
            FEED + "polling: {every: 59s}",
            ["2:18: 59s is out of range."],
            id="faster than a minute",
        ),
        pytest.param(
            FEED + "polling: {every: 4m}",
            ["2:18: warning: polling more often than every 5m"],
            id="faster than five minutes is a warning",
        ),
        pytest.param(
            "feeds: [{url: 'https://example.org/a', every: 1m}]",
            ["1:47: warning: polling more often"],
            id="also for one feed",
        ),
        pytest.param(
            FEED + "polling: {backfill: some}",
            ["2:21: 'some' is neither a number of entries nor a duration."],
            id="backfill",
        ),
        pytest.param(
            FEED + "polling: fast", ["2:10: keys with values belong here"], id="no section"
        ),
        pytest.param(
            "feeds: https://example.org/a", ["1:8: a list belongs here."], id="feeds is a list"
        ),
        pytest.param("feeds:", ["1:1: warning: there are no feeds"], id="no feeds is a warning"),
        pytest.param(
            "feeds: [[a]]", ["1:9: found a list. Write an address"], id="a list as a feed"
        ),
        pytest.param(
            "feeds: [{name: x}]", ["1:9: 'url' is missing. Add it."], id="a feed without address"
        ),
        pytest.param(
            "feeds: ['ftp://example.org/a', example.org/feed, 'https://', 'https://a b', "
            "'https://[::1', 'https://example.org:99999/']",
            [
                "1:9: 'ftp' is not supported. Use https:// or http://.",
                "1:32: this is no full address.",
                "1:50: this address names no host.",
                "1:62: an address has no spaces",
                "1:77: this address cannot be read.",
                "1:93: this address cannot be read.",
            ],
            id="addresses that are none",
        ),
        pytest.param(
            "feeds:\n  - https://example.org\n  - url: HTTPS://EXAMPLE.org:443/#top\n",
            ["3:10: this feed is here twice; the first is in line 2, column 5."],
            id="the same feed twice, written otherwise",
        ),
        pytest.param(
            "feeds: ['https://u:hunter2secret@example.org/']",
            ["1:9: user and password do not belong in an address"],
            id="a password in an address",
        ),
        pytest.param(
            'feeds:\n - url: https://example.org/a\n   headers: {a b: c, X: "a\\nb"}\n'
            "   auth: {username: 'a:b', password: }\n   language: english\n   tier: 0\n"
            "   enabled: maybe\n   every: adaptive\n",
            [
                "3:14: 'a b' cannot be the name of an HTTP header.",
                "3:25: a header's value is one line",
                "4:10: 'password' is missing.",
                "5:14: 'english' is no language code.",
                "6:10: 0 is out of range.",
                "7:13: 'maybe' is neither true nor false.",
                "8:11: 'adaptive' is not a duration.",
            ],
            id="every field of a feed",
        ),
        pytest.param(
            "feeds: [{opml: a.opml}]",
            ["1:10: 'opml' is not supported yet in this version."],
            id="feeds of a later version",
        ),
        pytest.param(
            "feeds: [{sitemap: 'https://example.org/s', url: 'https://example.org/f'}]",
            ["1:19: this feed has a url already. Keep one of them."],
            id="a feed that is a sitemap, too",
        ),
        pytest.param(
            "feeds: [https://example.org/s, {sitemap: 'https://example.org/s'}]",
            ["1:42: this feed is here twice; the first is in line 1, column 9."],
            id="a sitemap that is a feed already",
        ),
        pytest.param(
            "feeds: [{sitemap: 'example.org/s'}, {name: x}]",
            ["1:19: ", "1:37: 'url' is missing. Add it."],
            id="a sitemap without a scheme, and a feed without any address",
        ),
        pytest.param(
            FEED + "database: x",
            ["2:1: 'database' is not supported yet in this version. Remove it."],
            id="a key of a later version",
        ),
        pytest.param(
            FEED + "timezone: Europe/Bruxelles",
            ["2:11: 'Europe/Bruxelles' is not a known time zone. Did you mean 'Europe/Brussels'?"],
            id="a time zone in French",
        ),
        pytest.param(
            FEED + "timezone: ../etc/passwd", ["2:11: '../etc/passwd' is not a known"], id="no path"
        ),
        pytest.param(
            FEED + "rules: [rules, nope]\nplugins: nope",
            ["2:16: there is nothing at this path.", "3:10: there is nothing at this path."],
            id="folders that do not exist",
        ),
        pytest.param(
            FEED + "data: config.yaml\nrules: ['~nobody-x/r']",
            ["2:7: this is a file.", "3:9: there is nothing at this path."],
            id="paths that lead nowhere",
        ),
        pytest.param(
            FEED + "network: {allow_private: [10.0.0.0/99], proxy: 'socks5://x'}",
            ["2:27: '10.0.0.0/99' is no network", "2:48: this is no proxy address."],
            id="network",
        ),
        pytest.param(
            FEED + "notifiers: {}", ["2:1: no notifier is named here"], id="no notifier at all"
        ),
        pytest.param(
            FEED + "notifiers: {a: {type: x, on_uncertain: held}, b: y, 'c d': {type: x}, e: {}}",
            [
                "2:40: 'held' is not one of resend, hold. Did you mean 'hold'?",
                "2:50: a notifier is a mapping with a type.",
                "2:53: 'c d' cannot name a notifier.",
                "2:71: 'type' is missing.",
            ],
            id="notifiers",
        ),
        pytest.param(
            "feeds: ['https://example.org/${NOPE}']\npolling: {user_agent: '${EMPTY}'}",
            [
                "1:9: the environment variable NOPE is not set.",
                "2:23: the environment variable EMPTY is empty.",
            ],
            id="variables",
        ),
        pytest.param(
            "feeds: [*all, {url: 'https://example.org/a', every: 5}]\nfeeds: []",
            [
                "1:9: a value that begins with '*'",
                "1:53: '5' is not a duration.",
                "2:1: the key 'feeds' is here twice",
            ],
            id="mistakes of YAML and of meaning in one run",
        ),
        pytest.param("- a", ["1:1: settings are keys with values"], id="a list instead of keys"),
        pytest.param("feeds: [", ["2:1: a value should stand here."], id="broken YAML"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, expected: list[str]) -> None:
    """All of them, in the order of the file, each with its place."""
    problems = told(tmp_path, text)
    assert len(problems) == len(expected)
    for problem, start in zip(problems, expected, strict=True):
        assert start in problem
    read, found = load(tmp_path, text)
    assert (read is None) == any(problem.severity == "error" for problem in found)


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    read, problems = load(tmp_path, "# nothing yet\n")
    assert read is not None
    assert [problem.code for problem in problems] == ["no-feeds"]


def test_without_a_rules_folder_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("feeds: [https://example.org/a]")
    read, problems = load_settings(file, {})
    assert read is not None
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "no-rules")]


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    read, problems = load_settings(tmp_path / "config.yaml", {})
    assert read is None
    assert ["there is no such file" in problem.message for problem in problems] == [True]


def test_relative_paths_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the file itself is named relative to the current folder."""
    load(tmp_path, FEED)
    monkeypatch.chdir(tmp_path.parent)
    read, _ = load_settings(Path(tmp_path.name) / "config.yaml", {})
    assert read is not None
    assert read.data == tmp_path / "data"


@pytest.mark.parametrize(
    "text",
    [
        "timezone: ${TOKEN}",
        "feeds: ['${TOKEN}://x']",
        "feeds: ['https://example.org/${TOKEN} x']",
        "feeds: [{url: 'https://example.org/', language: '${TOKEN}'}]",
        "feeds: [{url: 'https://example.org/', every: '${TOKEN}', tier: '${TOKEN}'}]",
        "feeds: [{url: 'https://example.org/', enabled: '${TOKEN}'}]",
        "feeds: [{url: 'https://example.org/', auth: hunter2secret}]",
        "feeds: [{url: 'https://example.org/', auth: {password: [hunter2secret]}}]",
        "feeds: [{url: 'https://example.org/', headers: {A: [hunter2secret]}}]",
        "feeds: [{url: 'https://example.org/', headers: hunter2secret}]",
        "network: {proxy: 'hunter2secret'}",
        "network: {allow_private: ['${TOKEN}/x']}",
        "polling: {max_bytes: '${TOKEN}', concurrency: '${TOKEN}', backfill: '${TOKEN}'}",
        "rules: ['${TOKEN}']",
        "polling: '${TOKEN}'",
    ],
)
def test_no_problem_tells_a_secret(tmp_path: Path, text: str) -> None:
    """Neither one from the environment nor one written where a secret goes."""
    problems = told(tmp_path, text)
    assert any("warning" not in problem for problem in problems)
    assert not any("hunter2" in problem for problem in problems)


def test_settings_show_no_secret(tmp_path: Path) -> None:
    read = good(
        tmp_path,
        "feeds:\n  - url: https://example.org/?key=${TOKEN}\n"
        "    headers: {X: '${TOKEN}'}\n    auth: {username: a, password: '${TOKEN}'}\n",
    )
    hidden = replace(read.feeds[0], url="")
    assert "hunter2" not in repr(replace(read, feeds=(hidden,)))


def test_an_address_with_a_token_is_known_to_the_log_filter(tmp_path: Path) -> None:
    """The address itself is no Secret; a log line with it must not show the token."""
    (tmp_path / "rules").mkdir()
    file = tmp_path / "config.yaml"
    file.write_text("feeds: ['https://${HOST}/?key=${ONLY_HERE}']")
    environment = {"ONLY_HERE": "sesame-in-an-address", "HOST": "news.example.org"}
    read, _ = load_settings(file, environment)
    assert read is not None
    assert "sesame" in read.feeds[0].url
    assert "sesame" not in redact(f"fetching {read.feeds[0].url} failed")
    assert "sesame" not in redact("GET /?key=sesame-in-an-address")
    assert redact("news.example.org is slow") == "news.example.org is slow"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(
        [
            "data",
            "rules",
            "plugins",
            "timezone",
            "feeds",
            "polling",
            "articles",
            "network",
            "notifiers",
            "retention",
            "web",
            "x",
        ]
    ),
    value=st.recursive(
        st.sampled_from(
            ["", "x", "5m", "https://example.org/", "${TOKEN}", "{file: x}", "no", "1"]
        ),
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
            | st.tuples(
                st.sampled_from(["url", "every", "auth", "headers", "type", "file"]), inner
            ).map(lambda pair: f"{{{pair[0]}: {pair[1]}}}")
        ),
        max_leaves=6,
    ),
)
def test_any_shape_anywhere_gives_a_result(tmp_path: Path, key: str, value: str) -> None:
    """Settings or at least one error; never an exception, never a secret."""
    read, problems = load(tmp_path, f"{key}: {value}\n")
    assert (read is None) == any(problem.severity == "error" for problem in problems)
    assert not any("hunter2" in str(problem) for problem in problems)
