"""What was learnt of sites: one text for each host."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from monitor.store.schema import sites
from monitor.store.session import Session, chunks


class SiteRows(Session):
    """The memory of sites, as ``monitor.articles.boilerplate`` writes it."""

    def site_memory(self, host: str) -> str | None:
        """What was kept of a host, or None."""
        with self._read() as connection:
            found: str | None = connection.scalar(
                select(sites.c.memory).where(sites.c.host == host)
            )
            return found

    def keep_sites(self, memories: Mapping[str, str]) -> None:
        """Keep the texts by host, in place of what was kept before."""
        with self._write() as connection:
            for some in chunks(list(memories)):
                connection.execute(delete(sites).where(sites.c.host.in_(some)))
                rows = [{"host": host, "memory": memories[host]} for host in some]
                connection.execute(insert(sites), rows)
