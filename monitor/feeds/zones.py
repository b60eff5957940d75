"""Names of time zones as feeds write them, and what they mean; pure data.

RFC 822 (5.1) knows those of North America; outlets elsewhere write their own. Where a name means
several zones, the one of the country with the most outlets is taken (IST is India's).
"""

import re
from typing import Final

HOURS: Final[dict[str, float]] = {
    "gmt": 0, "utc": 0, "ut": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1,
    "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "sast": 2, "cat": 2, "eest": 3,
    "msk": 3, "trt": 3, "eat": 3, "gst": 4, "pkt": 5, "ist": 5.5, "wib": 7, "ict": 7, "sgt": 8,
    "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11,
    "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3,
    "nst": -3.5, "brt": -3, "art": -3, "clt": -4,
}  # fmt: skip  # hours east of Greenwich
_OFFSET: Final = re.compile(r"(?:(?:gmt|utc|ut)\s?)?([+-])(\d{1,2}):?(\d{2})?")
_MOST: Final = 15 * 60  # minutes; real zones end at UTC+14


def offset_minutes(zone: str) -> int | None:
    """Minutes east of UTC of ``zone``, in lower case (``+0100``, ``gmt+1``, ``cet``), or None."""
    named = HOURS.get(zone.removeprefix("etc/"))
    if named is not None:
        return round(named * 60)
    found = _OFFSET.fullmatch(zone)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > _MOST or int(found[3] or 0) > 59:
        return None
    return minutes if found[1] == "+" else -minutes
