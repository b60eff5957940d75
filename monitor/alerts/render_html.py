"""A message as an HTML mail that reads well on a phone, in light and in dark.

Layer 1, pure. Every value goes through markupsafe; links are http or https only. No picture, form,
script or style from elsewhere, so that nothing is loaded when the mail is opened. Styles are
inline, since several mail programs drop style sheets; the one style element only holds the dark
colours and the narrow screen, which cannot be written inline.
"""

from typing import Final

from markupsafe import Markup

from monitor.alerts.escape import Run
from monitor.alerts.message import Message, PlaceView, RuleView, compose
from monitor.model import Alert

_FONT: Final = Markup("font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif")
_MONO: Final = Markup("font-family:ui-monospace,Menlo,Consolas,monospace")

_PAGE: Final = Markup(
    """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
@media (max-width: 480px) {{
  .page {{ padding: 0 !important; }}
  .card {{ border-left: 0 !important; border-right: 0 !important; border-radius: 0 !important; }}
  .pad {{ padding-left: 18px !important; padding-right: 18px !important; }}
}}
@media (prefers-color-scheme: dark) {{
  .page {{ background: #15171a !important; }}
  .card {{ background: #1f2226 !important; border-color: #353a41 !important; }}
  .ink {{ color: #f1f3f5 !important; }}
  .dim {{ color: #a9b1ba !important; }}
  .quote {{ background: #272b30 !important; border-color: #d9a400 !important; }}
  .hit {{ background: #6b5200 !important; color: #fff6d6 !important; }}
  .line {{ border-color: #353a41 !important; }}
  .urgent {{ background: #d92d20 !important; color: #ffffff !important; }}
  .button {{ background: #8ab4f8 !important; color: #0b1524 !important; }}
  .note {{ background: #3a3115 !important; color: #f6e3a1 !important; }}
  a.plain {{ color: #8ab4f8 !important; }}
}}
</style>
</head>
<body class="page" style="margin:0;padding:20px 12px;background:#eef0f3;{font}">
<div style="display:none;max-height:0;overflow:hidden">{preheader}</div>
<div class="card" style="max-width:600px;margin:0 auto;background:#ffffff;\
border:1px solid #d8dce1;border-radius:10px;overflow:hidden">
{body}</div>
</body>
</html>
"""
)
_URGENT: Final = Markup(
    '<div class="urgent pad" style="background:#b42318;color:#ffffff;padding:9px 28px;'
    'font-size:13px;font-weight:700;letter-spacing:.08em">URGENT</div>\n'
)
_HEAD: Final = Markup(
    '<div class="pad" style="padding:22px 28px 4px">\n'
    '<h1 class="ink" style="margin:0 0 8px;font-size:22px;line-height:1.28;color:#15181c;'
    'overflow-wrap:anywhere">{title}</h1>\n'
    '<p class="dim" style="margin:0;font-size:14px;line-height:1.45;color:#5a636e;'
    'overflow-wrap:anywhere">{byline}</p>\n'
    "</div>\n"
)
_QUOTE: Final = Markup(
    '<blockquote class="quote ink" style="margin:0 0 10px;padding:12px 14px;background:#f6f7f9;'
    "border-left:4px solid #e0a800;border-radius:0 6px 6px 0;font-size:16px;line-height:1.5;"
    'color:#15181c;overflow-wrap:anywhere">{sentence}</blockquote>\n'
)
_HIT: Final = Markup(
    '<b class="hit" style="background:#ffe58a;color:#15181c;padding:1px 3px;border-radius:3px">'
    "{words}</b>"
)
_RULE: Final = Markup(
    '<div class="pad" style="padding:14px 28px 2px">\n{quotes}'
    '<p class="ink" style="margin:0;font-size:14px;line-height:1.5;color:#15181c;'
    'overflow-wrap:anywhere"><span class="dim" style="color:#5a636e">Rule:</span> <b>{title}</b>'
    "{level}<br>\n"
    '<span class="dim" style="color:#5a636e">{why}</span></p>\n</div>\n'
)
_NOTE: Final = Markup(
    '<p class="note" style="margin:0 0 12px;padding:8px 12px;background:#fff6dc;color:#5c4400;'
    'border-radius:6px;font-size:14px;line-height:1.45;overflow-wrap:anywhere">{words}</p>\n'
)
_BUTTON: Final = Markup(
    '<p style="margin:4px 0 14px"><a class="button" href="{link}" rel="noreferrer" '
    'style="display:inline-block;padding:11px 18px;background:#1a56b0;color:#ffffff;'
    'border-radius:7px;font-size:15px;font-weight:600;text-decoration:none">{words}</a></p>\n'
)
_PARAGRAPH: Final = Markup(
    '<p class="dim" style="margin:0 0 12px;font-size:14px;line-height:1.5;color:#5a636e;'
    'overflow-wrap:anywhere">{words}</p>\n'
)
_FOOT: Final = Markup(
    '<div class="pad line dim" style="border-top:1px solid #e5e8ec;padding:12px 28px 16px;'
    'font-size:13px;line-height:1.5;color:#5a636e">'
    'How this came about: <span style="{mono};overflow-wrap:anywhere">{command}</span></div>\n'
)
_LINK: Final = Markup(
    '<a class="plain" href="{link}" rel="noreferrer" style="color:#1a56b0">{words}</a>'
)


def html(alert: Alert) -> str:
    """``alert`` as a complete HTML document."""
    message = compose(alert)
    body = Markup("").join(
        [
            _URGENT if message.urgent else "",
            _HEAD.format(title=message.title, byline=message.byline),
            *(_rule(rule) for rule in message.rules),
            _after(message),
            _FOOT.format(command=message.command, mono=_MONO),
        ]
    )
    page = _PAGE.format(title=message.title, preheader=_preheader(message), body=body, font=_FONT)
    return str(page)


def _preheader(message: Message) -> str:
    """What a mailbox shows beside the subject: the sentence that was found."""
    for rule in message.rules:
        for snippet in rule.snippets:
            return "".join(run.text for run in snippet)
    return message.byline


def _rule(rule: RuleView) -> Markup:
    return _RULE.format(
        quotes=Markup("").join(_QUOTE.format(sentence=_sentence(s)) for s in rule.snippets),
        title=rule.title,
        level=" · urgent" if rule.urgent else "",
        why=rule.why,
    )


def _sentence(snippet: tuple[Run, ...]) -> Markup:
    return Markup("").join(_HIT.format(words=r.text) if r.hit else r.text for r in snippet)


def _after(message: Message) -> Markup:
    parts: list[Markup] = []
    if message.more_rules:
        parts.append(_PARAGRAPH.format(words=f"and {message.more_rules} more rules"))
    parts += [_NOTE.format(words=_capital(note)) for note in message.notes]
    if message.link:
        words = f"Read on {message.host}"
        parts.append(_BUTTON.format(link=message.link, words=words))
    if message.places:
        more = f" (+{message.more_places})" if message.more_places else ""
        places = Markup(", ").join(_place(place) for place in message.places)
        parts.append(_PARAGRAPH.format(words=Markup("Also: {}{}").format(places, more)))
    return Markup('<div class="pad" style="padding:14px 28px 4px">\n{}</div>\n').format(
        Markup("").join(parts)
    )


def _place(place: PlaceView) -> Markup:
    if place.link:
        return _LINK.format(link=place.link, words=place.outlet)
    return Markup("{}").format(place.outlet)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
