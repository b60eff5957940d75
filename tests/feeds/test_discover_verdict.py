"""The state of a feed in plain words."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.discover_verdict import Earlier, State, of_failure, of_feed, of_no_feed
from monitor.feeds.entries import Loss
from monitor.model import (
    Entry,
    Fetched,
    FetchFailed,
    FetchProblem,
    Freshness,
    ParsedFeed,
    Validators,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://example.org/feed"


def fetched(final: str = URL, moved: str | None = None) -> Fetched:
    return Fetched(URL, final, 200, b"", None, Validators(), Freshness(), moved)


def feed(
    count: int = 4, days: float = 0.0, start: str = "", warnings: tuple[str, ...] = ()
) -> ParsedFeed:
    made = (
        Entry(
            f"{start}{n}",
            f"https://example.org/{start}{n}",
            "t",
            published=NOW - timedelta(days=days, hours=n),
        )
        for n in range(count)
    )
    return ParsedFeed("rss 2.0", "T", None, tuple(made), warnings=warnings)


OTHER = Earlier("Other", "https://example.org/other", of_feed(fetched(), feed(), (), NOW).keys)


@pytest.mark.parametrize(
    ("answer", "parsed", "state", "said", "suggestion"),
    [
        pytest.param(fetched(), feed(start="x"), State.OK, "4 entries, about 24 a day, newest just now", None, id="all is well"),
        pytest.param(fetched(), feed(1), State.OK, "1 entry, newest just now", None, id="one entry"),
        pytest.param(fetched(final="https://example.org/b"), feed(start="x"), State.OK, "4 entries", None, id="a passing redirect"),
        pytest.param(fetched(moved="https://example.org/new"), feed(start="x"), State.MOVED, "moved for good to https://example.org/new (4 entries", "https://example.org/new", id="a lasting one"),
        pytest.param(fetched(), feed(), State.DUPLICATE, "the same entries as Other", None, id="the entries of another"),
        pytest.param(fetched(final="http://EXAMPLE.org/other/"), feed(start="x"), State.DUPLICATE, "as Other", None, id="the address of another"),
        pytest.param(fetched(), feed(2), State.OK, "2 entries", None, id="too few to compare"),
        pytest.param(fetched(), feed(40), State.OK, "40 entries", None, id="a feed that holds another is no duplicate"),
        pytest.param(fetched(), feed(0), State.EMPTY, "without entries", None, id="empty"),
        pytest.param(fetched(), feed(days=366, start="x"), State.STALE, "nothing new for long: newest 12 months ago", None, id="older than a year"),
        pytest.param(fetched(), feed(days=364, start="x"), State.OK, "newest 12 months ago", None, id="not quite a year"),
        pytest.param(fetched(), feed(start="x", warnings=(Loss("not well-formed (line 3): x"),)), State.TROUBLE, "line 3", None, id="broken markup"),
        pytest.param(fetched(), feed(start="x", warnings=("served as text/html, read as a feed",)), State.OK, "served as", None, id="a small thing is said"),
    ],
)  # fmt: skip
def test_feeds_that_were_read(
    answer: Fetched, parsed: ParsedFeed, state: State, said: str, suggestion: str | None
) -> None:
    verdict = of_feed(answer, parsed, [OTHER], NOW)
    assert (verdict.state, verdict.suggestion, said in verdict.message) == (
        state,
        suggestion,
        True,
    ), verdict
    assert verdict.fine == (state is State.OK)


@pytest.mark.parametrize(
    ("problem", "status", "state"),
    [
        pytest.param(FetchProblem.HTTP, 404, State.GONE, id="404"),
        pytest.param(FetchProblem.HTTP, 410, State.GONE, id="410"),
        pytest.param(FetchProblem.HTTP, 401, State.REFUSED, id="a login"),
        pytest.param(FetchProblem.HTTP, 403, State.REFUSED, id="a bot wall"),
        pytest.param(FetchProblem.HTTP, 500, State.UNREACHABLE, id="a broken server"),
        pytest.param(FetchProblem.REFUSED_ADDRESS, None, State.REFUSED, id="an address inside the house"),
        pytest.param(FetchProblem.RATE_LIMITED, 429, State.WAITING, id="asked too often"),
        *[pytest.param(problem, None, State.UNREACHABLE, id=problem.value) for problem in FetchProblem if problem.name in "DNS CONNECT TLS TIMEOUT TOO_LARGE BAD_BODY REDIRECT BAD_URL".split()],
    ],
)  # fmt: skip
def test_feeds_that_could_not_be_had(
    problem: FetchProblem, status: int | None, state: State
) -> None:
    verdict = of_failure(FetchFailed(URL, problem, "example.org said no", status))
    assert (verdict.state, "example.org said no" in verdict.message) == (state, True)
    assert verdict.fine == (state is State.WAITING)


def test_a_page_names_the_feed_to_use_instead() -> None:
    verdict = of_no_feed(
        fetched(final="https://example.org/"), "a web page, not a feed", ["https://example.org/new"]
    )
    assert (
        verdict.message
        == "a web page, not a feed at https://example.org/; it names https://example.org/new"
    )
    assert (verdict.state, verdict.suggestion) == (State.PAGE, "https://example.org/new")
    assert of_no_feed(fetched(), "a web page", []).suggestion is None
