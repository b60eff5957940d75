"""A digest as the body of an HTML mail: one section for each story. Layer 1, pure."""

from typing import Final

from markupsafe import Markup

from monitor.alerts.compose_digest import Digest, DigestStory
from monitor.alerts.message import Message
from monitor.alerts.render_html_parts import (
    HEAD,
    KICKER,
    LINK,
    PARAGRAPH,
    URGENT,
    capital,
    figures,
    foot,
    places,
    sentence,
)

_GAP: Final = Markup('<div style="height:14px"></div>\n')
_SECTION: Final = Markup(
    '<div class="pad line" style="border-top:1px solid #e5e8ec;padding:16px 28px 6px">\n'
    "{story}{items}{after}</div>\n"
)
_ITEM: Final = Markup(
    '<div style="margin:0 0 12px">\n'
    '<p class="ink" style="margin:0 0 3px;font-size:16px;line-height:1.35;font-weight:600;'
    'color:#15181c;overflow-wrap:anywhere">{urgent}{title}</p>\n{lines}</div>\n'
)
_URGENT_WORD: Final = Markup(
    '<span class="urgent" style="background:#b42318;color:#ffffff;padding:1px 6px;'
    'border-radius:3px;font-size:12px">URGENT</span> '
)
_DIM: Final = Markup(
    '<p class="dim" style="margin:0 0 3px;font-size:13px;line-height:1.45;color:#5a636e;'
    'overflow-wrap:anywhere">{words}</p>\n'
)
_SENTENCE: Final = Markup(
    '<p class="ink" style="margin:0 0 3px;font-size:14px;line-height:1.45;color:#15181c;'
    'overflow-wrap:anywhere">{words}</p>\n'
)


def digest_body(digest: Digest) -> Markup:
    """Everything inside the card; says how many alerts were left out, and where these are."""
    left = f"and {digest.left_out} more of {digest.total}" if digest.left_out else ""
    return Markup("").join(
        [
            URGENT if digest.urgent else "",
            HEAD.format(kicker="", title=digest.title, byline=capital(digest.because)),
            _GAP,
            *(_story(story) for story in digest.stories),
            _SECTION.format(story="", items=PARAGRAPH.format(words=left), after="") if left else "",
            foot((digest.way,)),
        ]
    )


def _story(story: DigestStory) -> Markup:
    return _SECTION.format(
        story=KICKER.format(words=story.title) if story.title else "",
        items=Markup("").join(_item(item) for item in story.items),
        after=figures(story.figures, 0) + places(story.places, story.more_places),
    )


def _item(item: Message) -> Markup:
    lines = [_DIM.format(words=item.byline)] if item.byline else []
    if item.because:
        lines.append(_SENTENCE.format(words=item.because))
    lines += [
        _SENTENCE.format(words=sentence(snippet))
        for rule in item.rules[:1]
        for snippet in rule.snippets
    ]
    if item.rules:
        more = f" (+{item.more_rules})" if item.more_rules else ""
        lines.append(_DIM.format(words=", ".join(rule.title for rule in item.rules) + more))
    lines += [_DIM.format(words=note) for note in item.notes]
    title = LINK.format(link=item.link, words=item.title) if item.link else item.title
    return _ITEM.format(
        urgent=_URGENT_WORD if item.urgent else "", title=title, lines=Markup("").join(lines)
    )
