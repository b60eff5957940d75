"""The sentence around a place, found without looking at the whole text: the very same sentence."""

from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.fields import FieldText
from monitor.text.sentences import paragraphs, sentences

PIECES = (
    "deal", "Mr", "U.S", "Inc", "z", "B", "J", "27", "Februar", "Die", "etc", "no", "5", "e.g", "東京", "。", "」と", "؟",
    ".", ". ", ". ", "! ", "? ", "… ", "...", ".” ", "“", "(", ") ", " ", " ", "\n", "\n\n", "\n \n", "\t", ".\n", "Then ", "it ", "iPhone ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(
    TEXTS, st.lists(st.integers(0, 120), min_size=1, max_size=6), st.sampled_from(["body", "title"])
)
def test_one_sentence_is_that_of_all_sentences(text: str, offsets: list[int], name: str) -> None:
    ranges = [(0, len(text))] if name == "title" else sentences(text)
    if not ranges:
        return
    starts = [low for low, _ in ranges]
    field = FieldText(name, text)
    for offset in offsets:  # in any order, each asked of the same field
        at = min(offset, len(text))
        assert field.sentence_at(at) == ranges[max(0, bisect_right(starts, at) - 1)]


@settings(deadline=None)
@given(TEXTS)
def test_words_of_one_sentence_or_paragraph_have_one_unit(text: str) -> None:
    field = FieldText("body", text)
    for unit, ranges in (("sentence", sentences(text)), ("paragraph", paragraphs(text))):
        for number, start in enumerate(field.words.starts):
            inside = [low for low, high in ranges if low <= start < high]
            assert [field.unit_of(number, unit)] == inside  # type: ignore[arg-type]  # a unit


def test_a_place_in_a_long_text_looks_at_its_own_paragraph_only() -> None:
    text = "\n\n".join(f"Paragraph {n} of Mr. Nobody. It has two sentences." for n in range(2_000))
    field = FieldText("body", text)
    at = text.index("Paragraph 1234 ")
    low, high = field.sentence_at(at)
    assert text[low:high] == "Paragraph 1234 of Mr. Nobody."
    assert len(field._sentences_in) == 1
