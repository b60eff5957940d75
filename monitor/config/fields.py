"""The kinds of value that config.yaml knows: how each is read from text, and its JSON Schema.

Pure. Each validator takes the text of the file (or an already typed value, so that sections can be
built in code) and raises ValueError with a sentence for people. Secrets are never quoted.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainValidator, WithJsonSchema

from monitor.config import durations
from monitor.config.suggest import did_you_mean, short
from monitor.config.words import shown
from monitor.net.addresses import parse_allowance
from monitor.secret import Secret

_TRUE: Final = frozenset({"true", "yes", "on"})
_FALSE: Final = frozenset({"false", "no", "off"})
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")  # RFC 9110, 5.6.2: token
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")  # RFC 5646, 2.1, in short


def found(value: object, wanted: str) -> ValueError:
    """The error for a node of the wrong kind; pydantic reports ValueErrors, not TypeErrors."""
    what = "a text"
    if isinstance(value, (dict, list, tuple)):
        what = "a mapping" if isinstance(value, dict) else "a list"
    return ValueError(f"found {what}. Write {wanted}.")


def _duration(value: object) -> object:
    if isinstance(value, str):
        return durations.duration(value, short(shown(value)))
    if isinstance(value, (list, dict)):
        raise found(value, "a duration: 90s, 15m, 6h or 2d")
    return value


def _size(value: object) -> object:
    if isinstance(value, str):
        return durations.size(value, short(shown(value)))
    if isinstance(value, (list, dict)):
        raise found(value, "a size: 500kB, 10MB or 1GB")
    return value


def _interval(value: object) -> object:
    return None if value == "adaptive" else _duration(value)


def read_flag(value: object) -> object:
    """True or False for the words of YAML 1.1, in any case. Raises ValueError for other texts."""
    if isinstance(value, str):
        word = value.lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise ValueError(f"'{short(shown(value))}' is neither true nor false. Write one of them.")
    return value


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def read_text(value: object) -> object:
    """One text that is not empty, as a plain str. Raises ValueError."""
    if isinstance(value, (list, dict)):
        raise found(value, "one text")
    if isinstance(value, str) and not value.strip():
        raise ValueError("this is empty. Write a value, or remove the key.")
    return str.__str__(value) if isinstance(value, str) else value


def read_secret(value: object) -> Secret:
    """A Secret that is not empty. Raises ValueError, which quotes nothing."""
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise found(value, '"${NAME}" or {file: path}')
    if not value:
        raise ValueError("this is empty. Write a value, or remove the key.")
    return Secret(str.__str__(value))


def _header_value(value: Secret) -> Secret:
    if _CONTROL.search(value.reveal()):
        raise ValueError("a header's value is one line without control characters. Shorten it.")
    return value


def _proxy(value: Secret) -> Secret:
    try:
        parts = urlsplit(value.reveal())
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        sound = False
    if not sound:
        raise ValueError("this is no proxy address. Write http://host:port.")
    return value


def _header_name(name: str) -> str:
    if not _HEADER_NAME.match(name):
        raise ValueError(f"'{short(name)}' cannot be the name of an HTTP header.")
    return name


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("line breaks and control characters are not allowed here. Remove them.")
    return text


def _url(value: str) -> str:
    if re.search(r"[\s\x00-\x1f\x7f]", value):
        raise ValueError("an address has no spaces in it. Write %20 where one is meant.")
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("this address cannot be read. Check its host and port.") from error
    if "://" not in value or not parts.scheme:
        raise ValueError("this is no full address. Begin it with https:// or http://.")
    if parts.scheme not in ("http", "https"):
        raise ValueError(f"'{short(parts.scheme)}' is not supported. Use https:// or http://.")
    if not host:
        raise ValueError("this address names no host. Write https://host/path.")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "user and password do not belong in an address, which is shown. "
            "Use auth: {username: …, password: …}."
        )
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # a missing zone is a KeyError
        hint = did_you_mean(name, available_timezones()) or " Write one such as Europe/Brussels."
        raise ValueError(f"'{short(name)}' is not a known time zone.{hint}") from error
    return name


def _language(text: str) -> str:
    if not _LANGUAGE.match(text):
        raise ValueError(f"'{short(text)}' is no language code. Write one such as en, fr or de.")
    return text


def _private(text: str) -> str:
    """An address, a network (CIDR) or a host name, as the network code reads it."""
    parse_allowance([text])
    return text


def between(low: float, high: float, say: Callable[[Any], str] = str) -> AfterValidator:
    """Bounds, both included; ``say`` writes a number as the user would."""

    def check(value: Any) -> Any:  # float or int, as the field has it
        if value is not None and not low <= value <= high:
            raise ValueError(
                f"{say(value)} is out of range. Write something from {say(low)} to {say(high)}."
            )
        return value

    return AfterValidator(check)


def seconds_between(low: float, high: float) -> AfterValidator:
    """Bounds of a duration in seconds, both included."""
    return between(low, high, durations.duration_text)


_DURATION_SCHEMA: Final = {"type": "string", "pattern": durations.DURATION_PATTERN}
_SECRET_SCHEMA: Final = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"file": {"type": "string"}},
            "required": ["file"],
            "additionalProperties": False,
        },
    ]
}

TextValue = Annotated[str, BeforeValidator(read_text)]
Line = Annotated[TextValue, AfterValidator(_one_line)]
Texts = Annotated[
    tuple[TextValue, ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
]
Duration = Annotated[float, BeforeValidator(_duration), WithJsonSchema(_DURATION_SCHEMA)]
Interval = Annotated[
    float | None,
    BeforeValidator(_interval),
    WithJsonSchema({"anyOf": [{"const": "adaptive"}, _DURATION_SCHEMA]}),
]
Size = Annotated[
    int,
    BeforeValidator(_size),
    WithJsonSchema({"type": "string", "pattern": durations.SIZE_PATTERN}),
]
Flag = Annotated[bool, BeforeValidator(read_flag)]
SecretText = Annotated[Secret, PlainValidator(read_secret), WithJsonSchema(_SECRET_SCHEMA)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
HeaderValue = Annotated[SecretText, AfterValidator(_header_value)]
Proxy = Annotated[SecretText, AfterValidator(_proxy)]
Url = Annotated[TextValue, AfterValidator(_url)]
Zone = Annotated[TextValue, AfterValidator(_zone)]
Language = Annotated[TextValue, AfterValidator(_language)]
Privates = Annotated[
    tuple[Annotated[TextValue, AfterValidator(_private)], ...],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
]
