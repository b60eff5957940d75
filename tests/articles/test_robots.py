"""What a robots.txt lets us read."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.robots import LONGEST, RobotsRules, product_token, robots_address

US = "news-monitor"
PAGE = "https://example.org/news/1?x=2"


@pytest.mark.parametrize(
    ("text", "allowed", "delay"),
    [
        pytest.param("", True, 0, id="an empty file"),
        pytest.param("<html>no such page</html>", True, 0, id="a web page in its place"),
        pytest.param("User-agent: *\nDisallow: /", False, 0, id="everybody out"),
        pytest.param("User-agent: *\nDisallow:", True, 0, id="nothing disallowed"),
        pytest.param("User-agent: *\nDisallow: /news", False, 0, id="a folder"),
        pytest.param("User-agent: *\nDisallow: /news\nAllow: /news/1", True, 0,
                     id="the longer rule wins"),
        pytest.param("User-agent: *\nDisallow: /*/1?x=", False, 0, id="an asterisk and a query"),
        pytest.param("User-agent: *\nDisallow: /news/1$", True, 0, id="an end that is not ours"),
        pytest.param("User-agent: OtherBot\nDisallow: /", True, 0, id="another robot"),
        pytest.param("User-agent: News-Monitor\nDisallow: /", False, 0, id="us, shouted"),
        pytest.param("User-agent: news-monitor/1.0 (x)\nDisallow: /", False, 0,
                     id="us, with a version"),
        pytest.param("User-agent: news\nDisallow: /", True, 0, id="a name that ours begins with"),
        pytest.param("User-agent: monitor\nDisallow: /", True, 0, id="or ends with"),
        pytest.param("User-agent: *\nDisallow: /\n\nUser-agent: news-monitor\nAllow: /", True, 0,
                     id="our own group beats everybody's"),
        pytest.param("User-agent: a\nUser-agent: news-monitor\nDisallow: /", False, 0,
                     id="a group for two"),
        pytest.param("User-agent: news-monitor\nCrawl-delay: 5", True, 5, id="a delay"),
        pytest.param("User-agent: *\nCrawl-delay: 3600", True, 10, id="an hour's delay: 10 s"),
        pytest.param("User-agent: *\nCrawl-delay: -1", True, 0, id="a delay below zero"),
        pytest.param("User-agent: *\nCrawl-delay: nan", True, 0, id="a delay that is no number"),
        pytest.param("User-agent: a\nCrawl-delay: 9", True, 0, id="another's delay"),
        pytest.param("\ufeffUser-agent: *\r\nDisallow: /\r\n", False, 0, id="a BOM, and CRLF"),
        pytest.param("user-agent:*#all\ndisallow:/#out", False, 0, id="no spaces, with comments"),
        pytest.param("Disallow: /", True, 0, id="a rule for nobody"),
        pytest.param("User-agent: *\nDisallow: https://example.org/news", True, 0,
                     id="an address in place of a path"),
    ],
)  # fmt: skip
def test_whether_a_page_may_be_read(text: str, allowed: bool, delay: float) -> None:
    rules = RobotsRules(text.encode(), US)
    assert rules.allows(PAGE) is allowed
    assert rules.delay == delay


def test_half_a_line_at_the_cut_means_nothing() -> None:
    start = b"User-agent: *\n" + b"#" * (LONGEST - 14 - 12) + b"\nDisallow: /"
    assert len(start) == LONGEST
    assert RobotsRules(start, US).allows(PAGE)


NAMES = "".join(f"User-agent: n{n}\n" for n in range(20_000))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NAMES + "Disallow: /a\n" * 15_000, id="rules for twenty thousand names"),
        pytest.param("User-agent: *\n" + "Disallow: /*a*a*a*a*a*a*b$\n" * 18_000, id="asterisks"),
        pytest.param("User-agent: *\nDisallow: /" + "*a" * 250_000, id="one line of asterisks"),
        pytest.param("User-agent: " * 40_000, id="one line of names"),
        pytest.param("User-agent" + " " * 500_000, id="one line of blanks"),
    ],
)
def test_hostile_files_take_no_time(text: str) -> None:
    began = time.process_time()
    rules = RobotsRules(text.encode()[:LONGEST], US)
    rules.allows("https://example.org/" + "a" * 3000)
    assert time.process_time() - began < 3


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.text(max_size=50))
def test_no_file_is_an_error(body: bytes, path: str) -> None:
    rules = RobotsRules(b"User-agent: *\nDisallow: /x\n" + body, US)
    rules.allows(f"https://example.org/{path}")
    assert 0 <= rules.delay <= 10


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("news-monitor/1.2 (self-hosted feed reader)", "news-monitor"),
        ("Example_Newsroom (+https://example.org/contact)", "example_newsroom"),
        (" x", "x"),
        ("123", ""),
        ("", ""),
    ],
)
def test_the_name_by_which_robots_txt_calls_us(agent: str, token: str) -> None:
    assert product_token(agent) == token


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (("https", "example.org", 443), "https://example.org/robots.txt"),
        (("http", "example.org", 80), "http://example.org/robots.txt"),
        (("http", "example.org", 443), "http://example.org:443/robots.txt"),
        (("https", "::1", 8443), "https://[::1]:8443/robots.txt"),
    ],
)
def test_where_it_stands(place: tuple[str, str, int], address: str) -> None:
    assert robots_address(*place) == address
