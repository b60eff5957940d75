"""Puts feeds into a user's config.yaml: comments and layout stay, and nothing else changes.

Layer 5. What the text becomes is decided by pure functions, and proven by reading it back; only
``save`` touches the disk. Where the layout leaves no safe place, nothing is written and the lines
to paste are given.
"""

import os
import re
import stat
from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import yaml

from monitor.config import yamlfile
from monitor.config.settings import load_settings
from monitor.errors import FilesError, MonitorError
from monitor.feeds.opml import Item, Plain
from monitor.located import Mapping, plain

_BOM: Final = b"\xef\xbb\xbf"
_UNQUOTED: Final = re.compile(r"[a-z0-9]{1,12}")
_SIMPLE_ADDRESS: Final = re.compile(r"https?://[\w./%&=+@?~-]+")
_AS_WRITTEN: Final = ("tier", "enabled")  # numbers and truth values, which need no quotes
_WIDTH: Final = 1_000_000


class CannotPlace(MonitorError):  # noqa: N818  # says what is the case
    """The file's layout has no safe place for the change; the text has the lines to paste."""


def as_lines(items: Sequence[Item], indent: str = "  ") -> str:
    """The feeds as items of a YAML list, one below the other."""
    lines: list[str] = []
    for item in items:
        if tuple(item) == ("url",):
            lines.append(f"{indent}- {_inline(item['url'])}")
            continue
        for at, (key, value) in enumerate(item.items()):
            lines.append(f"{indent}{'  ' if at else '- '}{key}: {_value(key, value)}")
    return "\n".join(lines) + "\n" if lines else ""


def with_feeds(text: str, items: Sequence[Item]) -> str:
    """``text`` of a config.yaml with ``items`` after the feeds that are there.

    Raises:
        CannotPlace: the layout is one that this cannot extend without risk.
    """
    if not items:
        return text
    new = _matching_line_ends(_placed(text, items), text)
    before, after = _plain(text), _plain(new)
    wanted = dict(before)
    old = before.get("feeds")
    wanted["feeds"] = [*(old if isinstance(old, list) else []), *map(_short, items)]
    if after != wanted:
        raise _cannot(items)
    return new


def with_addresses(text: str, changes: AbstractMapping[str, str]) -> str:
    """``text`` with the addresses of feeds replaced (old → new, as written there).

    Raises:
        CannotPlace: an address stands there in a way that cannot be replaced safely.
    """
    root = _compose(text)
    feeds = _value_of(root, "feeds") if isinstance(root, yaml.MappingNode) else None
    edits: list[tuple[int, int, str]] = []
    for node in feeds.value if isinstance(feeds, yaml.SequenceNode) else ():
        url = node
        if isinstance(node, yaml.MappingNode):
            url = _value_of(node, "url") or _value_of(node, "sitemap")
        if isinstance(url, yaml.ScalarNode) and url.value in changes:
            new = _in_flow(changes[url.value])
            edits.append((url.start_mark.index, url.end_mark.index, new))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    found = _plain(text).get("feeds")
    items = found if isinstance(found, list) else []
    there = [
        each.get("url") or each.get("sitemap") if isinstance(each, dict) else each for each in items
    ]
    if any(old in there or new not in there for old, new in changes.items()):
        raise CannotPlace("an address could not be replaced; nothing was written")
    return text


def read(path: Path) -> tuple[bytes, str]:
    """The file's bytes, and its text without a byte order mark. Raises FilesError."""
    data, problem = yamlfile.read_bytes(path, str(path))
    if data is None or problem is not None:
        raise FilesError([problem] if problem else [])
    text, problem = yamlfile.decode(data, str(path))
    if problem is not None:
        raise FilesError([problem])
    return data, text


def save(path: Path, before: bytes, text: str) -> Path:
    """Write the new text in one step; the old file stays beside it, with ``.bak`` at its end.

    Mode, owner, byte order mark and a link to the file stay.

    Raises:
        MonitorError: the file was changed meanwhile, would have mistakes, or cannot be written.
    """
    file = path.resolve()
    part, backup = (file.with_name(f"{file.name}{end}") for end in (".part", ".bak"))
    data = (_BOM if before.startswith(_BOM) else b"") + text.encode()
    try:
        if file.read_bytes() != before:
            raise MonitorError(f"{path} was changed meanwhile: nothing was written. Try again")
        state = file.stat()
        _write(part, data, state)
        settings, problems = load_settings(part, os.environ)
        if settings is None:
            errors = [each for each in problems if each.severity == "error"]
            raise MonitorError(
                f"{path} would have mistakes: {errors[0].message} Nothing was written"
            )
        _write(backup, before, state)
        part.replace(file)
    except OSError as error:
        raise MonitorError(f"{path} cannot be written ({error.strerror or error})") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return backup


