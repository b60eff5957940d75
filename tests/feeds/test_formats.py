"""Feeds in the wild: every document of the tables is read as its row says, and alike both ways."""

from collections.abc import Iterator
from typing import Any

import pytest

from monitor.feeds import quick
from monitor.feeds.parse import NotAFeed, as_json, parse_document, parse_feed, parse_tolerantly
from monitor.feeds.sitemap import MOST_SITEMAPS, SitemapIndex
from monitor.model import ParsedFeed
from tests.feeds.cases import dates, formats, links, texts
from tests.feeds.cases.form import URL, Case, rss

TABLES = (formats, texts, links, dates)


def cases() -> Iterator[Case]:
    for table in TABLES:
        yield from table.CASES


def rows() -> list[Any]:
    return [pytest.param(case, id=case.id) for case in cases()]


@pytest.mark.parametrize("case", rows())
def test_a_document_is_read_as_the_table_says(case: Case) -> None:
    if case.problem:
        with pytest.raises(NotAFeed) as caught:
            parse_feed(case.data, case.url, case.content_type)
        assert case.problem in str(caught.value)
        return
    read = as_json("x", parse_feed(case.data, case.url, case.content_type))
    assert {key: read[key] for key in case.feed} == case.feed
    if case.entries is not None:
        got = [
            {key: entry[key] for key in wanted}
            for entry, wanted in zip(read["entries"], case.entries, strict=True)
        ]
        assert got == list(case.entries)
    if case.warning is not None:
        said = " | ".join(read["warnings"])
        assert case.warning in said if case.warning else not said


@pytest.mark.parametrize("case", [row for row in rows() if not row.values[0].problem])
def test_the_quick_way_reads_the_same_or_doubts(case: Case) -> None:
    scanned = quick.scan(case.data, case.url, case.content_type)
    if isinstance(scanned, quick.Doubt):
        return
    read = scanned.read()
    assert read == parse_tolerantly(case.data, case.url, case.content_type) or isinstance(
        read, quick.Doubt
    )


def test_the_tables_are_large_and_name_nothing_twice() -> None:
    names = [case.id for case in cases()]
    assert len(names) >= 250
    assert len(set(names)) == len(names)
    assert all(isinstance(case.data, bytes) and len(case.data) < 300_000 for case in cases())


def test_the_quick_way_reads_a_good_part_of_them() -> None:
    """Otherwise the comparison would compare nothing."""
    scans = [quick.scan(case.data, case.url, case.content_type) for case in cases()]
    read = [scan.read() for scan in scans if isinstance(scan, quick.Scan)]
    assert sum(isinstance(feed, ParsedFeed) for feed in read) >= 100


def test_an_index_of_sitemaps_is_a_value_newest_first() -> None:
    listed = "".join(
        f"<sitemap><loc>/{n}.xml</loc><lastmod>2024-01-{n % 28 + 1:02}</lastmod></sitemap>"
        for n in range(80)
    )
    read = parse_document(f"<sitemapindex>{listed}</sitemapindex>".encode(), URL, None)
    assert isinstance(read, SitemapIndex)
    assert (len(read.sitemaps), read.left_out) == (MOST_SITEMAPS, 80 - MOST_SITEMAPS)
    assert read.sitemaps[0].url == "https://pier-gazette.example/27.xml"
    days = [one.changed for one in read.sitemaps if one.changed]
    assert days == sorted(days, reverse=True)


def test_the_feeds_that_a_page_names_come_with_the_refusal() -> None:
    page = b"<html><link rel=alternate type=application/rss+xml href=/rss></html>"
    with pytest.raises(NotAFeed) as caught:
        parse_feed(page, URL, None)
    assert caught.value.feeds == ("https://pier-gazette.example/rss",)


def test_known_entries_are_left_out() -> None:
    plain = rss("<guid>1</guid>", "<guid>2</guid>", "<guid>3</guid><pubDate>soon</pubDate>")
    for body in (plain, plain.replace("<rss", "<!DOCTYPE rss><rss")):
        feed = parse_feed(body.encode(), URL, None, known={"1", "3"}.__contains__)
        assert [entry.id for entry in feed.entries] == ["2"]
