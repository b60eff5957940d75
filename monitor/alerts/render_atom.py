"""An alert as an entry of an Atom feed, and a feed of such entries.

Layer 1, pure. Every text is cleaned, so that it can stand in XML, and written by lxml, which
escapes it; what a reader shows as HTML is built by markupsafe and holds our own few elements only.

Sources: RFC 4287 (4.1.1 feed, 4.1.2 entry, 4.2.6 ids that never change, 3.1.1.3 escaped HTML).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from lxml import etree
from markupsafe import Markup

from monitor.alerts.compose_story import FigureView, PlaceView
from monitor.alerts.escape import clean, cut
from monitor.alerts.message import Message, compose
from monitor.model import Alert, MessageKind

GENERATOR: Final = "News Monitor"
_NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_MAP: Final = {None: _NAMESPACE}


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry as written: its id, and the element as text."""

    id: str
    xml: str


def atom_id(*words: str) -> str:
    """An id that is the same whenever it is computed (RFC 9562, 5.5: name-based UUID)."""
    return uuid5(NAMESPACE_URL, " ".join(("news-monitor", *words))).urn


def atom_entry(alert: Alert, now: datetime, public_url: str | None = None) -> AtomEntry:
    """``alert`` as an entry that was last changed at ``now``."""
    message = compose(alert, public_url=public_url)
    entry = etree.Element(_tag("entry"), nsmap=_MAP)
    entry_id = atom_id("alert", clean(alert.id))
    _add(entry, "id", entry_id)
    _add(entry, "title", _title(message), type="text")
    _add(entry, "updated", _time(now))
    _add(entry, "published", _time(alert.published or alert.created_at))
    author = etree.SubElement(entry, _tag("author"))
    _add(author, "name", message.outlet or message.host or GENERATOR)
    if message.link:
        etree.SubElement(entry, _tag("link"), rel="alternate", href=message.link)
    for hit in alert.hits:
        label = clean(hit.title) or "rule"
        term = clean(hit.rule_id) or "rule"
        etree.SubElement(entry, _tag("category"), term=term, label=cut(label, 200))
    _add(entry, "content", str(_content(message)), type="html")
    return AtomEntry(entry_id, etree.tostring(entry, encoding="unicode"))


def atom_feed(
    feed_id: str, title: str, updated: datetime, entries: Sequence[AtomEntry], self_url: str = ""
) -> bytes:
    """A whole document with ``entries`` in the order given."""
    feed = etree.Element(_tag("feed"), nsmap=_MAP)
    _add(feed, "id", feed_id)
    _add(feed, "title", clean(title) or GENERATOR, type="text")
    _add(feed, "updated", _time(updated))
    author = etree.SubElement(feed, _tag("author"))
    _add(author, "name", GENERATOR)
    _add(feed, "generator", GENERATOR)
    if self_url:
        etree.SubElement(feed, _tag("link"), rel="self", href=self_url)
    for entry in entries:
        feed.append(_parsed(entry.xml.encode()))
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def atom_read(document: bytes) -> tuple[str, tuple[AtomEntry, ...]]:
    """The id and the entries of a feed that ``atom_feed`` wrote.

    Raises:
        ValueError: it is no XML, or not written by us.
    """
    try:
        feed = _parsed(document)
    except etree.XMLSyntaxError as error:
        raise ValueError("it is no XML") from error
    feed_id = feed.findtext(_tag("id"))
    if feed.tag != _tag("feed") or feed.findtext(_tag("generator")) != GENERATOR or not feed_id:
        raise ValueError("it was not written by News Monitor")
    entries = []
    for entry in feed.iterfind(_tag("entry")):
        entry.tail = None
        entry_id = entry.findtext(_tag("id")) or ""
        entries.append(AtomEntry(entry_id, etree.tostring(entry, encoding="unicode")))
    return str(feed_id), tuple(entries)


def _parsed(document: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(document, parser)  # nothing from outside is resolved


def _title(message: Message) -> str:
    urgent = "[urgent] " if message.urgent else ""
    update = "Update: " if message.kind is MessageKind.UPDATE else ""
    return urgent + update + message.title


def _content(message: Message) -> Markup:
    parts = []
    if message.because:
        parts.append(Markup("<p>{}</p>").format(message.because))
    for rule in message.rules:
        for snippet in rule.snippets:
            words = Markup("").join(
                Markup("<b>{}</b>").format(run.text) if run.hit else run.text for run in snippet
            )
            parts.append(Markup("<blockquote>{}</blockquote>").format(words))
        why = f": {rule.why}" if rule.why else ""
        parts.append(Markup("<p>Rule: <b>{}</b>{}</p>").format(rule.title, why))
    if message.more_rules:
        parts.append(Markup("<p>and {} more rules</p>").format(message.more_rules))
    parts += [_figure(figure) for figure in message.figures]
    if message.also:
        more = f" (+{message.more_places})" if message.more_places else ""
        named = Markup(", ").join(map(_place, message.places))
        parts.append(Markup("<p>Also: {}{}</p>").format(named, more))
    parts += [Markup("<p>{}</p>").format(note) for note in message.notes]
    return Markup("\n").join(parts) or Markup("<p>{}</p>").format(message.title)


def _figure(figure: FigureView) -> Markup:
    mark = Markup("<b>Disputed:</b> ") if figure.disputed else ""
    said = [
        Markup("<li>{}: {}</li>").format(outlet, sentence) for outlet, sentence in figure.sentences
    ]
    listed = Markup("<ul>{}</ul>").format(Markup("").join(said)) if said else ""
    return Markup("<p>{}{}</p>{}").format(mark, figure.text, listed)


def _place(place: PlaceView) -> Markup:
    if place.link:
        return Markup('<a href="{}">{}</a>').format(place.link, place.outlet)
    return Markup("{}").format(place.outlet)


def _add(parent: Any, name: str, words: str, **attributes: str) -> None:
    etree.SubElement(parent, _tag(name), **attributes).text = words


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
