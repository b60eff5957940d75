"""What a site repeats under its articles goes; what several articles on one story repeat stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.boilerplate import HostState, learn, read_state, state_text, strip
from monitor.articles.topics import same_topic, sketch

BIO = (
    "The harbour desk covers ships, fish and tides from a small office above the old customs house."
)
ASK = (
    "Our weekly letter brings the best of these pages to your inbox every Friday at noon, for free."
)
LEGAL = "© 2024 Pier Gazette. All rights reserved. Reproduction without written permission is forbidden."
BACKGROUND = (
    "Lumen said in March that it would buy Northgate for two billion crowns, subject to approval."
)
RULE = "Companies that break merger rules can be fined up to a tenth of their worldwide turnover."

# Eight articles about different things, each with its own names.
TOPICS = (
    "Sandholm Ferry Island Captain Rosen Winter Timetable Bergen",
    "Kvarn Museum Painting Vasari Florence Restorers Gallery Madonna",
    "Ostby Hospital Nurses Ministry Karlsen Wards Influenza Vaccine",
    "Halden Refinery Petrol Barrels Omsk Pipeline Sanctions Tanker",
    "Alder School Pupils Mathematics Teachers Parents Exams Tallinn",
    "Quarry Football Wanderers Striker Penalty Stadium Athens League",
    "Vista Telescope Comet Astronomers Chile Mirror Orbit Saturn",
    "Birch Bakery Flour Prices Farmers Harvest Rye Poznan",
)


def story(topic: int, edition: int = 0) -> list[str]:
    """An article on a topic; another edition has the same names in other sentences."""
    names = TOPICS[topic % len(TOPICS)].split()
    order = names[edition % 8 :] + names[: edition % 8]
    return [
        f"On day {edition} people in {order[0]} heard that {order[1]} and {order[2]} had met again.",
        f"Nobody at {order[3]} would say why the {order[4]} had come in number {edition}, or when.",
        f"Both {order[5]} and {order[6]} were named in a letter that {order[7]} showed on day {edition}.",
    ]


def learnt(articles: list[list[str]]) -> HostState:
    state = HostState()
    for paragraphs in articles:
        state = learn(state, paragraphs)
    return state


@pytest.mark.parametrize(
    ("line", "articles", "dropped"),
    [
        pytest.param(BIO, [[*story(n), BIO] for n in range(6)], True, id="an author's bio"),
        pytest.param(ASK, [[*story(n), ASK] for n in range(6)], True, id="a letter to subscribe to"),
        pytest.param(
            LEGAL, [[*story(n), LEGAL.replace("2024", str(2020 + n))] for n in range(6)], True,
            id="a notice whose year changes",
        ),
        pytest.param(
            BIO, [[*story(n), BIO.upper() + " "] for n in range(6)], True, id="in other letters"
        ),
        pytest.param(
            BIO, [[*story(n, n), BIO] if n % 2 else story(n, n) for n in range(16)], True,
            id="under every second article",
        ),
        pytest.param(BIO, [[*story(n), BIO] for n in range(2)], False, id="twice is no habit"),
        pytest.param(
            BIO, [[*story(3), BIO]] * 20, False, id="twenty copies of one article"
        ),
        pytest.param(
            BIO, [[*story(3, n), BIO] for n in range(20)], False,
            id="twenty articles about one story",
        ),
        pytest.param(
            "Read on.", [[*story(n), "Read on."] for n in range(8)], False, id="two words"
        ),
        pytest.param(
            "The Bergen index closed at 1,204 points, up 0.3 percent on the day before.",
            [[*story(n), f"The Bergen index closed at 1,{n}11 points, up 0.{n} percent on the day before."]
             for n in range(8)], False, id="each evening's figures are news",
        ),
    ],
)  # fmt: skip
def test_what_is_dropped(line: str, articles: list[list[str]], dropped: bool) -> None:
    article = [*story(7, 5), line]
    found = strip(learnt(articles), article)
    assert (line not in found.kept) is dropped
    assert [one for one in article if one not in found.kept] == [one.text for one in found.dropped]
    for one in found.dropped:
        assert "articles on other things" in one.reason


def test_background_stays_where_it_belongs_to_the_story() -> None:
    """Even if it has stood under many other things, as in a review of the year."""
    state = learnt([[*story(n), BACKGROUND] for n in range(8)])
    deal = [
        "Lumen shares rose on Monday after the court of Northgate gave its approval to the deal.",
        "The two billion crowns will be paid in March, Lumen said, and Northgate will keep its name.",
        "Analysts had expected that Lumen would have to sell its own yards to buy another company.",
    ]
    assert BACKGROUND in strip(state, [*deal, BACKGROUND]).kept
    assert BACKGROUND not in strip(state, [*story(2), BACKGROUND]).kept


def test_a_rule_that_the_article_speaks_of_stays() -> None:
    state = learnt([[*story(n), RULE] for n in range(8)])
    fined = [
        "Regulators fined two companies on Tuesday because they had broken the merger rules.",
        "The fine is a tenth of the worldwide turnover that the companies had last year, they said.",
    ]
    assert RULE in strip(state, [*fined, RULE]).kept


def test_the_first_paragraph_and_those_in_the_middle_need_more() -> None:
    six = learnt([[BIO, *story(n)] for n in range(6)])
    assert BIO in strip(six, [BIO, *story(7)]).kept
    eight = learnt([[BIO, *story(n)] for n in range(8)])
    assert BIO not in strip(eight, [BIO, *story(6, 3), *story(7)]).kept


def test_nothing_goes_where_most_would() -> None:
    state = learnt([[*story(n), BIO, ASK, LEGAL] for n in range(8)])
    short = ["A ship has sunk off Sandholm.", BIO, ASK, LEGAL]
    assert strip(state, short).kept == tuple(short)


def test_chinese_and_arabic_have_habits_too() -> None:
    chinese = "本报所有内容未经书面许可不得转载，违者将依法追究其法律责任。"
    topics = ("火车站昨天重新开放旅客可以乘坐新的列车前往海边城市", "博物馆展出古代绘画吸引许多游客参观学习历史",
              "医院增加护士人数应对冬季流感疫情高峰", "石油价格下跌影响炼油厂工人收入和投资",
              "学校考试改革引发家长老师热烈讨论", "足球队赢得联赛冠军球迷上街庆祝")  # fmt: skip
    state = learnt([[text + "。", text[::-1] + "。", chinese] for text in topics])
    other = "天文学家发现一颗新的彗星正在接近土星轨道，望远镜已经拍到照片。"
    assert strip(state, [other, other[::-1], chinese]).kept == (other, other[::-1])


def test_the_state_is_small_and_survives_being_stored() -> None:
    state = HostState()
    for number in range(400):
        own = [" ".join(f"Name{number}x{n}x{word}" for word in range(8)) for n in range(12)]
        state = learn(state, [*own, BIO])
    text = state_text(state)
    assert len(text) < 80_000
    assert read_state(text) == state
    assert BIO not in strip(read_state(text), [*story(1), BIO]).kept, "what repeats is remembered"


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[1,[[1]],[]]", "null", "[" * 2000])
def test_a_damaged_state_is_an_empty_one(text: str) -> None:
    assert read_state(text) == HostState()


@given(st.lists(st.lists(st.text(max_size=60), max_size=6), max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_paragraph_changes_and_most_of_an_article_always_stays(
    articles: list[list[str]],
) -> None:
    state = learnt(articles)
    assert read_state(state_text(state)) == state
    for article in articles:
        found = strip(state, article)
        gone = [one.text for one in found.dropped]
        kept = iter(article)
        assert all(text in kept for text in found.kept), "in order"
        assert len(found.kept) + len(gone) == len(article)
        assert sum(len(text.split()) for text in gone) <= 0.5 * sum(len(t.split()) for t in article)


def test_sketches_tell_topics_apart() -> None:
    assert same_topic(sketch(story(1)), sketch(story(1, 4)))
    assert not same_topic(sketch(story(1)), sketch(story(2)))
    assert same_topic(sketch(["Short."]), sketch(story(2))), "too little to tell"
