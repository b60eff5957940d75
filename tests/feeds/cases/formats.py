"""Formats, and documents that are hardly one."""

import gzip
import json

from monitor.feeds.quick_elements import RSS_0_90
from tests.feeds.cases.form import NINE, Case, atom, rss

ROOT = "https://pier-gazette.example"
RDF = (
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
    f'<channel rdf:about="{ROOT}/"><title>Pier</title><link>{ROOT}/</link>'
    "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>"
    f'<item rdf:about="{ROOT}/1"><title>One</title><link>{ROOT}/1</link><description>d</description>'
    f"<dc:date>{NINE}</dc:date><dc:creator>Harbour Desk</dc:creator><dc:subject>tides</dc:subject>"
    "</item></rdf:RDF>"
)
ATOM03 = (
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Pier</title>'
    f'<link rel="alternate" type="text/html" href="{ROOT}/"/><entry><title>One</title><id>urn:1</id>'
    f'<link rel="alternate" type="text/html" href="{ROOT}/1"/><issued>{NINE}</issued>'
    "<modified>2024-02-28T10:00:00Z</modified>"
    '<content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>'
)
CDF = (
    f'<?xml version="1.0"?><CHANNEL HREF="{ROOT}/"><TITLE>Pier</TITLE>'
    f'<ITEM HREF="{ROOT}/1" LASTMOD="{NINE}"><TITLE>One</TITLE><ABSTRACT>x</ABSTRACT></ITEM></CHANNEL>'
)
ENTRY = (
    f'<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom"><id>urn:1</id><title>One</title>'
    f'<link href="{ROOT}/1"/><published>{NINE}</published></entry>'
)
NEWS = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def news(place: str, title: str = "One", date: str = NINE, more: str = "") -> str:
    """A ``url`` of a news sitemap."""
    return (
        f"<url><loc>{place}</loc><news:news><news:publication><news:name>Pier Gazette</news:name>"
        f"<news:language>en</news:language></news:publication><news:title>{title}</news:title>"
        f"<news:publication_date>{date}</news:publication_date>{more}</news:news></url>"
    )


def json_feed(*items: object, **more: object) -> str:
    """A JSON Feed 1.1."""
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "Pier", "items": items, **more})


