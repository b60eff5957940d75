"""Where a feed is asked for, when it moves for good or only says so."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.feeds.polling import Policy, Shown, after_poll
from monitor.feeds.polling_validators import asked_address
from monitor.model import (
    Feed,
    FeedState,
    Fetched,
    FetchFailed,
    FetchProblem,
    FetchResult,
    Freshness,
    NotModified,
    ParsedFeed,
    Validators,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OLD = "https://old.example/feed"
NEW = "https://new.example/feed"
OTHER = "https://parked.example/feed"
FEED = Feed(OLD)
KNOWN = FeedState(
    OLD, validators=Validators('"v"'), last_success_at=NOW, last_polled_at=NOW, baseline_at=NOW
)
DOCUMENT = ParsedFeed("rss 2.0", "Example", None, ())


@dataclass(frozen=True)
class Step:
    """An answer ``hours`` after the first. ``to``: where permanent redirects led."""

    hours: float
    to: str | None = NEW
    known: bool = True  # the body shares an entry with what is known
    kind: str = "body"  # body | same | unchanged | failure


def after(steps: list[Step]) -> tuple[FeedState, list[str], bool]:
    """The state, what was told, and whether the new place was ever adopted."""
    state, adopted = KNOWN, False
    told: list[str] = []
    for step in steps:
        body = Fetched(
            OLD, step.to or OLD, 200, b"x", None, Validators(), Freshness(),
            moved_permanently_to=step.to if asked_address(FEED, state) == OLD else None,
        )  # fmt: skip
        results: dict[str, FetchResult] = {
            "body": body,
            "same": body,
            "unchanged": NotModified(OLD, Validators(), Freshness()),
            "failure": FetchFailed(OLD, FetchProblem.HTTP, "ill", 500),
        }
        shown = Shown(DOCUMENT, 3, (), step.known) if step.kind == "body" else Shown()
        state, _, notices = after_poll(
            FEED, state, results[step.kind], shown=shown, policy=Policy(), jitter=0.5,
            now=NOW + timedelta(hours=step.hours),
        )  # fmt: skip
        told += notices
        adopted = adopted or asked_address(FEED, state) == NEW
    return state, told, adopted


FOUR_DAYS = [Step(hours) for hours in (0, 24, 48, 71, 73)]
ADOPTED = [*FOUR_DAYS]


@pytest.mark.parametrize(
    ("steps", "address"),
    [
        pytest.param(FOUR_DAYS, NEW, id="F-42 five times over 72 hours: adopted"),
        pytest.param(FOUR_DAYS[:4], OLD, id="F-42 four times: not yet"),
        pytest.param([Step(h) for h in range(71)], OLD, id="F-42 seventy times in 70 hours: no"),
        pytest.param([Step(h) for h in range(74)], NEW, id="once the 72 hours are over: yes"),
        pytest.param([Step(h, kind="same") for h in range(74)], NEW,
                     id="the same content is the same feed"),
        pytest.param([Step(h, to=None) for h in range(100)], OLD,
                     id="F-43 302, 303 or 307, however often: never"),
        pytest.param([Step(h, known=False) for h in range(100)], OLD,
                     id="F-44 a parked feed that shares nothing: never"),
        pytest.param([Step(h, to=OTHER if h % 2 else NEW) for h in range(100)], OLD,
                     id="two places in turn: never"),
        pytest.param([*FOUR_DAYS[:4], Step(72, to=None), Step(73)], OLD,
                     id="one answer without a redirect begins anew"),
        pytest.param([*FOUR_DAYS[:4], Step(72, kind="unchanged"), Step(73)], NEW,
                     id="a 304 says nothing of redirects"),
        pytest.param([*FOUR_DAYS[:4], Step(72, kind="failure"), Step(73)], NEW,
                     id="nor does a failure"),
        pytest.param([Step(9000), *FOUR_DAYS[1:]], OLD,
                     id="a clock that ran ahead proves nothing"),
        pytest.param([*ADOPTED, Step(80, kind="failure")], OLD,
                     id="the new place fails: the user's is asked next"),
        pytest.param([*ADOPTED, Step(80, kind="failure"), Step(81, kind="failure")], NEW,
                     id="that fails too: the new one again"),
        pytest.param([*ADOPTED, Step(80, kind="failure"), Step(81)], NEW,
                     id="it still redirects: the new one again"),
        pytest.param([*ADOPTED, Step(80, kind="failure"), Step(81, to=None)], OLD,
                     id="it answers itself again: moved back"),
        pytest.param([*ADOPTED, Step(80, to=None), Step(81, kind="unchanged")], NEW,
                     id="good answers at the new place change nothing"),
    ],
)  # fmt: skip
def test_where_the_next_poll_goes(steps: list[Step], address: str) -> None:
    state, told, adopted = after(steps)
    assert asked_address(FEED, state) == address
    assert state.url == OLD
    assert len(told) == int(adopted)


def test_the_move_is_told_with_its_mend_and_without_secrets() -> None:
    state, _, _ = after(FOUR_DAYS[:4])
    secret = f"{NEW}?token=T0K3N"
    state = replace(state, memory=replace(state.memory, moved_to=secret))
    result = Fetched(OLD, secret, 200, b"x", None, Validators(), Freshness(), secret)
    _, _, (notice,) = after_poll(
        FEED, state, result, policy=Policy(), now=NOW + timedelta(hours=100), jitter=0.5
    )
    assert f"moved permanently to {NEW}?…" in notice
    assert "change it in config.yaml" in notice
    assert "T0K3N" not in notice
