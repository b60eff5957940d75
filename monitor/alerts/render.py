"""One alert in every form that a channel shows. Layer 1, pure; see ``message`` for what is said."""

from monitor.alerts.render_html import html
from monitor.alerts.render_json import payload
from monitor.alerts.render_slack import slack_escape, slack_payload, slack_plain_payload
from monitor.alerts.render_text import subject, text

__all__ = [
    "html",
    "payload",
    "slack_escape",
    "slack_payload",
    "slack_plain_payload",
    "subject",
    "text",
]
