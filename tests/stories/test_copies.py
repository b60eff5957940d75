"""Which articles are the same text, and what an edit changed."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.fingerprint import fingerprint
from monitor.model import Article
from monitor.stories.changes import changes
from monitor.stories.copies import Copy, CopyIndex
from monitor.stories.shingles import KEPT, shared, shingles, smallest, words_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

SENTENCES = [
    "The harbour authority of Elvik said on Monday that it would close two of its five quays.",
    "Repairs of the quay walls are expected to take until the spring of next year.",
    "Ferry lines to the outer islands move to the southern basin in the meantime.",
    "A spokesman put the cost of the work at 14 million crowns.",
    "Fishermen had asked for years that the walls be looked after before they gave way.",
    "The council will vote on a loan for the port at its meeting in June.",
    "Two cranes that date from the sixties are to be scrapped, the authority said.",
    "Freight volumes in the port fell by a tenth last year, mostly in timber.",
    "The operator of the grain terminal said it did not expect delays for its customers.",
    "Work on the first quay begins after the herring season.",
]
TEXT = " ".join(SENTENCES)
OTHER = (
    "Teachers in three valleys walked out on Tuesday over plans to merge small schools. The union "
    "said that nine of ten members had taken part. Parents brought soup to the gates and the "
    "minister offered talks, but not before the holidays. Similar plans failed eight years ago "
    "when villages went to court and won."
)
JAPANESE = "東川市の港湾当局は月曜日、五つの岸壁のうち二つを閉鎖すると発表した。修理は来春まで続く見込みで、離島への船は南側の泊地に移る。費用は千四百万と見積もられている。"


def article(name: str, text: str, title: str = "A title", url: str = "") -> Article:
    return Article(id=name, url=url or f"https://{name}.example/", title=title, text=text, fingerprint=fingerprint(title, text))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "copy"),
    [
        pytest.param(TEXT, TEXT, True, id="the same text"),
        pytest.param(TEXT, TEXT.upper(), True, id="the same words in capitals"),
        pytest.param(TEXT, "ELVIK, March 2 (Wire) - " + TEXT, True, id="a dateline before it"),
        pytest.param(TEXT, "The port of Elvik shuts quays this week. " + " ".join(SENTENCES[1:]), True, id="another first line"),
        pytest.param(TEXT, TEXT + " Subscribe to our newsletter. All rights reserved. Follow us.", True, id="furniture after it"),
        pytest.param(TEXT, " ".join(SENTENCES[:6]), True, id="cut at the end"),
        pytest.param(" ".join(SENTENCES[:6]), TEXT, True, id="the whole after one that was cut"),
        pytest.param(TEXT, " ".join(SENTENCES[:2]), False, id="a brief of two sentences"),
        pytest.param(TEXT, OTHER, False, id="another text"),
        pytest.param(TEXT, " ".join(word for each in SENTENCES for word in sorted(each.split())), False, id="the same words in another order"),
        pytest.param("Subscribe to read on.", "Subscribe to read on now.", False, id="short texts that are anybody's"),
        pytest.param(JAPANESE, "【速報】" + JAPANESE + "続報を待つ。", True, id="a script without blanks, with a mark before it"),
        pytest.param(JAPANESE, JAPANESE[40:] + "選挙は四月に行われ、現職と新人の三人が立候補する見通しだと県が伝えた。", False, id="a script without blanks, mostly another text"),
        pytest.param("", "", False, id="two articles without a text and with other titles"),
        pytest.param("\u200b" * 500, "\u00ad" * 500, False, id="no word, only characters without width"),
        pytest.param("spam " * 200_000, TEXT, False, id="a megabyte of one word beside a text"),
    ],
)  # fmt: skip
def test_a_copy_is_told(old: str, new: str, copy: bool) -> None:
    index = CopyIndex()
    index.add(article("old", old, "First title"), NOON)
    found = index.find(article("new", new, "Second title"), NOON + timedelta(hours=1))
    assert (found is not None) is copy
    if found:
        assert found.article_id == "old"
        assert found.score >= 0.7
        assert found.reason


def test_an_edit_at_the_same_address_is_told_from_a_copy_elsewhere() -> None:
    index = CopyIndex()
    index.add(article("a", TEXT, url="https://a.example/1"), NOON)
    edited = TEXT.replace("14 million", "41 million")
    again = index.find(article("b", edited, url="https://a.example/1"), NOON)
    elsewhere = index.find(article("c", edited, url="https://c.example/1"), NOON)
    assert again is not None
    assert elsewhere is not None
    assert (again.same_address, elsewhere.same_address) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "added", "removed", "figures"),
    [
        pytest.param("One. Two 2 three.", "One.\n\nTwo 2  THREE.", (), (), False, id="case and blanks are no change"),
        pytest.param("It cost 14 million. Rain fell.", "It cost 41 million. Rain fell.", ("It cost 41 million.",), ("It cost 14 million.",), True, id="a corrected figure"),
        pytest.param("Rain fell.", "Rain fell. Snow came.", ("Snow came.",), (), False, id="a sentence more"),
        pytest.param("Rain fell. Rain fell.", "Rain fell.", (), ("Rain fell.",), False, id="one of two equal sentences is gone"),
        pytest.param("", "", (), (), False, id="nothing on both sides"),
        pytest.param("", "Rain fell.", ("Rain fell.",), (), False, id="a text where there was none"),
    ],
)  # fmt: skip
def test_changes_are_whole_sentences(
    old: str, new: str, added: tuple[str, ...], removed: tuple[str, ...], figures: bool
) -> None:
    found = changes(old, new)
    assert (found.added, found.removed, found.figures) == (added, removed, figures)
    assert bool(found) is bool(added or removed)


def test_of_several_the_most_alike_is_named_and_then_the_earliest() -> None:
    index = CopyIndex()
    index.add(article("cut", " ".join(SENTENCES[:6]), "One"), NOON)
    index.add(article("first", TEXT + " More follows.", "Two"), NOON)
    index.add(article("second", TEXT + " More follows.", "Three"), NOON)
    found = index.find(article("new", TEXT, "Four"), NOON)
    assert isinstance(found, Copy)
    assert found.article_id == "first"


def test_an_article_is_no_copy_of_itself_and_is_replaced_when_added_again() -> None:
    index = CopyIndex()
    index.add(article("a", TEXT), NOON)
    assert index.find(article("a", TEXT), NOON) is None
    index.add(article("a", OTHER), NOON)
    assert index.find(article("b", TEXT, "Other"), NOON) is None
    assert len(index) == 1


def test_old_texts_and_too_many_texts_are_forgotten() -> None:
    index = CopyIndex(window=timedelta(days=1), most_texts=3)
    for number in range(6):
        index.add(article(str(number), TEXT + f" Part {number}.", f"T{number}"), NOON)
    assert len(index) == 3
    index.add(article("late", OTHER), NOON + timedelta(days=2))
    assert len(index) == 1
    assert index.find(article("new", TEXT, "N"), NOON + timedelta(days=2)) is None


def test_two_thousand_equal_texts_cost_no_more_each() -> None:
    index = CopyIndex()
    text = " ".join(SENTENCES[:4])
    for number in range(2_000):
        index.add(article(str(number), text), NOON)
    began = time.process_time()
    found = index.find(article("new", text + " One more line.", "New"), NOON)
    assert time.process_time() - began < 0.2
    assert found is not None


WORDS = st.lists(st.sampled_from("port quay wall ferry loan crane grain vote herring june".split()), max_size=300)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(one=WORDS, other=WORDS)
def test_estimates_are_shares_and_exact_for_short_texts(one: list[str], other: list[str]) -> None:
    a, b = shingles(one), shingles(other)
    found = shared(smallest(a), smallest(b), (len(a), len(b)))
    assert all(0 <= each <= 1 for each in found)
    assert found == shared(smallest(b), smallest(a), (len(b), len(a)))
    if a and b and max(len(a), len(b)) <= KEPT:
        both, union = len(a.keys() & b.keys()), len(a.keys() | b.keys())
        assert found[0] == pytest.approx(both / union)
        assert found[1] == pytest.approx(both / min(len(a), len(b)))


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=400))
def test_any_text_has_shingles_and_equals_itself(text: str) -> None:
    values = shingles(words_of(text))
    signature = smallest(values)
    if signature:
        assert shared(signature, signature, (len(values), len(values))) == (1.0, 1.0)
