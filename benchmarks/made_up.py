"""Feeds, pages, articles and rules made of words that do not exist; the same in every run.

Word frequencies fall as in real texts (Zipf), with English function words in front, so that
vocabularies, compression and look-ups behave as on news. Every function depends on its arguments
only.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from itertools import accumulate
from typing import Final

from monitor.model import Article

ENTRIES: Final = 30  # of each feed
_SYLLABLES: Final = (
    "ba be bi bo bu da de di do du fa fe fi fo ga ge gi go ka ke ki ko la le li lo ma me mi mo na "
    "ne ni no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo za ze zi zo"
).split()
_ENDINGS: Final = ("", "n", "r", "s", "t", "l", "nd", "st", "ng", "m")
_FUNCTION_WORDS: Final = (
    "the of and to in a for on that is was with as by at it from be has have will an are not said "
    "but its their they which this who after been were more had about would than"
).split()
_EPOCH: Final = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
_NEWS: Final = (
    "The European Commission opened an antitrust investigation into the deal between Microsoft "
    "and the artificial intelligence company Mistral AI.",
    "Microsoft invests in Mistral AI, its partner in artificial intelligence, and the European "
    "Commission said that it would look at the competition in the market.",
)


@cache
def lexicon(size: int = 20_000) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Words, most frequent first, and their summed weights."""
    chance = random.Random(7)
    words = dict.fromkeys(_FUNCTION_WORDS)
    while len(words) < size:
        count = chance.choices((1, 2, 3, 4), (2, 6, 5, 2))[0]
        parts = "".join(chance.choice(_SYLLABLES) for _ in range(count))
        words.setdefault(parts + chance.choice(_ENDINGS))
    return tuple(words), tuple(accumulate(1 / (rank + 2.7) for rank in range(size)))


def take(chance: random.Random, count: int) -> list[str]:
    """``count`` words, frequent ones more often."""
    words, weights = lexicon()
    return chance.choices(words, cum_weights=weights, k=count)


def sentence(chance: random.Random) -> str:
    """7 to 24 words with a capital, sometimes a name, a figure or a quotation, and an end."""
    words = take(chance, chance.randint(7, 24))
    words[0] = words[0].capitalize()
    for _ in range(chance.randint(0, 2)):
        at = chance.randrange(len(words))
        words[at] = words[at].capitalize()
    if chance.random() < 0.2:
        words.insert(3, f"€{chance.randint(2, 900)}.{chance.randint(1, 9)} million")
    text = " ".join(words)
    return f"“{text}”, said {words[0]}." if chance.random() < 0.15 else text + "."


def title(chance: random.Random) -> str:
    """A headline of 5 to 11 words."""
    return " ".join(take(chance, chance.randint(5, 11))).capitalize()


def article(number: int, words: int = 700) -> Article:
    """An article of about ``words`` words; one in five is about what the shipped rules watch."""
    chance = random.Random(number)
    heading = title(chance)
    paragraphs: list[str] = []
    count = 0
    while count < words:
        paragraphs.append(" ".join(sentence(chance) for _ in range(chance.randint(2, 4))))
        count += paragraphs[-1].count(" ") + 1
    if number % 5 == 0:
        paragraphs[1:1] = _NEWS
    return Article(
        id=str(number),
        url=f"https://ledger.example/{number}",
        title=heading,
        text="\n\n".join(paragraphs),
        source="Made-up Ledger",
        language="en",
        published=_EPOCH,
    )


def feed(number: int, edition: int = 0) -> bytes:
    """A feed of 30 entries, about 70 KiB; each ``edition`` has one entry more at the top."""
    host = f"outlet{number}.example"
    entries = [_entry(number, at, host) for at in range(edition + ENTRIES - 1, edition - 1, -1)]
    built = format_datetime(_EPOCH + timedelta(hours=edition))
    name = escape(title(random.Random(number)))
    if number % 3 == 1:
        head = (
            '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
            f"<title>{name}</title><id>tag:{host},2026:feed</id>"
            f'<updated>{_EPOCH.isoformat()}</updated><link href="https://{host}/"/>'
        )
        tail = "</feed>"
    else:
        head = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" '
            'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
            f"<title>{name}</title><link>https://{host}/</link><description>{name}</description>"
            f"<language>en</language><lastBuildDate>{built}</lastBuildDate><ttl>15</ttl>"
        )
        tail = "</channel></rss>"
    made = '<?xml version="1.0" encoding="UTF-8"?>\n' + head + "\n".join(entries) + tail
    return made.encode()


