"""The golden files: every kind of message in every form, as people judged it once.

After a wanted change of the layout run ``python -m tests.notifiers.golden``, look at the difference,
and commit it.
"""

import json
from collections.abc import Callable
from pathlib import Path

from monitor.alerts.render import html, payload, slack_payload, slack_plain_payload, text
from monitor.alerts.render_atom import atom_entry, atom_feed, atom_id
from monitor.model import Alert
from tests.notifiers.samples import KINDS, NOW

FOLDER = Path(__file__).parent / "golden"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _atom(alert: Alert) -> str:
    entry = atom_entry(alert, NOW)
    return atom_feed(atom_id("feed", "golden"), "Golden", NOW, [entry]).decode()


FORMS: dict[str, Callable[[Alert], str]] = {
    "txt": text,
    "html": html,
    "json": lambda alert: _json(payload(alert)),
    "slack.json": lambda alert: _json(slack_payload(alert)),
    "slack-plain.json": lambda alert: _json(slack_plain_payload(alert)),
    "linked.txt": lambda alert: text(alert, "https://news.example.org/monitor"),
    "atom": _atom,
}
NAMES = [f"{kind}.{form}" for kind in KINDS for form in FORMS]


def made(name: str) -> str:
    """What the golden file ``name`` should hold."""
    kind, _, form = name.partition(".")
    return FORMS[form](KINDS[kind])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        (FOLDER / name).write_text(made(name), encoding="utf-8")
