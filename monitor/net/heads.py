"""Before an answer begins: how much a server may say, so that it cannot keep the loop busy.

Layer 3. aiohttp parses whatever has arrived at once, and drops interim answers (RFC 9110, 15.2) one
by one: a quarter of a megabyte of them, which a server may send again and again, holds up the loop
for a fifth of a second. So what comes before the final answer is parsed in small pieces, and
too much of it ends the exchange.
"""

from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

MOST_BEFORE: Final = 64 * 1024  # bytes up to the end of the final answer's header fields
MOST_INTERIM: Final = 20  # interim answers; servers send one or two
_PIECE: Final = 4 * 1024  # bytes parsed before it is looked whether that is enough


class FrugalHandler(ResponseHandler):
    """aiohttp's reader of answers, within ``MOST_BEFORE`` and ``MOST_INTERIM``."""

    _before = 0
    _interim = 0
    _began = False  # the final answer has

    def set_response_params(self, **options: Any) -> None:
        """A request goes out: its answer is yet to come."""
        self._before, self._interim, self._began = 0, 0, False
        super().set_response_params(**options)

    def feed_data(self, data: Any, size: int = 0) -> None:
        """One answer's header fields are read, and perhaps a body follows."""
        if 100 <= data[0].code < 200 and data[0].code != 101:
            self._interim += 1
        else:
            self._began = True
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        while data and not self._began:
            piece, data = data[:_PIECE], data[_PIECE:]
            super().data_received(piece)
            self._before += len(piece)
            if self._began or self.transport is None or self.transport.is_closing():
                break
            if self._before > MOST_BEFORE or self._interim > MOST_INTERIM:
                self.transport.close()
                self.set_exception(HttpProcessingError(message="too much before the answer"))
                return
        if data:
            super().data_received(data)


def read_frugally(connector: aiohttp.TCPConnector) -> None:
    """Let every connection of ``connector`` read its answers so.

    aiohttp has no public seam for this; that it works is tested (S-27).
    """
    loop = connector._loop
    connector._factory = lambda: FrugalHandler(loop)  # type: ignore[assignment]  # as the original
