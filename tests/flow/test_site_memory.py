"""What a site repeats under its articles never reaches the rules; how a user says where to look."""

from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer, Item, Site, feed, semantic
from tests.flow.reports import FERRY

BIO = "The writer covers harbours, and once took the ferry to every island of the north."
THINGS = ("tram", "museum", "orchard", "bakery", "library", "quarry", "theatre", "stadium")


def about(thing: str) -> tuple[str, ...]:
    """Paragraphs about one thing, with names of its own; none names a ship."""
    name = thing.capitalize()
    return tuple(
        f"On day {n} the {thing} of {name}ford beat {name}hill{n} and {name}ton{n}, wrote the "
        f"{name}bury Echo, while {name}ley{n} sent nobody to {name}wick{n} at all."
        for n in range(1, 6)
    )


def test_a_bio_that_stands_under_every_article_stops_firing(site: Site, newsroom: Newsroom) -> None:
    items = [
        Item(f"The {thing} opens", site.page(f"/{thing}", semantic(thing, (*about(thing), BIO))))
        for thing in THINGS
    ]
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": 20})
    for number in range(1, len(items) + 1):  # one a day, as sites publish
        site.serve("/feed", feed(*items[:number], tag=str(number)))
        newsroom.run()
    told = [str(line["title"]) for line in newsroom.archive()]
    assert told == [f"The {thing} opens" for thing in THINGS[:4]], "four teach it"
    (last,) = [one.article for one in newsroom.stored() if one.article.title == "The stadium opens"]
    assert BIO not in last.text
    assert "On day 5 the stadium" in last.text
    assert last.quality_reason.endswith("1 paragraph that the site repeats was left out")


def test_news_that_several_articles_share_still_fires(site: Site, newsroom: Newsroom) -> None:
    """The same background under articles about the same thing is part of each."""
    items = [
        Item(f"Ferry report {n}", site.page(f"/f{n}", semantic(f"Ferry {n}", (
            f"On day {n} the ferry carried {n}00 people.", *FERRY.paragraphs))))
        for n in range(1, 7)
    ]  # fmt: skip
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(f"{site.base}/feed", polling={"backfill": 20})
    for number in range(1, len(items) + 1):
        site.serve("/feed", feed(*items[:number], tag=str(number)))
        newsroom.run()
    assert len(newsroom.archive()) == len(items)
    assert all(FERRY.paragraphs[-1] in one.article.text for one in newsroom.stored())


def test_the_users_selectors_say_what_of_a_page_is_the_article(
    site: Site, newsroom: Newsroom
) -> None:
    paragraphs = "".join(f"<p>{text}</p>" for text in about("museum"))
    page = (
        f"<html><body><h1>Museum</h1><div class='words'>{paragraphs}"
        "<p class='promo'>Take the ferry with our club.</p></div>"
        "<div class='more'><p>A ferry sank in the harbour of the north, all were saved.</p></div>"
        "</body></html>"
    )
    address = site.serve("/feed", feed(Item("Museum", site.page("/m", page))))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    extract = {"include": ".words", "remove": ".promo"}
    newsroom.watching({"url": address, "extract": extract})
    newsroom.run()
    (stored,) = newsroom.stored()
    assert (newsroom.archive(), "ferry" in stored.article.text) == ([], False)
    assert "extract.include" in stored.article.quality_reason


def test_a_stub_that_names_its_print_page_is_read_there(site: Site, newsroom: Newsroom) -> None:
    full = site.page("/print", semantic(FERRY.title, FERRY.paragraphs))
    stub = (
        f"<html><head><title>Ferry</title><link rel='alternate' media='print' href='{full}'></head>"
        "<body><article><h1>Ferry</h1><p>A short teaser.</p></article></body></html>"
    )
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(Item("Harbour", site.page("/stub", stub)))))
    newsroom.run()
    (stored,) = newsroom.stored()
    assert stored.article.quality == "ok"
    assert FERRY.paragraphs[0] in stored.article.text
    assert "print form" in stored.article.quality_reason
    assert stored.article.url == f"{site.base}/stub"
    assert len(site.to("/print")) == 1


def test_a_print_page_that_is_gone_costs_nothing(site: Site, newsroom: Newsroom) -> None:
    gone = site.serve("/print", Answer(404, "no"))
    stub = (
        f"<html><head><title>Ferry</title><link rel='alternate' media='print' href='{gone}'></head>"
        "<body><article><h1>Ferry</h1><p>A ferry sails.</p></article></body></html>"
    )
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(Item("Harbour", site.page("/stub", stub)))))
    newsroom.run()
    assert len(newsroom.archive()) == 1
