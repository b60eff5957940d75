"""A digest as Slack blocks: a list for each story, within 50 blocks. Layer 1, pure."""

from collections.abc import Iterator
from typing import Final

from monitor.alerts.compose_digest import Digest, DigestStory
from monitor.alerts.message import Message
from monitor.alerts.render_slack_elements import (
    Element,
    bullets,
    figures,
    linked,
    moment,
    others,
    rich,
    section,
    sentence,
    steps,
    words,
)

MOST_ITEMS: Final = 45  # each may need a block of its own; two more are the head and the foot


def digest_blocks(digest: Digest, *, sentences: bool) -> list[Element]:
    """The blocks; ``sentences``: with the sentence that was found under each alert."""
    head = [words(digest.title, bold=True)]
    if digest.because:
        head.append(words("\n" + digest.because))
    blocks = [rich([section(head)])]
    if digest.urgent:
        header = {"type": "plain_text", "text": "🚨 Urgent", "emoji": True}
        blocks.insert(0, {"type": "header", "text": header})
    blocks += [_story(story, sentences) for story in digest.stories]
    foot: list[Element] = []
    if digest.left_out:
        foot.append(words(f"and {digest.left_out} more of {digest.total}\n"))
    blocks.append(rich([section([*foot, *steps([digest.way])])]))
    return blocks


def _story(story: DigestStory, sentences: bool) -> Element:
    parts: list[Element] = []
    if story.title:
        parts.append(section([words(f"Story: {story.title}", bold=True)]))
    parts.append(bullets(section(_item(item, sentences)) for item in story.items))
    after = list(figures(story.figures, 0)) + list(others(story.places, story.more_places))
    if after:
        parts.append(section(after))
    return rich(parts)


def _item(item: Message, sentences: bool) -> Iterator[Element]:
    if item.urgent:
        yield words("URGENT ", bold=True)
    yield linked(item.title, item.link, bold=True)
    if item.source:
        yield words("\n" + item.source)
    if item.published is not None:
        yield words(" · " if item.source else "\n")
        yield moment(item.published)
    if item.because:
        yield words("\n" + item.because)
    if item.rules:
        more = f" (+{item.more_rules})" if item.more_rules else ""
        named = ", ".join(rule.title for rule in item.rules)
        yield words(f"\n{named}{more}", italic=True)
    for rule in item.rules[:1] if sentences else ():
        for snippet in rule.snippets:
            yield words("\n")
            yield from sentence(snippet)
    for note in item.notes:
        yield words(f"\n⚠ {note}")
