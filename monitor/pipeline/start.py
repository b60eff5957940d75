"""What is put right before the first poll: times that passed while the program was off.

Layer 4: ``monitor.feeds.polling_start`` decides.
"""

from dataclasses import replace

from monitor.feeds.polling import Policy
from monitor.feeds.polling_start import due_at_start, resting_hosts
from monitor.pipeline.tools import Tools
from monitor.store import Poll

_AT_ONCE = 500  # polls stored in one transaction


async def prepare_polls(tools: Tools) -> None:
    """Spread the feeds that came due meanwhile, and go on sparing the hosts that asked for it.

    Raises:
        StoreError: the times could not be stored.
    """
    states = await tools.thread.call(tools.store.states)
    now = tools.now()
    polling = tools.live.settings.polling
    if polling.retry_after_scope == "host":
        for url, seconds in resting_hosts(states.values(), now):
            tools.gate.hold_for(url, seconds)
    policy = Policy(min=polling.min, max=polling.max, every=polling.every)
    times = due_at_start(tools.live.feeds(), states.values(), policy, now)
    polls = [Poll(replace(states[url], next_poll_at=time)) for url, time in times.items()]
    for start in range(0, len(polls), _AT_ONCE):
        await tools.thread.call(tools.store.record_polls, polls[start : start + _AT_ONCE])