ONE = {"id": f"{ROOT}/1", "title": "One", "link": f"{ROOT}/1"}
PLAIN = rss(f"<guid>p1</guid><title>Grüße – «x»</title><link>{ROOT}/1</link>")
GREETED = ({"id": "p1", "title": "Grüße – «x»"},)
CASES = [
    Case("RSS 2.0", rss(f"<title>One</title><link>{ROOT}/1</link>"), (ONE,), {"format": "rss 2.0", "title": "Pier"}, warning=""),
    Case("RSS 0.91", rss(f"<title>One</title><link>{ROOT}/1</link>", version="0.91"), (ONE,), {"format": "rss 0.91"}),
    Case("RSS 0.92", rss(f"<title>One</title><link>{ROOT}/1</link>", version="0.92"), (ONE,), {"format": "rss 0.92"}),
    Case("RSS 0.93", rss(f"<title>One</title><link>{ROOT}/1</link>", version="0.93"), (ONE,), {"format": "rss 0.93"}),
    Case("RSS 0.94", rss(f"<title>One</title><link>{ROOT}/1</link>", version="0.94"), (ONE,), {"format": "rss 0.94"}),
    Case("RSS of an unknown version", rss(f"<title>One</title><link>{ROOT}/1</link>", version="7"), (ONE,), {"format": "rss"}),
    Case("RSS without a version", "<rss><channel><title>x</title><item><guid>1</guid></item></channel></rss>", ({"id": "1"},), {"format": "rss"}),
    Case("RSS without a channel", f"<rss version='2.0'><item><title>One</title><link>{ROOT}/1</link></item></rss>", (ONE,)),
    Case("a channel alone", f"<channel><title>Pier</title><item><title>One</title><link>{ROOT}/1</link></item></channel>", (ONE,)),
    Case("RSS 0.90", RDF.replace("http://purl.org/rss/1.0/\"", f"{RSS_0_90}\""), ({"title": "One"},), {"format": "rss 0.90"}),
    Case("RSS 1.0", RDF, ({**ONE, "published": NINE, "authors": ["Harbour Desk"], "tags": ["tides"], "summary": "d"},), {"format": "rss 1.0", "ttl": 43200.0}),
    Case("Atom 1.0", atom(f"<id>urn:1</id><title>One</title><link href='{ROOT}/1'/>"), ({"id": "urn:1", "link": f"{ROOT}/1"},), {"format": "atom 1.0"}, warning=""),
    Case("Atom with a prefix", "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>Pier</a:title><a:entry><a:id>urn:1</a:id><a:title>One</a:title></a:entry></a:feed>", ({"id": "urn:1", "title": "One"},), {"format": "atom 1.0", "title": "Pier"}),
    Case("Atom without its namespace", "<feed><title>Pier</title><entry><id>urn:1</id><title>One</title></entry></feed>", ({"id": "urn:1", "title": "One"},), {"format": "atom"}),
    Case("Atom 0.3", ATOM03, ({"id": "urn:1", "link": f"{ROOT}/1", "published": NINE, "updated": "2024-02-28T10:00:00Z", "content": "<p>x</p>"},), {"format": "atom 0.3"}),
    Case("an Atom entry alone", ENTRY, ({"id": "urn:1", "title": "One", "link": f"{ROOT}/1", "published": NINE},), {"format": "atom 1.0", "title": ""}),
    Case("CDF", CDF, ({"title": "One", "link": f"{ROOT}/1", "summary": "x", "published": NINE},), {"format": "cdf", "title": "Pier"}),
    Case("a style sheet and comments before the root", PLAIN.replace("<rss", "<?xml-stylesheet href='x.xsl' type='text/xsl'?><!-- <html> hello --><rss", 1), GREETED),
    Case("a Netscape document type", "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://x.example/rss.dtd'>" + rss("<guid>1</guid>").split("\n", 1)[1], ({"id": "1"},), {"format": "rss 0.91"}),
    Case("entities of a document type", "<!DOCTYPE rss [<!ENTITY pier \"Pier\">]><rss version='2.0'><channel><title>x</title><item><guid>1</guid><title>New &pier;</title></item></channel></rss>", ({"title": "New Pier"},)),
    Case("an entity of a file is not read", "<!DOCTYPE rss [<!ENTITY p SYSTEM 'file:///etc/hostname'>]><rss version='2.0'><channel><title>x</title><item><guid>1</guid><title>[&p;]</title></item></channel></rss>", ({"id": "1"},)),
    # JSON Feed
    Case("JSON Feed 1.1", json_feed({"id": "1", "url": f"{ROOT}/1", "title": "One", "content_html": "<p>x</p>", "date_published": NINE, "tags": ["tides"], "authors": [{"name": "Harbour Desk"}], "language": "fr-BE"}, language="en", home_page_url=f"{ROOT}/"), ({"id": "1", "link": f"{ROOT}/1", "title": "One", "content": "<p>x</p>", "published": NINE, "tags": ["tides"], "authors": ["Harbour Desk"], "language": "fr"},), {"format": "json feed 1.1", "link": f"{ROOT}/", "language": "en"}, warning=""),
    Case("JSON Feed 1.0", json_feed({"id": 17, "external_url": f"{ROOT}/1", "author": {"name": "Desk"}, "content_text": "a < b"}).replace("1.1", "1"), ({"id": "17", "link": f"{ROOT}/1", "authors": ["Desk"], "content": "a &lt; b"},), {"format": "json feed 1.0"}),
    Case("authors of a JSON Feed are its items'", json_feed({"id": "1"}, authors=[{"name": "Desk"}]), ({"authors": ["Desk"]},)),
    Case("JSON text in paragraphs", json_feed({"id": "1", "content_text": "a\n\nb"}), ({"content": "<p>a</p><p>b</p>"},)),
    Case("JSON items of the wrong kind", json_feed("x", None, {"id": "1", "title": 7, "tags": "t", "authors": {"name": 1}}), ({"id": "1", "title": "", "tags": [], "authors": []},), warning="2 items are no objects"),
    Case("a relative link in JSON", json_feed({"id": "1", "url": "/1"}), ({"link": f"{ROOT}/1"},)),
    Case("a JSON item without id or link", json_feed({"title": "One", "content_text": "x"}, {"title": "One", "content_text": "y"}), ({"title": "One"}, {"title": "One"})),
    Case("JSON after a mark", "\ufeff" + json_feed({"id": "1"}), ({"id": "1"},)),
    Case("JSON in UTF-16", json_feed({"id": "1", "title": "Grüße"}).encode("utf-16"), ({"title": "\\u0047r"[:0] + "Grüße"},)),
    Case("JSON with a local date", json_feed({"id": "1", "date_published": "16 novembre 2022"}), ({"published": "2022-11-16T00:00:00Z"},)),
    Case("other JSON", '{"posts": []}', problem="JSON, but not a JSON Feed"),
    Case("JSON that ends early", json_feed({"id": "1"})[:-5], problem="JSON, but not a JSON Feed"),
    # sitemaps
    Case("a news sitemap, newest first", NEWS.format(news(f"{ROOT}/1", "Old", "2024-02-26T09:00:00Z") + news(f"{ROOT}/2", "Tides &amp; times", NINE, "<news:keywords>tides, pier</news:keywords>")), ({"id": f"{ROOT}/2", "link": f"{ROOT}/2", "title": "Tides & times", "published": NINE, "tags": ["tides", "pier"], "language": "en"}, {"title": "Old"}), {"format": "news sitemap", "title": "Pier Gazette", "language": "en"}, warning=""),
    Case("a plain sitemap", NEWS.format(f"<url><loc>{ROOT}/1</loc><lastmod>2024-02-27</lastmod></url>"), ({"id": f"{ROOT}/1", "title": "", "updated": "2024-02-27T00:00:00Z"},), {"format": "sitemap"}),
    Case("a sitemap with a prefix", f"<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>{ROOT}/1</s:loc></s:url></s:urlset>", ({"id": f"{ROOT}/1"},)),
    Case("a sitemap's entry without an address is left out", NEWS.format("<url><lastmod>2024-02-27</lastmod></url>" + news(f"{ROOT}/1")), ({"id": f"{ROOT}/1"},)),
    Case("a damaged sitemap", NEWS.format(news(f"{ROOT}/1", "A & B") + news(f"{ROOT}/2"))[:-3], ({"id": f"{ROOT}/1"}, {"id": f"{ROOT}/2"}), warning="not well-formed"),
    Case("an empty sitemap", NEWS.format(""), (), {"format": "sitemap"}),
    Case("an index of sitemaps", INDEX.format(f"<sitemap><loc>{ROOT}/a.xml</loc></sitemap><sitemap><loc>{ROOT}/b.xml</loc><lastmod>2024-02-27</lastmod></sitemap>"), problem=f"an index of 2 sitemaps, not one itself, the newest {ROOT}/b.xml"),
    # letters
    Case("UTF-8", PLAIN, GREETED, warning=""),
    Case("UTF-8 with a mark", "\ufeff" + PLAIN, GREETED, warning=""),
    Case("UTF-8 that is called Latin-1 by the header", PLAIN, GREETED, content_type="text/xml; charset=iso-8859-1", warning="it is UTF-8"),
    Case("UTF-8 that calls itself Latin-1", PLAIN.replace("utf-8", "iso-8859-1"), GREETED, warning="it is UTF-8"),
    Case("UTF-8 without a declaration", PLAIN.split("\n", 1)[1], GREETED),
    Case("Latin-1 that says so", PLAIN.replace("utf-8", "iso-8859-1").replace("–", "-").encode("latin-1"), ({"title": "Grüße - «x»"},), warning=""),
    Case("Windows-1252 that calls itself Latin-1", PLAIN.replace("utf-8", "iso-8859-1").encode("cp1252"), GREETED),
    Case("Windows-1252 that calls itself UTF-8", PLAIN.encode("cp1252"), GREETED, warning="Windows-1252"),
    Case("UTF-8 with one bad byte", PLAIN.encode().replace(b"p1", b"p1\xe9"), ({"id": "p1é", "title": "Grüße – «x»"},), warning="Windows-1252"),
    Case("UTF-16 with a mark", PLAIN.replace("utf-8", "utf-16").encode("utf-16"), GREETED),
    Case("UTF-16 without a mark", PLAIN.replace("utf-8", "utf-16").encode("utf-16-le"), GREETED),
    Case("UTF-32", PLAIN.encode("utf-32"), GREETED),
    Case("Windows-1251", rss("<guid>1</guid><title>Порт открыт</title>").replace("utf-8", "windows-1251").encode("cp1251"), ({"title": "Порт открыт"},)),
    Case("KOI8-R by the header alone", rss("<guid>1</guid><title>Порт открыт</title>").split("\n", 1)[1].encode("koi8-r"), ({"title": "Порт открыт"},), content_type="text/xml; charset=KOI8-R"),
    Case("Shift JIS", rss("<guid>1</guid><title>港が開く</title>").replace("utf-8", "Shift_JIS").encode("cp932"), ({"title": "港が開く"},)),
    Case("EUC-JP", rss("<guid>1</guid><title>港が開く</title>").replace("utf-8", "EUC-JP").encode("euc-jp"), ({"title": "港が開く"},)),
    Case("ISO-2022-JP", rss("<guid>1</guid><title>港が開く</title>").replace("utf-8", "ISO-2022-JP").encode("iso2022_jp"), ({"title": "港が開く"},)),
    Case("GB2312 that is more", rss("<guid>1</guid><title>港口開放镕</title>").replace("utf-8", "gb2312").encode("gb18030"), ({"title": "港口開放镕"},)),
    Case("Big5", rss("<guid>1</guid><title>港口開放</title>").replace("utf-8", "big5").encode("big5"), ({"title": "港口開放"},)),
    Case("EUC-KR", rss("<guid>1</guid><title>항구 개장</title>").replace("utf-8", "euc-kr").encode("euc-kr"), ({"title": "항구 개장"},)),
    Case("ISO-8859-2", rss("<guid>1</guid><title>Žluťoučký</title>").replace("utf-8", "iso-8859-2").encode("iso8859-2"), ({"title": "Žluťoučký"},)),
    Case("a codec that is no encoding of text", PLAIN.replace("utf-8", "zlib_codec"), GREETED),
    Case("an encoding that nobody knows", PLAIN.replace("utf-8", "x-pier"), GREETED),
    Case("gzip that nobody announced", gzip.compress(PLAIN.encode()), GREETED),
    Case("gzip that ends early", gzip.compress((rss(*(f"<guid>{n}</guid>" for n in range(3))) + " " * 9000).encode(), 0)[:-5000], ({"id": "0"}, {"id": "1"}, {"id": "2"})),
    # around the document
    Case("blank lines before it", "\n \r\n\t" + PLAIN, GREETED, warning=""),
    Case("a program's warning before it", "Notice: undefined index in feed.php on line 3\n" + PLAIN, GREETED, warning="before the document"),
    Case("text after it", PLAIN + "\n0.031 seconds", GREETED, warning="after the document"),
    Case("a comment after it", PLAIN + "<!-- cached -->", GREETED, warning=""),
    Case("it ends in the middle", rss("<guid>1</guid>", "<guid>2</guid>", "<guid>3</guid>")[:-45], ({"id": "1"}, {"id": "2"}), warning="not well-formed"),
    Case("control characters", PLAIN.replace("p1", "p\x001\x08"), GREETED, warning="control characters"),
    Case("an ampersand that is not escaped", PLAIN.replace("Grüße", "A & B, Grüße"), ({"title": "A & B, Grüße – «x»"},), warning="not well-formed"),
    Case("an entity of HTML", PLAIN.replace("Grüße", "A&nbsp;B, Grüße"), ({"title": "A B, Grüße – «x»"},), warning="not well-formed"),
    Case("a tag that is not closed", rss("<guid>1</guid><description>a<br>b</description>", "<guid>2</guid>"), ({"id": "1"}, {"id": "2"}), warning="not well-formed"),
    Case("a prefix that is not declared", rss("<guid>1</guid><foo:bar>x</foo:bar>", "<guid>2</guid>"), ({"id": "1"}, {"id": "2"}), warning="not well-formed"),
    Case("an own vocabulary", rss("<guid>1</guid><p:grade xmlns:p='https://pier.example/ns'>3</p:grade>"), ({"id": "1"},), warning=""),
    Case("served as plain text", PLAIN, GREETED, content_type="text/plain", warning="served as text/plain"),
    Case("served as a web page", PLAIN, GREETED, content_type="text/html; charset=utf-8", warning="served as text/html"),
    Case("served as bytes", PLAIN, GREETED, content_type="application/octet-stream", warning="served as"),
    Case("served as RSS", PLAIN, GREETED, content_type="application/rss+xml", warning=""),
    Case("served as XML without a charset", PLAIN, GREETED, content_type="text/xml", warning=""),
    Case("one bad entry", rss("<guid>1</guid>", "<link>http://[bad</link><pubDate>+99:99</pubDate>", "<guid>3</guid>"), ({"id": "1"}, {"link": None}, {"id": "3"})),
    # the feed itself
    Case("minutes to wait", rss(head="<title>x</title><ttl>60</ttl>"), (), {"ttl": 3600.0}),
    Case("hours and days without polls", rss(head="<title>x</title><skipHours><hour>3</hour><hour> 24 </hour><hour>3</hour></skipHours><skipDays><day>Sunday</day><day>saturday</day></skipDays>"), (), {"skip_hours": [0, 3], "skip_days": [5, 6]}),
    Case("all hours and all days", rss(head="<title>x</title><skipHours>" + "".join(f"<hour>{n}</hour>" for n in range(24)) + "</skipHours><skipDays>" + "".join(f"<day>{day}</day>" for day in "Mon Tue Wed Thu Fri Sat Sun".split()) + "</skipDays>"), (), {"skip_hours": [], "skip_days": []}),
    Case("hours and days that are none", rss(head="<title>x</title><skipHours><hour>25</hour><hour>-1</hour><hour>x</hour><hour/><hour>999999999</hour></skipHours><skipDays><day>Someday</day><day/></skipDays>"), (), {"skip_hours": [], "skip_days": []}),
    Case("hours outside their place", rss("<skipHours><hour>3</hour></skipHours><guid>1</guid>", head="<title>x</title><hour>4</hour>"), ({"id": "1"},), {"skip_hours": []}),
    Case("hints of a damaged feed", rss(head="<title>x &nbsp;</title><skipHours><hour>3</hour></skipHours><atom:link rel='hub' href='https://hub.example/'/>")[:-3], (), {"skip_hours": [3], "hub": "https://hub.example/"}),
    Case("a hub of RSS", rss("<guid>1</guid><atom:link rel='hub' href='https://entry.example/'/>", head=f"<title>x</title><atom:link rel='self' href='{ROOT}/feed'/><atom:link rel='HUB nofollow' href='https://hub.example/'/><atom:link rel='hub' href='https://second.example/'/>"), ({"id": "1"},), {"hub": "https://hub.example/", "topic": f"{ROOT}/feed"}),
    Case("a hub of Atom", atom("<id>urn:1</id><link rel='self' href='/1'/>", head="<title>x</title><link rel='hub' href='https://hub.example/'/><link rel='self' href='feed'/><link href='/'/>"), ({"id": "urn:1"},), {"hub": "https://hub.example/", "topic": f"{ROOT}/feeds/feed"}),
    Case("a hub of Atom with a base", atom(head="<title>x</title><link rel='hub' href='hub'/><link rel='self' href='/feed'/>", root=" xml:base='https://base.example/a/'"), (), {"hub": "https://base.example/a/hub", "topic": "https://base.example/feed"}),
    Case("a hub of RSS 1.0", RDF.replace("<sy:updatePeriod>", "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/><sy:updatePeriod>"), (ONE,), {"hub": "https://hub.example/", "topic": None}),
    Case("a hub that leads nowhere", rss(head="<title>x</title><atom:link rel='hub' href='javascript:alert(1)'/><atom:link rel='hub'/><atom:link rel='self' href='http://[x'/><atom:link rel='self' href='file:///etc/passwd'/>"), (), {"hub": None, "topic": None}),
    Case("a hub of another vocabulary", rss(head="<title>x</title><own:link xmlns:own='urn:own' rel='hub' href='https://hub.example/'/>"), (), {"hub": None}),
    Case("a hub of an address without end", rss(head=f"<title>x</title><atom:link rel='hub' href='https://hub.example/{'x' * 3000}'/>"), (), {"hub": None}),
    Case("hubs of a JSON Feed", json_feed(hubs=[{"type": "rssCloud", "url": "https://cloud.example/"}, 7, {"type": "WebSub", "url": "/hub"}], feed_url=f"{ROOT}/feed.json"), (), {"hub": f"{ROOT}/hub", "topic": f"{ROOT}/feed.json"}),
    Case("hubs of a JSON Feed of the wrong kind", json_feed(hubs={"type": "WebSub"}, feed_url=7), (), {"hub": None, "topic": None}),
    Case("a namespace with an odd blank", rss("<guid>1</guid>").replace("<channel>", "<channel><z:z xmlns:z='urn:\x85z'/>"), problem="not a feed"),
    Case("absurd minutes", rss(head="<title>x</title><ttl>1e9</ttl>"), (), {"ttl": None}),
    Case("a picture's title is not the feed's", rss(head=f"<image><url>/a.png</url><title>Logo</title><link>{ROOT}/logo</link></image><title>Pier</title><link>{ROOT}/</link>"), (), {"title": "Pier", "link": f"{ROOT}/"}),
    Case("a search box's title is not the feed's", rss(head="<title>Pier</title><textInput><title>Search</title><name>q</name><link>/s</link></textInput>"), (), {"title": "Pier"}),
    # no feeds
    Case("nothing", "", problem="the answer is empty"),
    Case("blanks", " \n\t", problem="the answer is empty"),
    Case("a web page", "<!doctype html><html><body>hello</body></html>", problem="a web page, not a feed"),
    Case("a web page that names its feed", "<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>", problem=f"it names this feed: {ROOT}/rss"),
    Case("a web page that names its feeds", "<html><head><base href='https://b.example/'><link href=a.xml type=application/atom+xml rel='ALTERNATE home'><link rel=alternate type='application/feed+json' href='https://c.example/j?a=1&amp;b=2'></head></html>", problem="these feeds: https://b.example/a.xml, https://c.example/j?a=1&b=2"),
    Case("other links of a web page are no feeds", "<html><link rel='stylesheet' href='/rss.css'><link rel='alternate' hreflang='fr' href='/fr'></html>", problem="a web page, not a feed"),
    Case("a login page", "<html><form><input name=p TYPE = 'password'></form></html>", problem="a login page"),
    Case("a page that asks for proof", "<html><title>Just a moment...</title><script src='/cdn/challenge-platform/x'></script></html>", problem="proof of a human"),
    Case("a page that quotes a feed", "<html><body><rss version='2.0'><channel><item/></channel></rss></body></html>", problem="a web page"),
    Case("XHTML", "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head/></html>", problem="a web page"),
    Case("a page in UTF-16", "<html><body>x</body></html>".encode("utf-16"), problem="a web page"),
    Case("a list of feeds", "<opml version='2.0'><body/></opml>", problem="OPML"),
    Case("a PDF", b"%PDF-1.7 x", problem="a PDF"),
    Case("other XML", "<catalog><book/></catalog>", problem="not a feed"),
    Case("bytes", bytes(range(256)) * 4, problem="not a feed"),
    Case("the path of a file", "/etc/hostname", problem="not a feed"),
    Case("an address", "https://example.org/feed.xml", problem="not a feed"),
    Case("deep XML", "<a>" * 50_000, problem="not a feed"),
    Case("a root without anything in it", "<rss></rss>", (), {"format": "rss"}),
]  # fmt: skip
