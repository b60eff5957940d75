"""Reads dates written out in the language of the outlet; pure, and never a guess.

``mer, 16 nov 2022 10:30 +0100``, ``16 listopada 2022``, ``2022年11月16日 午後3時``. Every word must
be a known month, weekday or filler and every number have its place, else the answer is None. What
may be read in two ways (``03/04/2022``) is read only where the language decides it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from monitor.feeds.monthnames import CROATIAN, MONTHS, WEEKDAYS
from monitor.feeds.zones import HOURS, offset_minutes

LONGEST: Final = 100  # characters
_FILLERS: Final = frozenset(
    "de del den der des dne di du d der am an um uhr à a á às as at om kl klo klokken o ob la las"
    " le les alle ore ora h г года год р р. року в і at the of ngày tháng năm lúc ที่ เวลา น และ"
    " في الساعة st nd rd th er saat gün".split()
)
_CLOCK: Final = re.compile(
    r"(?<![\d/.])(?P<hour>\d{1,2})\s*(?::|h(?![^\W\d_])|(?<=\d)\.(?=\d\d(?!\.?\d))|[시時时点點]\s*)(?P<minute>\d{2})?[분分]?"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?|\s*\d{2}[秒초])?"
)
_EAST: Final = re.compile(r"(\d{2,4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_ZONE: Final = re.compile(
    r"(?<![\w])(?:(?:gmt|utc)\s?)?(?P<sign>[+\-−])(?P<hours>\d{2}):?(?P<minutes>\d{2})(?!\d)"
)
_NUMERIC: Final = re.compile(r"(?<![\d.:/-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?![\d/])")
_AFTERNOON: Final = re.compile(r"下午|午後|오후|晚上|\b(?:pm|p\. ?m\.|μ\.?μ\.?)(?!\w)|(?<=\d)pm\b")
_MORNING: Final = re.compile(
    r"上午|午前|오전|凌晨|早上|\b(?:am|a\. ?m\.|π\.?μ\.?)(?!\w)|(?<=\d)am\b"
)
_PIECES: Final = re.compile(r"[^\s,،;()|「」]+")
_EAST_WEEKDAY: Final = re.compile(
    r"[((]?(?:星期|週|周|禮拜)?[一二三四五六日天月火水木金土월화수목금토일](?:曜日?|요일)?[))]?"
)
_DAY_FIRST: Final = frozenset(
    "fr de es it pt nl pl ru uk tr cs sk hr sr sl bg ro el da nb no fi et lv ca gl he ar vi id ms"
    " be hi".split()
)


@dataclass(frozen=True, slots=True)
class _Day:
    year: int
    month: int
    day: int


def local_date(text: str, language: str | None = None) -> datetime | None:
    """The moment in UTC that ``text`` states, or None if that is not certain.

    ``language`` (two letters, of the feed) settles what differs between languages. A date without
    a time is midnight; a time without a zone is taken as UTC. A year beyond 2400 is Buddhist.
    """
    if len(text) > LONGEST:
        return None
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    folded = folded.replace("\u200f", "").replace("\u200e", "").strip()
    rest, minutes = _zone(folded)
    afternoon, morning = bool(_AFTERNOON.search(rest)), bool(_MORNING.search(rest))
    rest = _MORNING.sub(" ", _AFTERNOON.sub(" ", rest))
    found = _eastern(rest) or _numeric(rest, language) or _worded(rest, language)
    if found is None or (afternoon and morning):
        return None
    day, clock = found
    hour, minute, second = clock
    if (afternoon or morning) and not 0 < hour <= 12:
        # 午後15時 is said, 15 pm is not
        if hour > 23 or (morning and hour > 12):
            return None
    elif afternoon:
        hour = hour % 12 + 12
    elif morning:
        hour %= 12
    return _moment(day, (hour, minute, second), minutes)


def _zone(text: str) -> tuple[str, int]:
    """``text`` without its zone, and the zone in minutes east of UTC (0 where none is said)."""
    found = _ZONE.search(text)
    if found:
        minutes = int(found["hours"]) * 60 + int(found["minutes"])
        signed = minutes if found["sign"] == "+" else -minutes
        return text[: found.start()] + " " + text[found.end() :], signed
    before, _, last = text.rpartition(" ")
    if before and last.strip("().") in HOURS:
        return before, offset_minutes(last.strip("().")) or 0
    return (text[:-1], 0) if re.search(r"\d:\d\dz$", text) else (text, 0)


_Clock = tuple[int, int, int]


def _clock(text: str) -> tuple[str, _Clock] | None:
    """``text`` without its time of day, and that; None if there are two."""
    found = list(_CLOCK.finditer(text))
    if len(found) > 1:
        return None
    if not found:
        return text, (0, 0, 0)
    one = found[0]
    clock = (int(one["hour"]), int(one["minute"] or 0), int(one["second"] or 0))
    return text[: one.start()] + " " + text[one.end() :], clock


def _eastern(text: str) -> tuple[_Day, _Clock] | None:
    found = _EAST.search(text)
    if found is None:
        return None
    clock = _clock(text[: found.start()] + " " + text[found.end() :])
    if clock is None:
        return None
    rest, time = clock
    if any(not _EAST_WEEKDAY.fullmatch(piece) for piece in rest.split()):
        return None
    return _Day(int(found[1]), int(found[2]), int(found[3])), time


def _numeric(text: str, language: str | None) -> tuple[_Day, _Clock] | None:
    """16.11.2022 and 16/11/2022: with full stops the day stands first everywhere."""
    found = _NUMERIC.search(text)
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if found[2] == "." or first > 12 or first == second or language in _DAY_FIRST:
        day = _Day(int(found[4]), second, first)
    elif second > 12:
        day = _Day(int(found[4]), first, second)
    else:
        return None
    clock = _clock(text[: found.start()] + " " + text[found.end() :])
    if clock is None or not _only_words(clock[0]):
        return None
    return day, clock[1]


def _only_words(text: str) -> bool:
    """Whether all that is left are weekdays and fillers."""
    return all(_is_idle(_bare(piece)) for piece in _PIECES.findall(text))


def _worded(text: str, language: str | None) -> tuple[_Day, _Clock] | None:
    """A day, a month's name and a year of four digits, in any sensible order."""
    clock = _clock(_joined(text))
    if clock is None:
        return None
    rest, time = clock
    months: list[tuple[int, int]] = []
    numbers: list[tuple[int, str]] = []
    rest = re.sub(r"\btháng\s+(\d)", r" tháng\1", rest)
    for place, piece in enumerate(_split(rest)):
        word = _bare(piece)
        if vietnamese := re.fullmatch(r"tháng(\d{1,2})", piece):
            months.append((place, int(vietnamese[1])))
        elif number := re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th|er|e|º|ª|o|\.|일|th\.)?", piece):
            numbers.append((place, number[1]))
        elif (month := _month(word, language)) is not None:
            months.append((place, month))
        elif not _is_idle(word):
            return None
    if len(months) == 2 and months[0][0] == 0:  # "mar" is March and, in front, Tuesday
        months = months[1:]
    day = _arranged(months, numbers)
    return None if day is None else (day, time)


