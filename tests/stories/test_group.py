"""Which articles become one story: tables of made-up news, and rules that hold for all input."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article
from monitor.stories.group import StoryIndex
from monitor.stories.placing import story_id

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(name: str, title: str, text: str = "", language: str | None = "en") -> Article:
    return Article(
        id=name, url=f"https://{name}.example/", title=title, text=text, language=language
    )


# A deal told by two outlets, its follow-up by a regulator, and a deal that only looks alike.
DEAL = article(
    "deal",
    "Brontek Joins Forces with Quillon: A New Cloud Pact for the North",
    "Brontek said on Monday that it had begun to work with the Danish start-up Quillon, the "
    "region's answer to chip designer Ostrava Logic. Brontek confirmed that it was putting money "
    "into the 1.8 billion euro ($1.9 billion) company, without telling how much.\n\n"
    "Quillon's weather models will be sold on Brontek's Nimbus platform, the second after those of "
    "Ostrava Logic. Brontek chair Ilse Vorm called it a pledge to technology of the north.",
)
DEAL_AGAIN = article(
    "deal-again",
    "Brontek invests $1.9 billion in Danish start-up Quillon",
    "The partnership of several years between Brontek and Quillon is to help weather models to "
    "markets worldwide. Quillon will use the computers of Brontek's Nimbus platform, and is the "
    "second company after Ostrava Logic to offer its models there. Chair Ilse Vorm said the deal "
    "marked a milestone for technology in the north. It includes an investment of $1.9 billion.",
)
FOLLOW_UP = article(
    "follow-up",
    "Regulator looks into Brontek's pact with Quillon",
    "Brontek announced a partnership with Quillon, a Danish start-up, whose weather models come to "
    "the Nimbus platform. The pact has drawn the interest of competition authorities, who said "
    "that they would examine the agreement beside their inquiry into Ostrava Logic.",
)
OTHER_DEAL = article(
    "other-deal",
    "Halvard Foods to take over Marsh & Dunn for $420 million",
    "Halvard Foods said on Monday that it had agreed to take over the bakery chain Marsh & Dunn "
    "for $420 million. The deal is expected to close in summer. Shares of Halvard rose 3 percent.",
)
OTHER_DEAL_2 = article(
    "other-deal-2",
    "Sorrel Mills agrees to take over Pike Bakeries in $380 million deal",
    "Sorrel Mills said on Monday that it had agreed to take over the bakery chain Pike Bakeries "
    "for $380 million. The deal is expected to close in autumn. Shares of Sorrel fell 2 percent.",
)
QUAKE_NORTH = article(
    "quake-north",
    "Earthquake of magnitude 5.6 shakes Tarsund island, seven hurt",
    "A strong earthquake of magnitude 5.6 shook the island of Tarsund on Monday and hurt seven "
    "people, state television said. Houses in the port of Elvik were damaged.",
)
QUAKE_NORTH_2 = article(
    "quake-north-2",
    "Quake damages houses on Tarsund",
    "Seven people were hurt when an earthquake shook Tarsund island on Monday. The magnitude was "
    "5.6, and houses in Elvik were damaged, officials said.",
)
QUAKE_SOUTH = article(
    "quake-south",
    "Earthquake of magnitude 6.1 shakes Camarona province, ten dead",
    "A strong earthquake of magnitude 6.1 shook the province of Camarona on Monday and killed ten "
    "people, state television said. Houses in the town of Ibarel were damaged.",
)
BUS = article("bus", "City council raises bus fares in Wexcombe", "Fares rise to 3.10 in May.")
DEAL_GERMAN = article(
    "deal-de",
    "Brontek steigt bei Quillon ein",
    "Der Konzern Brontek beteiligt sich am Start-up Quillon und bringt dessen Wettermodelle auf "
    "die Plattform Nimbus, wie Ilse Vorm sagte. Bisher war dort nur Ostrava Logic vertreten.",
    "de",
)
FIRE_JA = article(
    "fire-ja", "東川市の倉庫で火災、けが人なし", "東川市の倉庫で二日、火災があった。", "ja"
)
FIRE_JA_2 = article(
    "fire-ja-2", "東川市で倉庫火災", "二日、東川市の倉庫で火災があり、けが人はなかった。", "ja"
)
ELECTION_JA = article(
    "election-ja", "西山県の知事選、現職が当選", "西山県の知事選挙で現職が当選した。", "ja"
)
HEADLINE = article("headline", "Quillon gets Brontek money")
HEADLINE_2 = article("headline-2", "Brontek puts money into Quillon")


def placed(*pairs: tuple[Article, timedelta]) -> list[str]:
    index = StoryIndex()
    stories = []
    for each, later in pairs:
        story = index.place(each, NOON + later).story_id or story_id(each.id)
        index.add(each, story, NOON + later)
        stories.append(story)
    return stories


@pytest.mark.parametrize(
    ("one", "other", "later", "together"),
    [
        pytest.param(DEAL, DEAL_AGAIN, HOUR, True, id="two outlets on one deal are one story"),
        pytest.param(DEAL_AGAIN, DEAL, HOUR, True, id="in the other order they are one story too"),
        pytest.param(OTHER_DEAL, OTHER_DEAL_2, HOUR, False, id="two takeovers on one day stay apart"),
        pytest.param(QUAKE_NORTH, QUAKE_NORTH_2, HOUR, True, id="two reports of one quake are one story"),
        pytest.param(QUAKE_NORTH, QUAKE_SOUTH, HOUR, False, id="two quakes of one day stay apart"),
        pytest.param(DEAL, BUS, HOUR, False, id="a deal and bus fares have nothing in common"),
        pytest.param(HEADLINE, HEADLINE_2, HOUR, True, id="headlines alone are enough where they share names"),
        pytest.param(DEAL, HEADLINE, HOUR, True, id="a headline joins a long report"),
        pytest.param(DEAL, DEAL_GERMAN, HOUR, True, id="names carry a story into another language"),
        pytest.param(OTHER_DEAL, DEAL_GERMAN, HOUR, False, id="another language is no excuse to join"),
        pytest.param(FIRE_JA, FIRE_JA_2, HOUR, True, id="a script without blanks is compared by characters"),
        pytest.param(FIRE_JA, ELECTION_JA, HOUR, False, id="two Japanese stories stay apart"),
        pytest.param(DEAL, DEAL_AGAIN, timedelta(days=9), False, id="a story that was quiet past the window is closed"),
    ],
)  # fmt: skip
def test_two_articles_are_one_story_or_two(
    one: Article, other: Article, later: timedelta, together: bool
) -> None:
    first, second = placed((one, timedelta()), (other, later))
    assert (first == second) is together


def test_a_follow_up_of_the_next_day_joins_or_follows_by_the_score() -> None:
    index = StoryIndex()
    for each in (DEAL, DEAL_AGAIN):
        index.add(each, "deal", NOON)
    soon = index.place(FOLLOW_UP, NOON + HOUR)
    late = index.place(FOLLOW_UP, NOON + timedelta(days=4))
    assert soon.story_id == "deal"
    assert late.story_id == "deal" or late.follows == "deal"
    assert soon.score == late.score  # time raises what is needed, and changes no score


def test_a_reason_names_what_is_shared_and_the_score() -> None:
    index = StoryIndex()
    index.add(DEAL, "deal", NOON)
    placing = index.place(DEAL_AGAIN, NOON + HOUR)
    assert "Quillon" in placing.reason
    assert "$1.9 billion" in placing.reason
    assert f"score {placing.score:.2f} of 0." in placing.reason
    assert placing.nearest[0] == ("deal", placing.score)


def test_a_first_article_begins_a_story_and_says_so() -> None:
    placing = StoryIndex().place(DEAL, NOON)
    assert placing.story_id is None
    assert placing.follows is None
    assert placing.reason.startswith("begins a story")


def test_the_id_of_a_story_is_made_of_its_first_article() -> None:
    assert story_id("a") == story_id("a") != story_id("b")
    assert len(story_id("a\ud800")) == 12


HOSTILE = [
    pytest.param("", "", id="nothing at all"),
    pytest.param("\u200b\u200d\ufeff", "\u00ad" * 500, id="characters without width only"),
    pytest.param("…!?—", "* * *", id="no word, only marks"),
    pytest.param("spam", "spam " * 200_000, id="a megabyte of one word"),
    pytest.param("x" * 100_000, "y" * 1_000_000, id="a megabyte without a blank"),
    pytest.param("a\ud800b \x00 c", "\ud800", id="a lone surrogate and a zero byte"),
    pytest.param("ก" * 5_000, "漢" * 100_000, id="a long run of a script without blanks"),
]


@pytest.mark.parametrize(("title", "text"), HOSTILE)
def test_hostile_text_is_placed_like_any_other(title: str, text: str) -> None:
    index = StoryIndex()
    index.add(DEAL, "deal", NOON)
    hostile = article("h", title, text, None)
    began = time.process_time()
    placing = index.place(hostile, NOON)
    index.add(hostile, "hostile", NOON)
    assert time.process_time() - began < 2
    assert placing.story_id is None
    assert index.place(DEAL_AGAIN, NOON).story_id == "deal"


def test_ten_thousand_equal_titles_are_one_story_and_cost_no_more_each() -> None:
    index = StoryIndex()
    for number in range(10_000):
        index.add(article(str(number), "Brontek joins forces with Quillon"), "flood", NOON)
    began = time.process_time()
    placing = index.place(HEADLINE, NOON)
    assert time.process_time() - began < 0.1
    assert placing.story_id == "flood"
    assert index.story_of("0") is None  # forgotten one by one; the story goes on
    assert index.story_of("9999") == "flood"


def test_what_left_the_window_is_forgotten() -> None:
    index = StoryIndex(window=timedelta(days=1))
    for number in range(50):
        each = article(str(number), f"Event {number} in Place{number}", f"Name{number} " * 5)
        index.add(each, f"s{number}", NOON + number * HOUR)
    assert len(index) == 25
    assert index.story_of("3") is None
    assert index.story_of("40") == "s40"


def test_the_most_stories_are_kept_and_the_longest_quiet_one_goes() -> None:
    index = StoryIndex(most_stories=2)
    index.add(DEAL, "deal", NOON)
    index.add(QUAKE_NORTH, "quake", NOON + HOUR)
    index.add(DEAL_AGAIN, "deal", NOON + 2 * HOUR)
    index.add(BUS, "bus", NOON + 3 * HOUR)
    assert [index.story_of(each.id) for each in (DEAL, QUAKE_NORTH, BUS)] == ["deal", None, "bus"]


def test_an_article_can_be_moved_out_of_a_story_and_back() -> None:
    index = StoryIndex()
    for each in (QUAKE_NORTH, QUAKE_NORTH_2, QUAKE_SOUTH):
        index.add(each, "quakes", NOON)
    assert index.move(QUAKE_SOUTH.id, "south")
    assert index.story_of(QUAKE_SOUTH.id) == "south"
    report = article(
        "r", QUAKE_SOUTH.title, "Camarona counts its dead after the quake; Ibarel hit."
    )
    assert index.place(report, NOON).story_id == "south"
    assert index.move(QUAKE_SOUTH.id, "quakes")
    assert index.place(report, NOON).story_id == "quakes"
    assert len(index) == 1
    assert not index.move("unknown", "quakes")


def test_adding_twice_is_adding_once_and_the_last_story_holds() -> None:
    index = StoryIndex()
    index.add(DEAL, "one", NOON)
    index.add(DEAL, "one", NOON)
    index.add(DEAL, "two", NOON)
    assert (index.story_of(DEAL.id), len(index)) == ("two", 1)


UNRELATED = [
    article(f"u{n}", f"Village{n} opens Hall{n}", f"Mayor{n} praised Builder{n} and Baker{n}.")
    for n in range(8)
]


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(UNRELATED), place=st.integers(0, 8))
def test_the_order_of_unrelated_articles_changes_no_placing(
    order: list[Article], place: int
) -> None:
    def index_of(others: list[Article]) -> StoryIndex:
        index = StoryIndex()
        for each in [*others[:place], DEAL, *others[place:]]:
            index.add(each, "deal" if each is DEAL else each.id, NOON)
        return index

    assert index_of(order).place(DEAL_AGAIN, NOON) == index_of(UNRELATED).place(DEAL_AGAIN, NOON)


WORDS = ["Brontek", "Quillon", "quake", "Tarsund", "the", "deal", "5.6", "火災", "rises", "Elvik"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), max_size=12), asked=st.tuples(TEXTS, TEXTS))
def test_asking_changes_nothing_and_a_second_run_says_the_same(
    texts: list[tuple[str, str]], asked: tuple[str, str]
) -> None:
    question = article("q", *asked)

    def run(ask: bool) -> list[object]:
        index = StoryIndex()
        told: list[object] = []
        for number, (title, text) in enumerate(texts):
            each = article(str(number), title, text)
            if ask:
                assert index.place(question, NOON) == index.place(question, NOON)
            placing = index.place(each, NOON)
            assert 0 <= placing.score <= 1.0001
            told.append(placing)
            index.add(each, placing.story_id or story_id(each.id), NOON)
        return [*told, index.place(question, NOON)]

    assert run(ask=True) == run(ask=False)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_moving_at_random_keeps_every_article_in_one_known_story(seed: int) -> None:
    chance = random.Random(seed)
    index = StoryIndex()
    everything = [DEAL, DEAL_AGAIN, FOLLOW_UP, QUAKE_NORTH, QUAKE_SOUTH, BUS, FIRE_JA, HEADLINE]
    told = {}
    for _ in range(30):
        each, story = chance.choice(everything), f"s{chance.randrange(4)}"
        index.add(each, story, NOON)
        told[each.id] = story
        assert {name: index.story_of(name) for name in told} == told
        assert len(index) == len(set(told.values()))
        index.place(DEAL_AGAIN, NOON)
