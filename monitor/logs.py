"""Logging: one line per event, ``time LEVEL event key=value``, secrets masked, one line each.

Layer 3. A record's ``extra={"fields": {...}}`` becomes the key=value part. Text from the web cannot
forge a line or colour a terminal: control characters are shown as escapes.
"""

import logging
import re
import sys
from typing import Final, TextIO

from monitor.secret import redact

# These print whole URLs (a webhook's URL is a secret) or are loud about what we report ourselves.
_QUIET: Final = (
    "httpx", "httpcore", "aiohttp", "aiohttp.client", "apscheduler", "asyncio",
    "trafilatura", "htmldate", "charset_normalizer", "courlan", "urllib3", "apprise", "requests",
    "oauthlib", "requests_oauthlib",
)  # fmt: skip
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LONGEST_VALUE: Final = 500  # characters


class LineFormatter(logging.Formatter):
    """One line per record; a traceback follows only for what nobody foresaw."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, masked and with control characters escaped."""
        time = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        fields = getattr(record, "fields", None) or {}
        told = " ".join(f"{key}={_value(value)}" for key, value in fields.items())
        line = f"{time} {record.levelname:<7} {_printable(record.getMessage())}"
        line = redact(f"{line}  {told}".rstrip())
        if record.exc_info:
            line += "\n" + redact(_keep_lines(self.formatException(record.exc_info)))
        return line


def set_up(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send all logging to ``stream`` (standard error) in our form. May be called again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR if level != "DEBUG" else logging.WARNING)
    for name in ("httpx", "httpcore", "aiohttp.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _value(value: object) -> str:
    text = _printable(str(value))
    if len(text) > _LONGEST_VALUE:
        text = text[:_LONGEST_VALUE] + "…"
    return f'"{text}"' if re.search(r"[\s\"=]", text) or not text else text


def _printable(text: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def _keep_lines(text: str) -> str:
    return "\n".join(_printable(line) for line in text.split("\n"))
