"""Reads the date that a page states; pure, and never a guess.

ISO 8601 first (what schema.org, Open Graph and ``time`` ask for), then year-month-day as Chinese,
Japanese and Korean write it, then dateutil for written-out dates, accepted only if they are
complete and cannot be read in two ways. Names of months are known in the languages of the sources
people watch most.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from dateutil import parser

_LONGEST: Final = 60  # characters
_ISO: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T ]\d.*)?", re.DOTALL)
_TWO_WAYS: Final = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ZONES: Final = {
    "UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "WET": 0, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip  # hours
# Two dates that share nothing: what comes out equal with both was in the text.
_DEFAULTS: Final = (datetime(2000, 1, 1), datetime(2004, 12, 29))  # noqa: DTZ001  # made aware below
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)  # before the web there were no web pages
_LATEST: Final = datetime(2100, 1, 1, tzinfo=UTC)

_CJK: Final = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]?"
    r"(?:\D{0,6}(?P<H>\d{1,2})\s*[:時时시点]\s*(?P<M>\d{1,2})\s*[分분]?)?\D{0,6}"
)
_IN_PATH: Final = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_-]|$)"
)
_EPOCH: Final = re.compile(r"\d{10}(?:\d{3})?")  # seconds or milliseconds since 1970

# The beginnings of the names of the twelve months, in the order of the year; a word that begins so
# is that month. English is dateutil's.
_MONTH_WORDS: Final = tuple(
    tuple(names.split())
    for names in (
        "januar janv enero gennaio janeiro stycz led янв січ ιανουαρ ocak tammikuu sausio يناير",
        "februar févr fevr febrero febbraio fevereiro lut únor фев лют φεβρουαρ şubat helmikuu"
        " فبراير",
        "märz marz mars marzo março maart marz březn březen мар берез μαρτ mart maaliskuu مارس",
        "april avr abril aprile kwie dub апр квіт απριλ nisan huhtikuu أبريل إبريل",
        "mai mayo maggio maio mei maj květ мая май трав μαϊ μαΐ mayıs toukokuu مايو",
        "juni juin junio giugno junho czerw červn июн черв ιουν haziran kesäkuu يونيو",
        "juli juil julio luglio julho lipc lipie července июл лип ιουλ temmuz heinäkuu يوليو",
        "august août aout agosto augustus sier srpen srpna авг серп αυγ ağustos elokuu أغسطس",
        "sept septiembre settembre setembro wrze září сен вер σεπτ eylül syyskuu سبتمبر",
        "okt octobre octubre ottobre outubro paźdz říj окт жовт οκτ ekim lokakuu أكتوبر",
        "november novembre noviembre novembro нояб ноя лист νοεμ kasım marraskuu نوفمبر",
        "dez déc decembre diciembre dicembre dezembro december grud prosin дек груд δεκ"
        " aralık joulukuu ديسمبر",
    )
)
# Abbreviations, compared whole. Left out, because they are other months in other languages:
# Polish, Czech and Croatian "listopad", Croatian "lipanj", "srpanj".
_SHORT_MONTHS: Final = {
    "ene": 0, "gen": 0, "feb": 1, "fev": 1, "lut": 1, "mrt": 2, "mrz": 2, "abr": 3, "mag": 4,
    "giu": 5, "lug": 6, "ago": 7, "set": 8, "ott": 9, "out": 9, "dic": 11,
}  # fmt: skip
_ENGLISH_MONTH: Final = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.IGNORECASE,
)
_ENGLISH: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
# Words that stand between the parts of a date and say nothing.
_FILLERS: Final = re.compile(
    r"\b(?:uhr|um|le|à|a las|alle|ore|às|de|del|den|der|dem|om|kl|klo|o|godz|г|року|года|в|at|on"
    r"|published|updated|posted|veröffentlicht|aktualisiert|publié|mis à jour|publicado|pubblicato"
    r"|opublikowano|gepubliceerd|publicerad|julkaistu)\b[.:]?",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\b(?:de|um|uhr|le|alle|ore|om|kl|klo|godz)\b|\dh\d|\d\. ", re.I)
_FRENCH_HOUR: Final = re.compile(r"\b(\d{1,2})h(\d{2})\b")
_DAY_POINT: Final = re.compile(r"\b(\d{1,2})(?:\.|er|º|ª|:e)\s+(?=[^\W\d_])")
_CLOCK_POINT: Final = re.compile(r"(?<!\d[./-])\b([01]?\d|2[0-3])\.([0-5]\d)\s*$")


def read_date(text: str) -> datetime | None:
    """The moment in UTC that ``text`` states; None if it is incomplete, ambiguous or absurd.

    A date without a time is midnight UTC; a time without a zone is taken as UTC.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = _iso(text) or _epoch(text) or _cjk(text) or _written_out(text)
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment < _LATEST else None


def date_in_path(url: str) -> datetime | None:
    """The day that the path of ``url`` names (``/2024/02/27/``), midnight UTC; None if none."""
    path = url.partition("://")[2].partition("?")[0]
    found = _IN_PATH.search(path)
    return read_date("-".join((found[1], found[2].zfill(2), found[3].zfill(2)))) if found else None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _cjk(text: str) -> datetime | None:
    found = _CJK.search(text)
    if found is None:
        return None
    parts = (found["y"], found["m"], found["d"], found["H"] or 0, found["M"] or 0)
    try:
        return datetime(*(int(part) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001  # five numbers; made aware by the caller
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    if not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written_out(text: str) -> datetime | None:
    found = _TWO_WAYS.match(text)
    if found and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]:
        return None
    if not _YEAR.search(text):
        return None
    text = _in_english(text)
    try:
        first, second = (
            parser.parse(text, default=default, tzinfos=_zone) for default in _DEFAULTS
        )
    except (LookupError, ValueError, OverflowError, TypeError, AttributeError):
        return None
    if first.date() != second.date():
        return None
    return first


def _in_english(text: str) -> str:
    """``text`` with its month in English and without words that only join the parts."""
    if _ENGLISH_MONTH.search(text) and text.isascii() and not _JOINED.search(text):
        return text
    month = ""
    for found in _LETTERS.finditer(text):
        month = _month(found[0].casefold())
        if month:
            text = f"{text[: found.start()]}{month}{text[found.end() :]}"
            break
    if not month:
        return text
    text = _FRENCH_HOUR.sub(r"\1:\2", _DAY_POINT.sub(r"\1 ", text))
    pieces = [
        piece for piece in re.split(r"[\s,|·–]+", _FILLERS.sub(" ", text))
        if any(character.isdigit() for character in piece) or piece == month
        or piece.upper().rstrip(".") in _ZONES or piece.lower() in ("am", "pm", "a.m.", "p.m.")
    ]  # fmt: skip
    return _CLOCK_POINT.sub(r"\1:\2", " ".join(pieces))


def _month(word: str) -> str:
    """The English abbreviation of the month that ``word`` names in another language, else ""."""
    if word in _SHORT_MONTHS:
        return _ENGLISH[_SHORT_MONTHS[word]]
    if _ENGLISH_MONTH.fullmatch(word):
        return word[:3].capitalize()
    for number, names in enumerate(_MONTH_WORDS):
        if any(word.startswith(name) for name in names):
            return _ENGLISH[number]
    return ""


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """For dateutil: an offset is taken as given; a name only if it means one thing (RFC 5322)."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    return timezone(timedelta(hours=_ZONES[name.upper()]))
