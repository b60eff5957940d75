"""Links and ids."""

from tests.feeds.cases.form import Case, atom, rss

ROOT = "https://pier-gazette.example"
ENTRY = f"{ROOT}/news/1"

CASES = [
    Case("a link and an id", rss(f"<guid isPermaLink='false'>p1</guid><link>{ENTRY}</link>"), ({"id": "p1", "link": ENTRY},)),
    Case("a link is the id where there is none", rss(f"<link>{ENTRY}</link>"), ({"id": ENTRY, "link": ENTRY},)),
    Case("an id that is an address is the link", rss(f"<guid>{ENTRY}</guid>"), ({"id": ENTRY, "link": ENTRY},)),
    Case(
        "an id that is called no address, but is one, is the only link",
        rss(f"<guid isPermaLink='false'>{ENTRY}</guid>"),
        ({"id": ENTRY, "link": ENTRY},),
    ),
    Case("an id that is no address leads nowhere", rss("<guid>17</guid>"), ({"id": "17", "link": None},)),
    Case("an empty link before an id", rss(f"<link/><guid>{ENTRY}</guid>"), ({"link": ENTRY},)),
    Case("an empty link after an id", rss(f"<guid>{ENTRY}</guid><link> </link>"), ({"link": ENTRY},)),
    Case("the id comes before the link", rss(f"<guid>{ROOT}/g</guid><link>{ENTRY}</link>"), ({"id": f"{ROOT}/g", "link": ENTRY},)),
    Case("the link comes before the id", rss(f"<link>{ENTRY}</link><guid>{ROOT}/g</guid>"), ({"id": f"{ROOT}/g", "link": ENTRY},)),
    Case("blanks around a link go", rss(f"<guid>1</guid><link>\n  {ENTRY}\n</link>"), ({"link": ENTRY},)),
    Case("a link in CDATA", rss(f"<guid>1</guid><link><![CDATA[{ENTRY}]]></link>"), ({"link": ENTRY},)),
    Case("parameters of a link", rss(f"<guid>1</guid><link>{ENTRY}?a=1&amp;copy=2</link>"), ({"link": f"{ENTRY}?a=1&copy=2"},)),
    Case("parameters escaped twice", rss(f"<guid>1</guid><link>{ENTRY}?a=1&amp;amp;b=2</link>"), ({"link": f"{ENTRY}?a=1&b=2"},)),
    Case("a relative link", rss("<guid>1</guid><link>/news/1</link>"), ({"link": ENTRY},)),
    Case("a link beside the feed", rss("<guid>1</guid><link>1.html</link>"), ({"link": f"{ROOT}/feeds/1.html"},)),
    Case("a link without a scheme", rss("<guid>1</guid><link>//other.example/1</link>"), ({"link": "https://other.example/1"},)),
    Case(
        "a relative link in a file is left out, and told",
        rss("<guid>1</guid><link>/news/1</link>"), ({"link": None},), warning="(/news/1): left out", url="",
    ),
    Case(
        "a script is no link, and told",
        rss("<guid>1</guid><link>javascript:alert(1)</link>"), ({"link": None},), warning="leads nowhere",
    ),
    Case("a mail address is no link", rss("<guid>1</guid><link>mailto:a@b.example</link>"), ({"link": None},)),
    Case("a local file is no link", rss("<guid>1</guid><link>file:///etc/hostname</link>"), ({"link": None},)),
    Case("a broken address is no link", rss("<guid>1</guid><link>http://[bad</link>"), ({"link": None},)),
    Case("a space in a link", rss(f"<guid>1</guid><link>{ENTRY} a</link>"), ({"link": f"{ENTRY}%20a"},)),
    Case("letters beyond ASCII in a link", rss(f"<guid>1</guid><link>{ROOT}/münze</link>"), ({"link": f"{ROOT}/münze"},)),
    Case("another item with the same id is left out", rss("<guid>1</guid><title>a</title>", "<guid>1</guid><title>b</title>"), ({"title": "a"},), warning="repeat the id"),
    Case("ids of two thousand characters are kept", rss(f"<guid>{'x' * 2000}</guid>"), ({"id": "x" * 2000},)),
    Case("spaces in an id are one", rss("<guid isPermaLink='false'>a \n b</guid>"), ({"id": "a b"},)),
    Case(
        "a self link is not the page",
        rss("<guid>1</guid>", head="<title>Pier</title><atom:link rel='self' href='https://x.example/f'/><link>/</link>"),
        ({},), {"link": f"{ROOT}/"},
    ),
    Case(
        "an Atom link inside an item",
        rss(f"<guid>1</guid><atom:link href='{ENTRY}'/>"), ({"link": ENTRY},),
    ),
    Case("the link of an Atom entry", atom(f"<id>urn:1</id><link href='{ENTRY}'/>"), ({"id": "urn:1", "link": ENTRY},)),
    Case(
        "of several Atom links the alternate page counts",
        atom(
            f"<id>urn:1</id><link rel='edit' href='{ROOT}/edit'/><link rel='alternate' type='application/pdf' href='{ROOT}/pdf'/>"
            f"<link rel='alternate' type='text/html' href='{ENTRY}'/><link rel='enclosure' href='{ROOT}/a.mp3'/>"
        ),
        ({"link": ENTRY},),
    ),
    Case("an alternate of another type is better than none", atom(f"<id>urn:1</id><link type='application/pdf' href='{ROOT}/pdf'/>"), ({"link": f"{ROOT}/pdf"},)),
    Case("rel in capitals", atom(f"<id>urn:1</id><link rel='ALTERNATE' href='{ENTRY}'/>"), ({"link": ENTRY},)),
    Case("an enclosure alone is no page", atom(f"<id>urn:1</id><link rel='enclosure' href='{ROOT}/a.mp3'/>"), ({"link": None},)),
    Case("an Atom id that is an address is the link", atom(f"<id>{ENTRY}</id>"), ({"link": ENTRY},)),
    Case("xml:base of the feed", atom("<id>urn:1</id><link href='x/1.html'/>", root=" xml:base='https://base.example/a/'"), ({"link": "https://base.example/a/x/1.html"},)),
    Case("xml:base of an entry", "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry xml:base='https://base.example/b/'><id>urn:1</id><link href='1.html'/></entry></feed>", ({"link": "https://base.example/b/1.html"},)),
    Case("a relative xml:base", atom("<id>urn:1</id><link href='1.html'/>", root=" xml:base='/sub/'"), ({"link": f"{ROOT}/sub/1.html"},)),
    Case("a link without base is relative to the feed", atom("<id>urn:1</id><link href='../n/1'/>"), ({"link": f"{ROOT}/n/1"},)),
    Case("the feed's link in Atom", atom(head=f"<title>Pier</title><link href='{ROOT}/'/><link rel='self' href='{ROOT}/f'/>"), (), {"link": f"{ROOT}/"}),
    Case("a feed without entries", rss(), (), {"title": "Pier"}, warning=""),
]  # fmt: skip
