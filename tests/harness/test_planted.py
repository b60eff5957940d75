"""The harness notices mistakes: each of these is put into the program, and must be found out.

A mistake that shows only where a certain step is hit is looked for over a range of steps, so that
the tests do not depend on how many steps the program needs.
"""

from collections.abc import Iterable

import pytest

from tests.harness import planted
from tests.harness.faults import Fault, Plan
from tests.harness.run import run
from tests.harness.scene import scene_for

SOON = 1500.0  # seconds in which everything must be delivered
# Other scenes than the first: where the store takes its time, and where services are far away.
SCENES = {
    planted.a_stop_leaves_claims_behind: next(n for n in range(99) if scene_for(n).store),
    planted.the_head_of_the_line_blocks: next(n for n in range(99) if scene_for(n).near > 1),
}
DOWN = Fault("second", 5, "down slack")
FIRST_CLAIM = (Fault("statement", 0, "stop"),)  # the step is looked up


def steps(step: str, what: str, numbers: Iterable[int], *more: Fault) -> list[Plan]:
    """Plans with the fault at each of these steps in turn."""
    return [(*more, Fault(step, number, what)) for number in numbers]


@pytest.mark.parametrize(
    ("bug", "plans", "breach"),
    [
        pytest.param(
            planted.sent_before_it_is_accepted, [()], "I5",
            id="a delivery counts as sent before anybody accepted it",
        ),
        pytest.param(
            planted.any_error_counts_as_sent, steps("ask", "refused", range(5, 9)), "I5",
            id="every error counts as sent",
        ),
        pytest.param(
            planted.validators_before_entries, [()], "I6",
            id="validators are stored before the entries of their document",
        ),
        pytest.param(
            planted.entries_forgotten_after_a_fault, steps("disk", "broken", range(40, 200, 5)),
            "I1", id="an entry is given up after one fault of the disk",
        ),
        pytest.param(
            planted.deliveries_in_a_transaction_of_their_own,
            steps("disk", "crash", range(82, 250, 6)), "I2",
            id="the deliveries are not in the article's transaction",
        ),
        pytest.param(
            planted.no_transaction, steps("disk", "crash", range(70, 250, 3)), "I2",
            id="every statement is a transaction",
        ),
        pytest.param(
            planted.a_lost_answer_is_a_plain_failure, steps("answer", "lost", range(5, 9)), "I4",
            id="a lost answer is taken for a plain failure",
        ),
        pytest.param(
            planted.no_mark_after_a_restart, steps("answer", "crash", range(5, 9)), "I4",
            id="what was being sent at a crash is sent again without a mark",
        ),
        pytest.param(
            planted.no_recovery_at_all, steps("answer", "crash", range(5, 9)), "I3",
            id="what was being sent at a crash is never looked for",
        ),
        pytest.param(planted.claims_without_a_lease, [()], "I11", id="a claim has no lease"),
        pytest.param(planted.no_fence, [()], "I11", id="a claim does not raise the fence"),
        pytest.param(
            planted.a_new_key_with_every_attempt, [(Fault("second", 5, "down hook"),)], "I4",
            id="every attempt has a key of its own",
        ),
        pytest.param(planted.no_jitter, [(DOWN,)], "I9", id="retries have no jitter"),
        pytest.param(
            planted.retry_after_is_lost, steps("ask", "status 429", range(5, 9)), "I7",
            id="Retry-After is read and not kept",
        ),
        pytest.param(
            planted.retry_after_for_one_message_only,
            steps("ask", "status 429", range(11, 24), DOWN), "I7",
            id="Retry-After is kept by one message, and the others go on asking",
        ),
        pytest.param(
            planted.polls_put_off_for_days, [(Fault("ask", 1, "refused"),)], "I8",
            id="a feed's back-off has no upper bound",
        ),
        pytest.param(
            planted.the_head_of_the_line_blocks, [(Fault("poison", 101, "hook"),)], "I9",
            id="a message that is always refused blocks the line",
        ),
        pytest.param(
            planted.a_paused_channel_stays_so, steps("ask", "status 403", range(7, 11)), "I3",
            id="a paused channel is never tried again",
        ),
        pytest.param(
            planted.not_synced, steps("answer", "power", range(5, 9)), "I11",
            id="commits are not synced, and the power is cut",
        ),
        pytest.param(
            planted.results_lost_when_the_disk_is_full, steps("disk", "full", range(116, 250, 4)),
            "I4", id="a result that cannot be stored is dropped",
        ),
        pytest.param(
            planted.a_stop_leaves_claims_behind, [FIRST_CLAIM], "I13",
            id="a stop keeps a claim that it does not send",
        ),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_found(bug: planted.Bug, plans: list[Plan], breach: str) -> None:
    seed = SCENES.get(bug, 0)
    for plan in [(first_claim(seed),)] if plans == [FIRST_CLAIM] else plans:
        with bug():
            found = run(seed, plan, horizon=SOON)
        if any(each.startswith(breach + " ") for each in found.broken):
            clean = run(seed, plan, horizon=SOON)
            assert clean.broken == (), str(clean)
            return
    raise AssertionError("nobody noticed")


def first_claim(seed: int) -> Fault:
    """A stop at the transaction of the first claim: others are under way."""
    line = next(line for line in run(seed, ()).trace if " pending sending " in line)
    return Fault("statement", int(line.split()[-1]), "stop")
