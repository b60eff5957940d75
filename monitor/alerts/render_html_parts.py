"""The pieces of an HTML mail: page, head, quotes, figures, next steps.

Layer 1, pure. Every value goes through markupsafe; links are http or https only. No picture, form,
script or style from elsewhere, so that nothing is loaded when the mail is opened. Styles are
inline, since several mail programs drop style sheets; the one style element only holds the dark
colours and the narrow screen, which cannot be written inline.
"""

from typing import Final

from markupsafe import Markup

from monitor.alerts.compose_links import Way
from monitor.alerts.compose_story import FigureView, PlaceView
from monitor.alerts.escape import Run

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
  .disputed {{ color: #f2a68c !important; }}
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
URGENT: Final = Markup(
    '<div class="urgent pad" style="background:#b42318;color:#ffffff;padding:9px 28px;'
    'font-size:13px;font-weight:700;letter-spacing:.08em">URGENT</div>\n'
)
HEAD: Final = Markup(
    '<div class="pad" style="padding:22px 28px 4px">\n{kicker}'
    '<h1 class="ink" style="margin:0 0 8px;font-size:22px;line-height:1.28;color:#15181c;'
    'overflow-wrap:anywhere">{title}</h1>\n'
    '<p class="dim" style="margin:0;font-size:14px;line-height:1.45;color:#5a636e;'
    'overflow-wrap:anywhere">{byline}</p>\n'
    "</div>\n"
)
KICKER: Final = Markup(
    '<p class="dim" style="margin:0 0 8px;font-size:13px;line-height:1.4;font-weight:700;'
    'color:#5a636e;overflow-wrap:anywhere">{words}</p>\n'
)
SAYING: Final = Markup(
    '<div class="pad" style="padding:10px 28px 2px"><p class="ink" style="margin:0;font-size:16px;'
    'line-height:1.5;color:#15181c;overflow-wrap:anywhere"><b>{label}</b>{words}</p></div>\n'
)
QUOTE: Final = Markup(
    '<blockquote class="quote ink" style="margin:0 0 10px;padding:12px 14px;background:#f6f7f9;'
    "border-left:4px solid #e0a800;border-radius:0 6px 6px 0;font-size:16px;line-height:1.5;"
    'color:#15181c;overflow-wrap:anywhere">{sentence}</blockquote>\n'
)
_HIT: Final = Markup(
    '<b class="hit" style="background:#ffe58a;color:#15181c;padding:1px 3px;border-radius:3px">'
    "{words}</b>"
)
RULE: Final = Markup(
    '<div class="pad" style="padding:14px 28px 2px">\n{quotes}'
    '<p class="ink" style="margin:0;font-size:14px;line-height:1.5;color:#15181c;'
    'overflow-wrap:anywhere"><span class="dim" style="color:#5a636e">Rule:</span> <b>{title}</b>'
    "{level}<br>\n"
    '<span class="dim" style="color:#5a636e">{why}</span></p>\n</div>\n'
)
NOTE: Final = Markup(
    '<p class="note" style="margin:0 0 12px;padding:8px 12px;background:#fff6dc;color:#5c4400;'
    'border-radius:6px;font-size:14px;line-height:1.45;overflow-wrap:anywhere">{words}</p>\n'
)
BUTTON: Final = Markup(
    '<p style="margin:4px 0 14px"><a class="button" href="{link}" rel="noreferrer" '
    'style="display:inline-block;padding:11px 18px;background:#1a56b0;color:#ffffff;'
    'border-radius:7px;font-size:15px;font-weight:600;text-decoration:none">{words}</a></p>\n'
)
PARAGRAPH: Final = Markup(
    '<p class="dim" style="margin:0 0 12px;font-size:14px;line-height:1.5;color:#5a636e;'
    'overflow-wrap:anywhere">{words}</p>\n'
)
_FOOT: Final = Markup(
    '<div class="pad line dim" style="border-top:1px solid #e5e8ec;padding:12px 28px 16px;'
    'font-size:13px;line-height:1.6;color:#5a636e">{ways}</div>\n'
)
_COMMAND: Final = Markup('{label}: <span style="{mono};overflow-wrap:anywhere">{command}</span>')
_PAGE_LINK: Final = Markup(
    '<a class="plain" href="{link}" rel="noreferrer" style="color:#1a56b0">{label}</a>'
)
LINK: Final = Markup(
    '<a class="plain" href="{link}" rel="noreferrer" style="color:#1a56b0">{words}</a>'
)


_FIGURES: Final = Markup(
    '<div class="line ink" style="margin:0 0 12px;padding:10px 14px;border:1px solid #e5e8ec;'
    'border-radius:6px;font-size:14px;line-height:1.5;color:#15181c;overflow-wrap:anywhere">'
    "{lines}</div>\n"
)
_DISPUTED: Final = Markup(
    '<div style="margin:2px 0"><b class="disputed" style="color:#9a3412">Disputed:</b> {text}'
    "{sentences}</div>\n"
)
_AGREED: Final = Markup('<div style="margin:2px 0">{text}</div>\n')
_SAID: Final = Markup(
    '<div class="dim" style="margin:2px 0 2px 12px;color:#5a636e">{outlet}: {sentence}</div>'
)


def page(title: str, preheader: str, body: Markup) -> str:
    """A complete document; ``preheader`` is what a mailbox shows beside the subject."""
    return str(_PAGE.format(title=title, preheader=preheader, body=body, font=_FONT))


def sentence(snippet: tuple[Run, ...]) -> Markup:
    """A sentence with its hits marked."""
    return Markup("").join(_HIT.format(words=run.text) if run.hit else run.text for run in snippet)


def capital(words: str) -> str:
    """``words`` as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def plain(snippet: tuple[Run, ...]) -> str:
    """The same sentence without marks."""
    return "".join(run.text for run in snippet)


def places(shown: tuple[PlaceView, ...], more: int) -> Markup:
    """Other outlets in one paragraph, as links where they have one; empty if there are none."""
    if not shown and not more:
        return Markup("")
    named = Markup(", ").join(
        LINK.format(link=place.link, words=place.outlet) if place.link else place.outlet
        for place in shown
    )
    counted = (f" (+{more})" if shown else f"{more} more") if more else ""
    return PARAGRAPH.format(words=Markup("Also: {}{}").format(named, counted))


def figures(shown: tuple[FigureView, ...], more: int) -> Markup:
    """Figures in a frame, in the order given; empty if there are none."""
    if not shown:
        return Markup("")
    lines = [_figure(figure) for figure in shown]
    if more:
        lines.append(_AGREED.format(text=f"and {more} more {'figure' if more == 1 else 'figures'}"))
    return _FIGURES.format(lines=Markup("").join(lines))


def foot(ways: tuple[Way, ...]) -> Markup:
    """The next steps: links where there are pages, else the commands to type."""
    shown = (
        _PAGE_LINK.format(link=way.link, label=way.label)
        if way.link
        else _COMMAND.format(label=way.label, command=way.command, mono=_MONO)
        for way in ways
    )
    return _FOOT.format(ways=Markup("<br>\n").join(shown))


def _figure(figure: FigureView) -> Markup:
    if not figure.disputed:
        return _AGREED.format(text=figure.text)
    said = (_SAID.format(outlet=outlet, sentence=words) for outlet, words in figure.sentences)
    return _DISPUTED.format(text=figure.text, sentences=Markup("").join(said))
