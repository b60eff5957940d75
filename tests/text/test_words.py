"""Words and positions, exactly as docs/rules.md states them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.words import cut, fold


def folds(text: str) -> list[str]:
    return cut(text).folds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Microsoft invests", ["microsoft", "invests"], id="letters make words, case folded"),
        pytest.param("", [], id="an empty text has no words"),
        pytest.param("— … !? €", [], id="signs alone are no words"),
        pytest.param("tie-up and/or A–B", ["tie", "up", "and", "or", "a", "b"], id="hyphen, slash and dash separate"),
        pytest.param("snake_case", ["snake", "case"], id="an underscore separates"),
        pytest.param("Micro\u00adsoft Mi\u200bstral a\u2060b", ["microsoft", "mistral", "ab"], id="soft hyphens and zero-width characters vanish"),
        pytest.param("\ufeffEU", ["eu"], id="a byte order mark vanishes"),
        pytest.param("Teams™ Copilot® Mark℠ ©News", ["teams", "copilot", "mark", "news"], id="trade mark signs separate"),
        pytest.param("note² x³y", ["note", "x", "y"], id="superscript digits separate"),
        pytest.param("Microsoft's Microsoft’s MICROSOFT'S", ["microsoft"] * 3, id="a final 's is dropped, in every typography"),
        pytest.param("the regulators' view of Paris' firm", ["the", "regulators", "view", "of", "paris", "firm"], id="a final apostrophe after s is dropped"),
        pytest.param("l'autorité d’Orange qu'il jusqu'à", ["l", "autorite", "d", "orange", "qu", "il", "jusqu", "a"], id="French elisions split off"),
        pytest.param("dell'Antitrust un'altra quest'anno", ["dell", "antitrust", "un", "altra", "quest", "anno"], id="Italian elisions split off"),
        pytest.param("l'Europe's", ["l", "europe"], id="the final 's goes before the elision splits off"),
        pytest.param("O'Brien don't aujourd'hui rock'n'roll", ["obrien", "dont", "aujourdhui", "rocknroll"], id="any other apostrophe is removed"),
        pytest.param("'quoted' ‘words’", ["quoted", "words"], id="quotation marks separate"),
        pytest.param("it's ʼtwas Oʼzbekiston", ["it", "twas", "ozbekiston"], id="the modifier apostrophe is an apostrophe"),
        pytest.param("AT&T M&A Q & A", ["at&t", "m&a", "q", "a"], id="an ampersand stays only between word characters"),
        pytest.param("C++ C# F#, Disney+ +5 #tag", ["c++", "c#", "f#", "disney+", "5", "tag"], id="+ and # stay directly after a letter only"),
        pytest.param("2.1 billion, 1,000.50 and 10,000,000", ["2.1", "billion", "1000.50", "and", "10000000"], id="a full stop joins digits, a comma between digits vanishes"),
        pytest.param("in 2024, 2025. Then", ["in", "2024", "2025", "then"], id="a comma or stop before a blank separates"),
        pytest.param("U.S. and U.K. firms, J.P. Morgan, e.g. this", ["us", "and", "uk", "firms", "jp", "morgan", "eg", "this"], id="full stops join single letters"),
        pytest.param("U.S.'s U.S.-based A.I.", ["us", "us", "based", "ai"], id="an abbreviation loses its 's and ends at a hyphen"),
        pytest.param("deal.Microsoft e.g.Microsoft", ["deal", "microsoft", "eg", "microsoft"], id="a full stop between words separates"),
        pytest.param("Telefónica TELEFONICA Teleﬁnica", ["telefonica", "telefonica", "telefinica"], id="accents fold and ligatures open"),
        pytest.param("STRASSE straße", ["strasse", "strasse"], id="ß is ss"),
        pytest.param("Cafe\u0301 Café", ["cafe", "cafe"], id="composed and decomposed accents are the same"),
        pytest.param("ΑΝΤΊΣΤΑΣΗΣ αντίστασης", ["αντιστασησ", "αντιστασησ"], id="Greek marks fold, final sigma is sigma"),
        pytest.param("Иной йод", ["инои".replace("и", "и", 1)[:-1] + "й", "йод"], id="Cyrillic й keeps its mark"),
        pytest.param("İstanbul", ["istanbul"], id="the dotted capital I folds to i"),
        pytest.param("ＥＵ １２，０００ Ｃ＋＋", ["eu", "12000", "c++"], id="full-width forms are the plain ones"),
        pytest.param("東京都", ["東", "京", "都"], id="each Han character is a position"),
        pytest.param("ガス カス", ["ガ", "ス", "カ", "ス"], id="a voiced kana is not its plain one"),
        pytest.param("ｶﾞｽ", ["ガ", "ス"], id="a half-width sound mark belongs to its base"),
        pytest.param("カ\u3099ス", ["ガ", "ス"], id="a combining sound mark belongs to its base"),
        pytest.param("MicrosoftがMistral AIに", ["microsoft", "が", "mistral", "ai", "に"], id="a script without spaces parts from Latin letters"),
        pytest.param("2024年3月", ["2024", "年", "3", "月"], id="digits part from Han characters"),
        pytest.param("人々 コーヒー", ["人", "々", "コ", "ー", "ヒ", "ー"], id="iteration and length marks are positions"),
        pytest.param("ขั้นตอน", ["ขั้", "น", "ต", "อ", "น"], id="Thai marks belong to their base"),
        pytest.param("한국은행이 금리를", ["한국은행이", "금리를"], id="Korean is words"),
        pytest.param("नमस्ते दुनिया", ["नमस्ते", "दुनिया"], id="Hindi vowel signs stay in the word"),
        pytest.param("الاتحاد الأوروبي", ["الاتحاد", "الأوروبي"], id="Arabic is words, its marks stay"),
        pytest.param("𝐌𝐢𝐬𝐭𝐫𝐚𝐥 🚀 AI", ["mistral", "ai"], id="mathematical letters are letters, emoji separate"),
        pytest.param("❤\ufe0f x", ["x"], id="a variation selector alone is no word"),
        pytest.param("B.1.1.7 v2.1", ["b", "1.1.7", "v2.1"], id="a stop joins digits inside a name of a version"),
    ],
)  # fmt: skip
def test_words(text: str, expected: list[str]) -> None:
    assert folds(text) == expected


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("Microsoft's deal", ["Microsoft", "deal"], id="a dropped 's is not part of the place"),
        pytest.param("l'autorité", ["l", "autorité"], id="both parts of an elision have their own places"),
        pytest.param("é́ Mi\u00adstral", ["é́", "Mi\u00adstral"], id="marks and soft hyphens lie within the place"),
        pytest.param("in the U.S. today", ["in", "the", "U.S", "today"], id="the last stop of an abbreviation lies outside"),
        pytest.param("𝐀𝐈 ok", ["𝐀𝐈", "ok"], id="places count code points, not UTF-16 units"),
        pytest.param("1,000 EUR", ["1,000", "EUR"], id="a number keeps its commas in the text"),
    ],
)  # fmt: skip
def test_places(text: str, pieces: list[str]) -> None:
    words = cut(text)
    assert [text[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == pieces


def test_exact_keeps_case_and_accents() -> None:
    assert cut("Telefónica's U.S. C++").exacts == ["Telefónica", "US", "C++"]


TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("aAéßİzZ'’&+#.,- \n019²ªᾳガｶﾞ東กั\u00ad\u200b\u0301\ufe0f한аЙ𝐌🚀"),
        st.characters(),
    ),
    max_size=60,
)


@given(TEXTS)
def test_places_are_in_order_and_inside_the_text(text: str) -> None:
    words = cut(text)
    assert len(words.folds) == len(words.exacts) == len(words.starts) == len(words.ends)
    end = 0
    for start, stop, word in zip(words.starts, words.ends, words.folds, strict=True):
        assert end <= start < stop <= len(text)
        assert word
        end = stop


@given(st.text(alphabet="abcdéßàñüœ'’&-. 0123,", max_size=60))
def test_the_large_tables_cut_latin_text_as_the_small_ones_do(text: str) -> None:
    alone = cut(text).folds
    assert cut(text + " \u4e00").folds == [*alone, "\u4e00"]  # Han: the tables of the whole BMP
    assert cut(text + " \U00020000").folds == [*alone, "\U00020000"]  # and the whole of Unicode


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in cut(text).folds:
        assert fold(word) == word


@given(TEXTS)
def test_words_and_places_agree(text: str) -> None:
    """Words are remembered by what stands between blanks, places are cut from the whole text."""
    words = cut(text)
    assert len(words.folds) == len(words.exacts) == len(words.starts)
    alone = [cut(text[a:b]).folds for a, b in zip(words.starts, words.ends, strict=True)]
    assert [fold for folds in alone for fold in folds] == words.folds