def _arranged(months: list[tuple[int, int]], numbers: list[tuple[int, str]]) -> _Day | None:
    if len(months) != 1 or len(numbers) != 2:
        return None
    years = [number for _, number in numbers if len(number) == 4]
    days = [number for _, number in numbers if len(number) <= 2]
    if len(years) != 1 or len(days) != 1:
        return None
    return _Day(int(years[0]), months[0][1], int(days[0]))


def _joined(text: str) -> str:
    """Names of two words as the table has them: ``تشرين_الثاني``."""
    return re.sub(r"(كانون|تشرين)\s+(ال\w+)", r"\1_\2", text)


def _split(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if re.fullmatch(r"\d{1,4}[-/][^\d/-]+[-/]\d{2,4}", piece):
            pieces.extend(re.split(r"[-/]", piece))
        elif re.fullmatch(r"\d{1,2}\.[^\d.]+", piece):  # 5.März
            pieces.extend(piece.split(".", 1))
        else:
            pieces.append(piece)
    return pieces


def _bare(piece: str) -> str:
    """The word without full stops and an elided article (``d'octubre``)."""
    word = piece.replace(".", "").strip("-–—:'’\"")
    return re.sub(r"^(?:d|l)['’]", "", word)


def _month(word: str, language: str | None) -> int | None:
    if language == "hr" and word in CROATIAN:
        return CROATIAN[word]
    return MONTHS.get(word)


def _is_idle(word: str) -> bool:
    if not word or word in _FILLERS or word in WEEKDAYS:
        return True
    parts = word.split("-")  # segunda-feira
    return len(parts) > 1 and all(part in WEEKDAYS for part in parts)


def _moment(day: _Day, clock: _Clock, minutes: int) -> datetime | None:
    year = day.year - 543 if day.year > 2400 else day.year  # Thai calendar
    if not 1900 < year < 2200 or abs(minutes) > 15 * 60:
        return None
    try:
        local = datetime(
            year, day.month, day.day, *clock, tzinfo=timezone(timedelta(minutes=minutes))
        )
    except ValueError:
        return None
    return local.astimezone(UTC)
