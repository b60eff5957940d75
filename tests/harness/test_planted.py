"""The harness notices mistakes: each of these is put into the program, and must be found out."""

import pytest

from tests.harness import planted
from tests.harness.faults import Fault, Plan
from tests.harness.run import run

DOWN = Fault("second", 5, "down slack")


@pytest.mark.parametrize(
    ("bug", "plan", "breach"),
    [
        pytest.param(
            planted.sent_before_it_is_accepted, (), "I5",
            id="a delivery counts as sent before anybody accepted it",
        ),
        pytest.param(
            planted.any_error_counts_as_sent, (Fault("ask", 5, "refused"),), "I5",
            id="every error counts as sent",
        ),
        pytest.param(
            planted.validators_before_entries, (), "I6",
            id="validators are stored before the entries of their document",
        ),
        pytest.param(
            planted.entries_forgotten_after_a_fault, (Fault("disk", 40, "broken"),), "I1",
            id="an entry is given up after one fault of the disk",
        ),
        pytest.param(
            planted.deliveries_in_a_transaction_of_their_own, (Fault("disk", 80, "crash"),), "I2",
            id="the deliveries are not in the article's transaction",
        ),
        pytest.param(
            planted.no_transaction, (Fault("disk", 68, "crash"),), "I2",
            id="every statement is a transaction",
        ),
        pytest.param(
            planted.copies_are_not_recognised, (), "I1",
            id="the key by which a copy is recognised is forgotten",
        ),
        pytest.param(
            planted.a_lost_answer_is_a_plain_failure, (Fault("answer", 5, "lost"),), "I4",
            id="a lost answer is taken for a plain failure",
        ),
        pytest.param(
            planted.no_mark_after_a_restart, (Fault("answer", 5, "crash"),), "I4",
            id="what was being sent at a crash is sent again without a mark",
        ),
        pytest.param(
            planted.no_recovery_at_all, (Fault("answer", 5, "crash"),), "I3",
            id="what was being sent at a crash is never looked for",
        ),
        pytest.param(planted.claims_without_a_lease, (), "I11", id="a claim has no lease"),
        pytest.param(planted.no_fence, (), "I11", id="a claim does not raise the fence"),
        pytest.param(
            planted.a_new_key_with_every_attempt, (Fault("second", 5, "down hook"),), "I4",
            id="every attempt has a key of its own",
        ),
        pytest.param(planted.no_jitter, (DOWN,), "I9", id="retries have no jitter"),
        pytest.param(
            planted.retry_after_is_lost, (Fault("ask", 5, "status 429"),), "I7",
            id="Retry-After is read and not kept",
        ),
        pytest.param(
            planted.retry_after_for_one_message_only, (DOWN, Fault("ask", 13, "status 429")), "I7",
            id="Retry-After is kept by one message, and the others go on asking",
        ),
        pytest.param(
            planted.polls_put_off_for_days, (Fault("ask", 1, "refused"),), "I8",
            id="a feed's back-off has no upper bound",
        ),
        pytest.param(
            planted.the_head_of_the_line_blocks, (Fault("poison", 101, "hook"),), "I9",
            id="a message that is always refused blocks the line",
        ),
        pytest.param(
            planted.a_paused_channel_stays_so, (Fault("ask", 7, "status 403"),), "I3",
            id="a paused channel is never tried again",
        ),
        pytest.param(
            planted.not_synced, (Fault("answer", 5, "power"),), "I11",
            id="commits are not synced, and the power is cut",
        ),
        pytest.param(
            planted.results_lost_when_the_disk_is_full, (Fault("disk", 101, "full"),), "I4",
            id="a result that cannot be stored is dropped",
        ),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_found(bug: planted.Bug, plan: Plan, breach: str) -> None:
    with bug():
        found = run(0, plan)
    assert any(each.startswith(breach + " ") for each in found.broken), str(found)
    clean = run(0, plan)
    assert clean.broken == (), str(clean)


def test_a_claim_kept_by_a_stop_is_found() -> None:
    plan = (Fault("statement", 19, "stop"),)
    with planted.a_stop_leaves_claims_behind():
        found = run(3, plan)
    assert any(each.startswith("I13 ") for each in found.broken), str(found)
    assert run(3, plan).broken == ()
