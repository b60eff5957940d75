"""Durations (``90s 15m 6h 2d``) and sizes (``500kB 10MB 1GB``) as people write them.

Pure. Seconds and bytes; sizes are decimal (SI): 1 MB is 1,000,000 bytes.
"""

import re
from typing import Final

# ASCII digits only; bounded, so that no text can ask for infinity.
DURATION_PATTERN: Final = r"^[0-9]{1,9}(\.[0-9]{1,3})?[smhd]$"
SIZE_PATTERN: Final = r"^[0-9]{1,9}(\.[0-9]{1,3})?([kK]B|[mM]B|[gG]B|B)$"
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES: Final = {"b": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_DURATION: Final = re.compile(DURATION_PATTERN.removesuffix("$") + r"\Z")
_SIZE: Final = re.compile(SIZE_PATTERN.removesuffix("$") + r"\Z", re.IGNORECASE)
_LONGEST: Final = 36_500 * 86400  # seconds; a century is surely a slip


def duration(text: str, shown: str | None = None) -> float:
    """Seconds. Raises ValueError with a sentence for people, which calls the text ``shown``."""
    name = text if shown is None else shown
    if _DURATION.match(text) is None:
        raise ValueError(
            f"'{name}' is not a duration. Write a number and a unit: 90s, 15m, 6h or 2d."
        )
    seconds = float(text[:-1]) * _SECONDS[text[-1]]
    if seconds > _LONGEST:
        raise ValueError(f"'{name}' is longer than a century. Write a shorter duration.")
    return seconds


def size(text: str, shown: str | None = None) -> int:
    """Bytes. Raises ValueError with a sentence for people, which calls the text ``shown``."""
    name = text if shown is None else shown
    if _SIZE.match(text) is None:
        raise ValueError(f"'{name}' is not a size. Write a number and a unit: 500kB, 10MB or 1GB.")
    number = text.rstrip("bBkKmMgG")
    return round(float(number) * _BYTES[text[len(number) :].lower()])


def duration_text(seconds: float) -> str:
    """The shortest way to write ``seconds``: 300 is ``5m``."""
    for unit in ("d", "h", "m"):
        if seconds and seconds % _SECONDS[unit] == 0:
            return f"{seconds / _SECONDS[unit]:.0f}{unit}"
    return f"{seconds:g}s"


def size_text(count: int) -> str:
    """The shortest way to write ``count`` bytes: 10,000,000 is ``10MB``."""
    for unit, name in (("gb", "GB"), ("mb", "MB"), ("kb", "kB")):
        if count and count % _BYTES[unit] == 0:
            return f"{count // _BYTES[unit]}{name}"
    return f"{count}B"
