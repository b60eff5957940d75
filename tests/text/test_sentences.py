"""Sentences and paragraphs, by example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.sentences import paragraphs, sentences

CASES = [
    pytest.param("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"], id="the three marks end sentences"),
    pytest.param("", [], id="nothing has no sentence"),
    pytest.param("No mark at all", ["No mark at all"], id="a text without a mark is one sentence"),
    pytest.param("Mr. Smith met Dr. Jones. They spoke.", ["Mr. Smith met Dr. Jones.", "They spoke."], id="titles do not end a sentence"),
    pytest.param("J. P. Morgan bought it. Fine.", ["J. P. Morgan bought it.", "Fine."], id="initials do not end a sentence"),
    pytest.param("It cost $2.1 billion. Then 3.5 more.", ["It cost $2.1 billion.", "Then 3.5 more."], id="decimals do not end a sentence"),
    pytest.param("The U.S. Justice Department sued. It won.", ["The U.S. Justice Department sued.", "It won."], id="an abbreviation before a name goes on"),
    pytest.param("They moved to the U.S. The firm grew.", ["They moved to the U.S.", "The firm grew."], id="an abbreviation before a common first word ends"),
    pytest.param("Apple Inc. said so. Acme Corp. The rest followed.", ["Apple Inc. said so.", "Acme Corp.", "The rest followed."], id="company forms end only before a first word"),
    pytest.param("See example.org for news. Visit it.", ["See example.org for news.", "Visit it."], id="no sentence ends without a blank"),
    pytest.param("“Stop!” he said. “Why?” she asked.", ["“Stop!” he said.", "“Why?” she asked."], id="lower case after a quote goes on"),
    pytest.param("He said: “We go.” They went.", ["He said: “We go.”", "They went."], id="a closing quote belongs to its sentence"),
    pytest.param("Am 27. Februar kam das Geld. Es war viel.", ["Am 27. Februar kam das Geld.", "Es war viel."], id="a German date goes on"),
    pytest.param("It was in 2024. Microsoft paid.", ["It was in 2024.", "Microsoft paid."], id="a year ends a sentence"),
    pytest.param("Das gilt z.B. für Banken. Und d.h. viel.", ["Das gilt z.B. für Banken.", "Und d.h. viel."], id="German abbreviations go on"),
    pytest.param("M. Dupont et Mme. Martin signent. Elle part.", ["M. Dupont et Mme. Martin signent.", "Elle part."], id="French titles go on"),
    pytest.param("El Sr. García compra EE.UU. El pacto sigue.", ["El Sr. García compra EE.UU.", "El pacto sigue."], id="Spanish abbreviations"),
    pytest.param("Il dott. Rossi firma. La S.p.A. cresce.", ["Il dott. Rossi firma.", "La S.p.A. cresce."], id="Italian abbreviations"),
    pytest.param("To m.in. Microsoft. Prof. Nowak wie.", ["To m.in. Microsoft.", "Prof. Nowak wie."], id="Polish abbreviations"),
    pytest.param("Dhr. Jansen koopt het. Het is bijv. duur.", ["Dhr. Jansen koopt het.", "Het is bijv. duur."], id="Dutch abbreviations"),
    pytest.param("Show it to me. Microsoft paid the EU. Google left the US. It was 3 pm. So I am. Fine.", ["Show it to me.", "Microsoft paid the EU.", "Google left the US.", "It was 3 pm.", "So I am.", "Fine."], id="words that are abbreviations elsewhere end sentences"),
    pytest.param("Er zahlte 5 Mio. Euro. Die 2. Kammer tagt, z. B. Montag.", ["Er zahlte 5 Mio. Euro.", "Die 2. Kammer tagt, z. B. Montag."], id="German millions, ordinals and spaced abbreviations"),
    pytest.param("It needs vitamin C. Microsoft paid.", ["It needs vitamin C.", "Microsoft paid."], id="a letter after a noun ends a sentence"),
    pytest.param("iPhone sales rose. iPad sales fell. eBay too.", ["iPhone sales rose.", "iPad sales fell.", "eBay too."], id="a name may begin in lower case"),
    pytest.param("It rose.[1] Microsoft fell. “Wirklich?“ Er fragte.", ["It rose.[1]", "Microsoft fell.", "“Wirklich?“", "Er fragte."], id="notes and German closing quotes"),
    pytest.param("T.ex. Volvo. Bl.a. Saab. Kl. 12 kom han.", ["T.ex. Volvo.", "Bl.a. Saab.", "Kl. 12 kom han."], id="Swedish abbreviations"),
    pytest.param("「行く。」と彼は言った。次。", ["「行く。」と彼は言った。", "次。"], id="a Japanese quotation goes on"),
    pytest.param("微软投资。米斯特拉尔同意！真的吗？", ["微软投资。", "米斯特拉尔同意！", "真的吗？"], id="Chinese marks need no blank"),
    pytest.param("これは文です。次の文。", ["これは文です。", "次の文。"], id="Japanese marks need no blank"),
    pytest.param("هل هذا صحيح؟ نعم.", ["هل هذا صحيح؟", "نعم."], id="the Arabic question mark ends"),
    pytest.param("यह एक वाक्य है। दूसरा।", ["यह एक वाक्य है।", "दूसरा।"], id="the Hindi danda ends"),
    pytest.param("Wait... what? Yes… And then.", ["Wait... what?", "Yes…", "And then."], id="dots go on before lower case"),
    pytest.param("First para\n\nSecond one. Third.", ["First para", "Second one.", "Third."], id="no sentence crosses a paragraph"),
    pytest.param("One line\ngoes on. Next.", ["One line\ngoes on.", "Next."], id="a single line break is a blank"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\n\nb", ["a", "b"], id="a blank line parts paragraphs"),
        pytest.param("a\n \t\n\n\nb\n", ["a", "b"], id="several, with blanks in them, part once"),
        pytest.param("\n\n a\nb \n\n", ["a\nb"], id="outer blanks belong to none"),
        pytest.param(" \n ", [], id="a blank text has none"),
        pytest.param("a\r\n\r\nb", ["a", "b"], id="line ends of other systems count"),
    ],
)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in paragraphs(text)] == expected


@given(st.text(alphabet="aA.!? \n\"'”1。Mr", max_size=80))
def test_sentences_cover_every_character_that_is_no_blank(text: str) -> None:
    covered = set()
    end = 0
    for start, stop in sentences(text):
        assert end <= start < stop
        covered.update(range(start, stop))
        end = stop
    assert not [i for i, char in enumerate(text) if not char.isspace() and i not in covered]
