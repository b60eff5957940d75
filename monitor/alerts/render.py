"""One alert in every form that a channel shows. Layer 1, pure; see ``message`` for what is said."""

from monitor.alerts.render_html import html
from monitor.alerts.render_json import payload
from monitor.alerts.render_slack import (
    slack_escape,
    slack_payload,
    slack_plain_payload,
    slack_text_payload,
)
from monitor.alerts.render_text import reply_subject, subject, text

__all__ = [
    "html",
    "payload",
    "reply_subject",
    "slack_escape",
    "slack_payload",
    "slack_plain_payload",
    "slack_text_payload",
    "subject",
    "text",
]