def _write(file: Path, data: bytes, like: os.stat_result) -> None:
    """A file that is on the disk when this returns, readable for nobody but as ``like`` is."""
    with suppress(FileNotFoundError):
        file.unlink()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(PermissionError):  # only the superuser can give a file away
        os.chown(file, like.st_uid, like.st_gid)
    file.chmod(stat.S_IMODE(like.st_mode))


def _placed(text: str, items: Sequence[Item]) -> str:
    root = _compose(text)
    if root is None:
        return f"{_ended(text)}feeds:\n{as_lines(items)}"
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise _cannot(items)
    key = next((key for key, _ in root.value if key.value == "feeds"), None)
    if key is None:
        margin = " " * root.start_mark.column
        return f"{_ended(text)}{margin}feeds:\n{as_lines(items, f'{margin}  ')}"
    value = _value_of(root, "feeds")
    margin = " " * (key.start_mark.column + 2)
    if isinstance(value, yaml.SequenceNode) and value.value:
        return _after_last(text, value, items)
    if isinstance(value, yaml.SequenceNode) and value.flow_style:
        start, end = value.start_mark.index, value.end_mark.index
        lines = as_lines(items, margin)
        return f"{text[:start].rstrip(' ')}\n{lines.rstrip()}{text[end:]}"
    at = _line_end(text, key.end_mark.index)
    return f"{_ended(text[:at])}{as_lines(items, margin)}{text[at:]}"


def _after_last(text: str, feeds: yaml.SequenceNode, items: Sequence[Item]) -> str:
    last = feeds.value[-1]
    if feeds.flow_style:
        at = last.end_mark.index
        one_line = last.start_mark.line == feeds.start_mark.line
        gap = ", " if one_line else ",\n" + " " * last.start_mark.column
        new = "".join(gap + _in_flow(_short(item)) for item in items)
        return text[:at] + new + text[at:]
    dash = feeds.start_mark.column
    at = _line_end(text, _end_of(last, text))
    while dash and (comment := re.compile(rf"[ ]{{{dash},}}#[^\n]*(?:\n|$)").match(text, at)):
        at = comment.end()  # a feed that was commented out belongs to the list
    return f"{_ended(text[:at])}{as_lines(items, ' ' * dash)}{text[at:]}"


def _end_of(node: Any, text: str) -> int:  # nodes of PyYAML carry no types
    """Where the text of ``node`` ends; a block collection's own mark lies behind it."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        end = int(node.end_mark.index)
        return len(text[:end].rstrip()) if end > int(node.start_mark.index) else end
    if isinstance(node, yaml.MappingNode):
        return max(_end_of(each, text) for pair in node.value for each in pair)
    return max(_end_of(each, text) for each in node.value)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _matching_line_ends(new: str, like: str) -> str:
    return re.sub(r"\r?\n", "\r\n", new) if "\r\n" in like else new


def _compose(text: str) -> Any:  # nodes of PyYAML carry no types
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise CannotPlace("the file cannot be read as YAML; nothing was written") from error


def _value_of(node: yaml.MappingNode, name: str) -> Any:
    return next((value for key, value in node.value if key.value == name), None)


def _plain(text: str) -> dict[str, object]:
    node, _ = yamlfile.parse(text.encode(), "config.yaml")
    found = plain(node) if isinstance(node, Mapping) else {}
    return found if isinstance(found, dict) else {}


def _short(item: Item) -> Plain:
    return item["url"] if tuple(item) == ("url",) else item


def _value(key: str, value: Plain) -> str:
    if key in _AS_WRITTEN and isinstance(value, str) and _UNQUOTED.fullmatch(value):
        return value
    return _inline(value)


def _inline(value: Plain) -> str:
    """YAML on one line."""
    if isinstance(value, str) and _SIMPLE_ADDRESS.fullmatch(value):
        return value
    text = yaml.dump(
        value, Dumper=yaml.CSafeDumper, default_flow_style=True, sort_keys=False,
        allow_unicode=True, width=_WIDTH,
    )  # fmt: skip
    return str(text).removesuffix("\n").removesuffix("\n...")


def _in_flow(value: Plain) -> str:
    """YAML as it may stand inside brackets."""
    simple = isinstance(value, str) and _SIMPLE_ADDRESS.fullmatch(value)
    return _inline(value) if simple else _inline([value])[1:-1]


def _cannot(items: Sequence[Item]) -> CannotPlace:
    return CannotPlace(
        "there is no safe place for these lines in the file. Paste them under feeds: yourself:\n"
        + as_lines(items)
    )
