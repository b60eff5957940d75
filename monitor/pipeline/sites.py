"""What sites repeat under their articles: learnt as articles come, and taken off before matching.

Layer 4. States live here while the program runs and are written a minute later at most: what a
crash loses is learnt again.
"""

from collections import OrderedDict
from typing import Final

from monitor.articles.boilerplate import HostState, Stripped, learn, read_state, state_text, strip
from monitor.store import Store, StoreThread
from monitor.text.urls import host

_MOST: Final = 1_000  # sites kept in memory, some 100 kB at most each


class SiteMemory:
    """What is known of each site, by host name; read from the store when first asked for."""

    def __init__(self, store: Store, thread: StoreThread) -> None:
        self._store = store
        self._thread = thread
        self._states: OrderedDict[str, HostState] = OrderedDict()
        self._changed: set[str] = set()

    async def strip(self, url: str, paragraphs: list[str]) -> Stripped:
        """The paragraphs of the article at ``url`` without what its site repeats."""
        site = host(url)
        if not site:
            return Stripped(tuple(paragraphs))
        return strip(await self._state(site), paragraphs)

    async def learn(self, url: str, paragraphs: list[str]) -> None:
        """Take one more article of the site into account: a new one, as it was read."""
        site = host(url)
        if not site or not paragraphs:
            return
        self._states[site] = learn(await self._state(site), paragraphs)
        self._changed.add(site)

    async def keep(self) -> None:
        """Write what changed, and forget the sites that were not met lately."""
        changed = {
            site: state_text(self._states[site])
            for site in sorted(self._changed)
            if site in self._states
        }
        self._changed.clear()
        if changed:
            await self._thread.call(self._store.keep_sites, changed)
        while len(self._states) > _MOST:
            self._states.popitem(last=False)

    async def _state(self, site: str) -> HostState:
        state = self._states.get(site)
        if state is None:
            text = await self._thread.call(self._store.site_memory, site)
            # another article of the site may have come first meanwhile
            state = self._states.setdefault(site, read_state(text) if text else HostState())
        self._states.move_to_end(site)
        return state
