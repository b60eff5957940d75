"""Titles, summaries, authors, tags: what is text and what is markup."""

from tests.feeds.cases.form import Case, atom, rss


def title(name: str, inside: str, expected: str) -> Case:
    """A title of RSS."""
    return Case(
        f"RSS title: {name}", rss(f"<guid>1</guid><title>{inside}</title>"), ({"title": expected},)
    )


def said(name: str, kind: str, inside: str, expected: str) -> Case:
    """A title of Atom."""
    return Case(
        f"Atom title: {name}",
        atom(f"<id>1</id><title{kind}>{inside}</title>"),
        ({"title": expected},),
    )


CASES = [
    title("plain", "Harbour opens", "Harbour opens"),
    title("an ampersand", "AT&amp;T", "AT&T"),
    title("an ampersand escaped twice", "AT&amp;amp;T", "AT&T"),
    title("an address keeps its parameters", "See ?a=1&amp;copy=2", "See ?a=1&copy=2"),
    title("a sign in HTML", "Pier &amp;copy; 2024", "Pier © 2024"),
    title("a number for a sign", "Pier&amp;#8217;s end", "Pier’s end"),
    title("an unknown sign stays", "Pier &amp;foobar; x", "Pier &foobar; x"),
    title("escaped tags", "&lt;b&gt;Bold&lt;/b&gt; x", "Bold x"),
    title("tags in CDATA", "<![CDATA[<em>New</em> pier]]>", "New pier"),
    title("CDATA and text", "<![CDATA[New]]> pier", "New pier"),
    title("less and greater are no tags", "5 &lt; 6 &gt; 3", "5 < 6 > 3"),
    title("a tag that is named, not used", "The &lt;marquee&gt; element", "The <marquee> element"),
    title("a script goes", "&lt;script&gt;a()&lt;/script&gt;News", "News"),
    title("line breaks are spaces", "one\n   two\tthree", "one two three"),
    title("a non-breaking space is a space", "one\u00a0two", "one two"),
    title("decomposed letters are composed", "e\u0301te\u0301", "été"),
    title("an emoji", "Tide 🌊 high", "Tide 🌊 high"),
    title("right to left", "خبر جديد", "خبر جديد"),
    title("a comment in it", "New<!-- no --> pier", "New pier"),
    title("real markup in it", "New <b>big</b> pier", "New big pier"),
    title("letters encoded twice", "GrÃ¼Ã\u009fe", "Grüße"),
    title("Windows quotes as controls", "\u0093Pier\u0094", "“Pier”"),
    title("a Windows quote as a number", "Pier&#146;s", "Pier’s"),
    title("empty", "", ""),
    title("a thousand characters at most", "x" * 5000, "x" * 1000),
    said("plain by default", "", "Tides &amp; times", "Tides & times"),
    said("plain text is not decoded", ' type="text"', "A &amp;amp; B", "A &amp; B"),
    said("tags in plain text are text", ' type="text"', "The &lt;b&gt; element", "The <b> element"),
    said("HTML", ' type="html"', "&lt;b&gt;New&lt;/b&gt; &amp;amp; big", "New & big"),
    said("an address in HTML", ' type="html"', "?a=1&amp;copy=2", "?a=1&copy=2"),
    said(
        "XHTML",
        ' type="xhtml"',
        '<div xmlns="http://www.w3.org/1999/xhtml">New <em>big</em> pier</div>',
        "New big pier",
    ),
    said("the media type of HTML", ' type="text/html"', "&lt;i&gt;x&lt;/i&gt;", "x"),
    Case(
        "a summary keeps its markup",
        rss("<guid>1</guid><description>&lt;p&gt;A &lt;b&gt;b&lt;/b&gt;&lt;/p&gt;</description>"),
        ({"summary": "<p>A <b>b</b></p>", "content": ""},),
    ),
    Case(
        "summary and content are told apart",
        rss(
            "<guid>1</guid><description>short</description>"
            "<content:encoded><![CDATA[<p>long</p>]]></content:encoded>"
        ),
        ({"summary": "short", "content": "<p>long</p>"},),
    ),
    Case(
        "content before the summary changes nothing",
        rss(
            "<guid>1</guid><content:encoded><![CDATA[<p>long</p>]]></content:encoded>"
            "<description>short</description>"
        ),
        ({"summary": "short", "content": "<p>long</p>"},),
    ),
    Case(
        "content alone is no summary",
        rss("<guid>1</guid><content:encoded>long</content:encoded>"),
        ({"summary": "", "content": "long"},),
    ),
    Case(
        "a caption of a picture is no content",
        rss(
            "<guid>1</guid><description>short</description><media:content url='https://x.example/a'>"
            "<media:description>Boats at dawn</media:description></media:content>"
        ),
        ({"summary": "short", "content": ""},),
    ),
    Case(
        "a caption beside the summary is no content",
        rss(
            "<guid>1</guid><description>short</description>"
            "<media:description type='plain'>Boats at dawn</media:description>"
            "<media:credit>Photo desk</media:credit>"
        ),
        ({"summary": "short", "content": "", "authors": []},),
    ),
    Case(
        "the title of a picture is no title",
        rss("<guid>1</guid><media:title>pier.jpg</media:title><title>New pier</title>"),
        ({"title": "New pier"},),
    ),
    Case(
        "what a picture shows is no tag",
        rss("<guid>1</guid><media:keywords>gull, boat</media:keywords><category>harbour</category>"),
        ({"tags": ["harbour"]},),
    ),
    Case(
        "a film's description is the text of an Atom entry that has no other",
        atom(
            "<id>1</id><title>Film</title><media:group xmlns:media='http://search.yahoo.com/mrss/'>"
            "<media:description>What it shows</media:description></media:group>"
        ),
        ({"summary": "What it shows", "title": "Film"},),
    ),
    Case(
        "plain text of Atom becomes HTML",
        atom("<id>1</id><summary>5 &lt; 6 &amp; 7</summary>"),
        ({"summary": "5 &lt; 6 &amp; 7"},),
    ),
    Case(
        "HTML of Atom that is called plain stays HTML",
        atom("<id>1</id><summary>&lt;p&gt;x&lt;/p&gt;</summary>"),
        ({"summary": "<p>x</p>"},),
    ),
    Case(
        "XHTML content is markup",
        atom(
            '<id>1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A &amp; b'
            "</p></div></content>"
        ),
        ({"content": "<p>A &amp; b</p>"},),
    ),
    Case(
        "HTML that is not escaped in a description",
        rss("<guid>1</guid><description><p>A <b>b</b></p></description>"),
        ({"summary": "<p>A <b>b</b></p>"},),
    ),
    Case(
        "an author's name in RSS",
        rss("<guid>1</guid><author>Harbour Desk</author>"),
        ({"authors": ["Harbour Desk"]},),
    ),
    Case(
        "an author's address and name",
        rss("<guid>1</guid><author>desk@pier.example (Harbour Desk)</author>"),
        ({"authors": ["Harbour Desk"]},),
    ),
    Case(
        "an author's address alone",
        rss("<guid>1</guid><author>desk@pier.org</author>"),
        ({"authors": ["desk@pier.org"]},),
    ),
    Case(
        "several creators, each once",
        rss(
            "<guid>1</guid><dc:creator>Harbour Desk</dc:creator><dc:creator>Night Desk</dc:creator>"
            "<dc:creator>Harbour Desk</dc:creator><dc:creator/>"
        ),
        ({"authors": ["Harbour Desk", "Night Desk"]},),
    ),
    Case(
        "authors of Atom",
        atom(
            "<id>1</id><author><name>Harbour Desk</name><email>a@pier.example</email></author>"
            "<author><name>Night Desk</name></author><contributor><name>Nobody</name></contributor>"
        ),
        ({"authors": ["Harbour Desk", "Night Desk"]},),
    ),
    Case(
        "an author of Atom with an address and a short name",
        atom("<id>1</id><author><name>admin</name><email>a@pier.info</email></author>"),
        ({"authors": ["admin"]},),
    ),
    Case(
        "an author of Atom with an address only",
        atom("<id>1</id><author><email>a@pier.org</email></author>"),
        ({"authors": ["a@pier.org"]},),
    ),
    Case(
        "markup in an author goes",
        rss("<guid>1</guid><dc:creator>&lt;b&gt;Desk&lt;/b&gt;</dc:creator>"),
        ({"authors": ["Desk"]},),
    ),
    Case(
        "categories with and without a domain",
        rss(
            "<guid>1</guid><category domain='https://pier.example/t'>harbour</category>"
            "<category><![CDATA[tides]]></category><category>tides</category><category/>"
            "<dc:subject>boats</dc:subject>"
        ),
        ({"tags": ["harbour", "tides", "boats"]},),
    ),
    Case(
        "tags of Atom: the label before the term",
        atom("<id>1</id><category term='hb' label='Harbour'/><category term='tides'/>"),
        ({"tags": ["Harbour", "tides"]},),
    ),
    Case(
        "at most twenty tags",
        rss("<guid>1</guid>" + "".join(f"<category>t{n}</category>" for n in range(50))),
        ({"tags": [f"t{n}" for n in range(20)]},),
    ),
    Case(
        "the language of an entry",
        atom("<id>1</id><title xml:lang='fr'>Quai</title>", root=" xml:lang='en'"),
        ({"language": "fr"},),
        {"language": "en"},
    ),
    Case(
        "entries have the feed's xml:lang",
        atom("<id>1</id><title>Pier</title>", root=" xml:lang='en-GB'"),
        ({"language": "en"},),
        {"language": "en"},
    ),
    Case(
        "dc:language of an item",
        rss("<guid>1</guid><title>Quai</title><dc:language>fr-BE</dc:language>"),
        ({"language": "fr"},),
    ),
    Case(
        "the channel's language is the feed's",
        rss("<guid>1</guid>", head="<title>Pier</title><language>de_AT</language>"),
        ({"language": None},),
        {"language": "de"},
    ),
]  # fmt: skip