def _entry(number: int, at: int, host: str) -> str:
    """Entry ``at`` of feed ``number``: the same in every edition."""
    chance = random.Random(f"{number}/{at}")
    heading = escape(title(chance))
    slug = f"{number}-{at}-" + "-".join(take(chance, 4))
    when = _EPOCH + timedelta(minutes=45 * at)
    summary, body = escape(sentence(chance)), _entry_body(chance, host, slug)
    names = [" ".join(take(chance, 2)).title(), *take(chance, 2)]
    if number % 3 == 1:
        return (
            f"<entry><id>tag:{host},2026:{slug}</id><title>{heading}</title>"
            f'<link href="https://{host}/{slug}.html"/><published>{when.isoformat()}</published>'
            f"<updated>{when.isoformat()}</updated><author><name>{names[0]}</name></author>"
            f'<category term="{names[1]}"/><summary type="html">{summary}</summary>'
            f'<content type="html">{escape(body)}</content></entry>'
        )
    text = (
        f"<description>{escape(body)}</description>"
        if number % 3
        else f"<description><![CDATA[{summary}]]></description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    )
    return (
        f"<item><title>{heading}</title><link>https://{host}/{slug}.html</link>"
        f'<guid isPermaLink="false">{slug}</guid><pubDate>{format_datetime(when)}</pubDate>'
        f"<dc:creator><![CDATA[{names[0]}]]></dc:creator><category>{names[1]}</category>"
        f"<category>{names[2]}</category>"
        f'<media:content url="https://{host}/{slug}.jpg" medium="image" width="640"/>{text}</item>'
    )


def _entry_body(chance: random.Random, host: str, slug: str) -> str:
    blocks = [f'<p><img src="/media/{slug}.jpg" alt="{take(chance, 1)[0]}" width="640"/></p>']
    size, wanted = 0, chance.randint(900, 1900)
    while size < wanted:
        text = " ".join(sentence(chance) for _ in range(chance.randint(2, 4)))
        if chance.random() < 0.4:
            word = take(chance, 1)[0]
            text += f' <a href="https://{host}/tag/{word}?utm_source=rss&amp;x=1">{word}</a>'
        elif chance.random() < 0.3:
            text = f"<strong>{title(chance)}</strong> &amp; {text}"
        blocks.append(f"<p>{text}</p>")
        size += len(blocks[-1])
    return "\n".join(blocks)


def page(number: int) -> bytes:
    """A news page of about 100 KiB: an article among menus, scripts, teasers and comments."""
    chance = random.Random(f"page {number}")
    told = article(number)
    paragraphs = "".join(
        f'<p class="body-text">{escape(text)}{_inline(chance)}</p>'
        + (_figure(chance) if at % 6 == 2 else "")
        for at, text in enumerate(told.text.split("\n\n"))
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head>{_head(chance, told)}</head><body class="single">'
        f'<header class="site-header">{_links(chance, "main-menu", 70)}</header><main>'
        f'<article class="post"><h1>{escape(told.title)}</h1>'
        '<div class="byline">By <a rel="author" href="/desk">Business desk</a> '
        '<time datetime="2026-01-05T06:00:00Z">5 January 2026</time></div>'
        f'<div class="share-buttons">{_links(chance, "share", 6)}</div>'
        f'<div class="entry-content">{paragraphs}</div></article>'
        f'<section class="related-posts">{_teasers(chance, 30)}</section>'
        f'<section id="comments"><h3>Comments</h3>{_comments(chance, 40)}</section></main>'
        f'<aside class="sidebar">{_teasers(chance, 20)}</aside>'
        f"<footer>{_links(chance, 'footer-menu', 60)}</footer>{_scripts(chance, 10)}</body></html>"
    ).encode()


def _head(chance: random.Random, told: Article) -> str:
    name = escape(told.title, quote=True)
    return (
        f'<meta charset="utf-8"><title>{name} | Made-up Ledger</title>'
        f'<link rel="canonical" href="{told.url}"><meta property="og:title" content="{name}">'
        '<meta property="og:site_name" content="Made-up Ledger">'
        '<meta property="article:published_time" content="2026-01-05T06:00:00Z">'
        '<script type="application/ld+json">{"@context":"https://schema.org",'
        f'"@type":"NewsArticle","headline":"{name}","datePublished":"2026-01-05T06:00:00Z",'
        '"author":{"@type":"Organization","name":"Business desk"}}</script>'
        f"<style>{_code(chance, 120)}</style>{_scripts(chance, 8)}"
    )


def _inline(chance: random.Random) -> str:
    word = take(chance, 1)[0]
    return f' <a href="/topic/{word}">{word}</a>' if chance.random() < 0.3 else ""


def _figure(chance: random.Random) -> str:
    return (
        f'<figure class="picture"><img src="/i/{take(chance, 1)[0]}.jpg" alt="">'
        f"<figcaption>{escape(sentence(chance))}</figcaption></figure>"
    )


def _links(chance: random.Random, name: str, count: int) -> str:
    items = "".join(
        f'<li class="{name}-item"><a href="/{word}/" data-track="nav">{word.title()}</a></li>'
        for word in take(chance, count)
    )
    return f'<nav class="{name}"><ul>{items}</ul></nav>'


def _teasers(chance: random.Random, count: int) -> str:
    return "".join(
        f'<div class="card teaser"><a href="/{chance.randrange(10**6)}.html">'
        f'<img src="/t/{chance.randrange(10**6)}.jpg" alt="" loading="lazy" width="320">'
        f"<h4>{escape(title(chance))}</h4></a><p>{escape(sentence(chance))}</p></div>"
        for _ in range(count)
    )


def _comments(chance: random.Random, count: int) -> str:
    return "".join(
        f'<div class="comment" id="comment-{at}"><span class="comment-author">Reader {at}</span>'
        f"<p>{escape(sentence(chance))}</p></div>"
        for at in range(count)
    )


def _scripts(chance: random.Random, count: int) -> str:
    return "".join(f"<script>{_code(chance, 150)}</script>" for _ in range(count))


def _code(chance: random.Random, statements: int) -> str:
    return "".join(
        f"{name}.{value}={{on:{chance.randrange(1000)}}};"
        for name, value in (take(chance, 2) for _ in range(statements))
    )


def rules(count: int, articles: Sequence[Article], hit: float = 0.3) -> str:
    """A rule file (YAML) with ``count`` rules: two groups of terms, half with an exclusion.

    One rule in five asks for two words close to each other. A share ``hit`` of the terms is taken
    from the articles, mostly rare words; the rest are names that hardly occur, as names do.
    """
    chance = random.Random(11)
    texts = [told.text.lower().split() for told in articles]
    often = Counter(word for words in texts for word in set(words))
    common = {word for word, _ in often.most_common(150)}

    def name() -> str:
        return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) + "x"

    def found(length: int) -> str:
        rare = chance.random() < 0.8
        while True:
            words = chance.choice(texts)
            at = chance.randrange(len(words) - length)
            phrase = words[at : at + length]
            fits = often[phrase[0]] <= 2 if rare else phrase[0] not in common
            if fits and all(word.isascii() and word.isalpha() for word in phrase):
                return " ".join(phrase)

    def term(most: int = 3) -> str:
        length = min(most, chance.choices((1, 2, 3), (50, 35, 15))[0])
        if chance.random() < hit:
            return found(length)
        return " ".join(name() for _ in range(length))

    lines = ["rules:"]
    for number in range(count):
        lines += [f"  - id: made-up-{number}", "    match:"]
        if number % 5 == 0:
            lines.append(f'      near: {{within: 10, all: ["{term(1)}", "{term(1)}"]}}')
        else:
            lines.append("      all:")
            lines += [f'        - any: ["{term()}", "{term()}"]' for _ in range(2)]
        if chance.random() < 0.5:
            lines.append(f'      none: ["{term()}"]')
    return "\n".join(lines) + "\n"
