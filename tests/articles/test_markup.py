"""No words of the article are lost in odd markup, and none of other stories come in."""

import pytest

from monitor.articles.extract import extract_page

URL = "https://pier-gazette.example/news/1"
FIRST = (
    "The harbour city council approved a floating library on Tuesday, ending a debate that had"
    " divided its members for most of the year."
)
SECOND = (
    "The ship will carry forty thousand books along the coast and will call at nine towns that"
    " lost their own libraries in the last ten years, the council said."
)
THIRD = (
    "Opponents had wanted the money for the repair of the old pier, which has been closed since"
    " a storm tore away its roof two winters ago, leaving only the piles."
)
FOURTH = (
    "The mayor said that both could be paid for, and that the first books would be lent in May,"
    " when the ferry service begins again after the winter break of five months."
)
BODY = "".join(f"<p>{text}</p>" for text in (FIRST, SECOND, THIRD, FOURTH))


def text_of(inner: str, lang: str = "en", head: str = "") -> str:
    page = f"<!doctype html><html lang={lang}><head><title>A library for the sea</title>{head}"
    return extract_page(f"{page}</head><body>{inner}</body></html>".encode(), URL, None).text


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        pytest.param(
            f'<article><section class="page">{FIRST}<p></p><h2>Books</h2><p>{SECOND}</p>'
            f"<p>{THIRD}</p></section></article>",
            [FIRST, SECOND, THIRD],
            id="a first paragraph that stands loose beside the others",
        ),
        pytest.param(
            "<article>" + "".join(f"<div>{t}</div>" for t in (FIRST, SECOND, THIRD)) + "</article>",
            [FIRST, SECOND, THIRD],
            id="paragraphs made of div",
        ),
        pytest.param(
            f"<article><div class=body>{FIRST}<br><br>{SECOND}<br><br>{THIRD}</div></article>",
            [FIRST, SECOND, THIRD],
            id="paragraphs made of line breaks",
        ),
        pytest.param(
            f'<article><p>Sources said that <span class="link"><a href="/x">the council will sell'
            f" the pier</a></span> in spring, after the vote on the floating library had ended.</p>"
            f"{BODY}</article>",
            ["Sources said that the council will sell the pier in spring"],
            id="linked words inside a sentence",
        ),
        pytest.param(
            f'<article>{BODY}<div class="social-media-embed"><blockquote class="twitter-tweet">'
            f"<p>Nine towns, one ship. We waited ten years for this day.</p></blockquote></div>"
            f"<p>{SECOND}</p></article>",
            ["Nine towns, one ship."],
            id="an embedded post that the article quotes",
        ),
        pytest.param(
            f"<article>{BODY}<blockquote>We never gave the pier up, said a member.</blockquote>"
            f"<p>{SECOND}</p></article>",
            ["We never gave the pier up"],
            id="a quotation",
        ),
        pytest.param(
            f"<article>{BODY}<ul><li>Nine towns on the route this year</li><li>Forty thousand"
            f" books in two holds</li></ul><p>{SECOND}</p></article>",
            ["Nine towns on the route", "Forty thousand books"],
            id="a list",
        ),
        pytest.param(
            f"<article>{BODY}<ol><li>Berths before the winter comes</li><li>Books after it has"
            f" gone</li></ol><p>{THIRD}</p></article>",
            ["Berths before the winter", "Books after it"],
            id="a numbered list",
        ),
        pytest.param(
            f"<article>{BODY}<table><tr><th>Town</th><th>Books</th></tr><tr><td>Northgate</td>"
            f"<td>4,100</td></tr><tr><td>Sandholm</td><td>3,900</td></tr></table><p>{SECOND}</p>"
            "</article>",
            ["Northgate 4,100", "Sandholm 3,900"],
            id="a table, row by row",
        ),
        pytest.param(
            f"<article><p>{FIRST}</p><h2>What comes next</h2><p>{SECOND}</p><p>{THIRD}</p>"
            "</article>",
            ["What comes next"],
            id="a subheading",
        ),
        pytest.param(
            '<main><h1>Live: the vote</h1><div class="live-post"><time>10:05</time><h3>Vote begins'
            f"</h3><p>{FIRST}</p></div><div class='live-post'><time>09:50</time><h3>Doors open</h3>"
            f"<p>{SECOND}</p></div><div class='live-post'><h3>Queue outside</h3><p>{THIRD}</p></div>"
            "</main>",
            [FIRST, SECOND, THIRD],
            id="a live blog keeps all its posts",
        ),
        pytest.param(
            f"<article>{BODY}<div class=gallery><figure><img src=a><figcaption>A pier at dusk"
            f"</figcaption></figure><figure><img src=b><figcaption>Another pier</figcaption>"
            f"</figure></div><p>{SECOND}</p></article>",
            [FIRST, THIRD],
            id="a gallery between paragraphs",
        ),
        pytest.param(
            f"<form action=/ id=aspnetForm><div><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>"
            "</form>",
            [FIRST, SECOND, THIRD],
            id="a form around the whole page",
        ),
        pytest.param(
            f"<table><tr><td><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></td></tr></table>",
            [FIRST, SECOND, THIRD],
            id="a page laid out with tables",
        ),
        pytest.param(
            f"<article><p>{FIRST}<p>{SECOND}<p>{THIRD}",
            [FIRST, SECOND, THIRD],
            id="nothing is closed",
        ),
    ],
)
def test_what_people_read_is_in_the_text(inner: str, wanted: list[str]) -> None:
    text = " ".join(text_of(inner).split())
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize(
    ("paragraph", "lang"),
    [
        pytest.param("市议会周二批准了一座水上图书馆，结束了持续近一年的争论。市长表示，第一批图书将于五月开放借阅。"
                     "反对者原本希望把这笔钱用于修复旧码头。", "zh", id="Chinese"),
        pytest.param("市議会は火曜日、水上図書館の設置を承認した。一年近く続いた議論に終止符が打たれた。"
                     "市長は五月に最初の本を貸し出すと述べた。反対派は桟橋の修理を求めていた。", "ja", id="Japanese"),
        pytest.param("시의회는 화요일 수상 도서관 설립을 승인하여 거의 일 년 동안 이어진 논쟁을 끝냈다."
                     " 시장은 오월에 첫 책을 빌려줄 것이라고 말했다. 반대자들은 부두 수리를 원했다.", "ko", id="Korean"),
        pytest.param("وافق مجلس المدينة يوم الثلاثاء على إنشاء مكتبة عائمة منهيا جدلا استمر معظم العام."
                     " وقال رئيس البلدية إن الكتب الأولى ستعار في مايو. وكان المعارضون يريدون إصلاح الرصيف.",
                     "ar", id="Arabic"),
        pytest.param("מועצת העיר אישרה ביום שלישי ספרייה צפה וסיימה ויכוח שנמשך רוב השנה."
                     " ראש העיר אמר שהספרים הראשונים יושאלו במאי. המתנגדים רצו לתקן את המזח.", "he", id="Hebrew"),
        pytest.param("Городской совет одобрил во вторник плавучую библиотеку, завершив спор, который длился"
                     " почти год. Мэр сказал, что первые книги выдадут в мае.", "ru", id="Russian"),
        pytest.param("नगर परिषद ने मंगलवार को एक तैरते पुस्तकालय को मंजूरी दी, जिससे साल भर चली बहस समाप्त हुई।"
                     " महापौर ने कहा कि पहली किताबें मई में दी जाएंगी।", "hi", id="Hindi"),
        pytest.param("สภาเมืองอนุมัติห้องสมุดลอยน้ำเมื่อวันอังคาร ยุติการถกเถียงที่ยาวนานเกือบทั้งปี"
                     " นายกเทศมนตรีกล่าวว่าหนังสือเล่มแรกจะให้ยืมในเดือนพฤษภาคม", "th", id="Thai"),
        pytest.param("Le conseil municipal a approuvé mardi une bibliothèque flottante, mettant fin à un débat"
                     " qui l'avait divisé presque toute l'année.", "fr", id="French"),
        pytest.param("Der Stadtrat hat am Dienstag eine schwimmende Bibliothek genehmigt und damit eine Debatte"
                     " beendet, die ihn fast das ganze Jahr gespalten hatte.", "de", id="German"),
    ],
)  # fmt: skip
def test_scripts_and_languages(paragraph: str, lang: str) -> None:
    inner = "".join(f"<p>{n}. {paragraph}</p>" for n in range(1, 5))
    page = f"<html><head><title>1</title></head><body><article>{inner}</article></body></html>"
    found = extract_page(page.encode(), URL, None)
    assert found.text.split("\n\n") == [f"{n}. {paragraph}" for n in range(1, 5)]
    assert found.language == lang, "detected: the page declares none"
    assert found.quality == "ok"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Read also: Lumen buys Northgate for two billion", id="English"),
        pytest.param("READ MORE: Lumen buys Northgate", id="English, in capitals"),
        pytest.param("Related article: Lumen and Northgate to part", id="a related article"),
        pytest.param("Lesen Sie auch: Lumen kauft Northgate", id="German"),
        pytest.param("Mehr zum Thema: Lumen kauft Northgate", id="German, on the subject"),
        pytest.param("Lire aussi : Lumen rachète Northgate", id="French"),
        pytest.param("Lea también: Lumen compra Northgate", id="Spanish"),
        pytest.param("Leggi anche: Lumen compra Northgate", id="Italian"),
        pytest.param("Leia também: Lumen compra Northgate", id="Portuguese"),
        pytest.param("Lees ook: Lumen koopt Northgate", id="Dutch"),
        pytest.param("Czytaj też: Lumen kupuje Northgate", id="Polish"),
        pytest.param("Läs också: Lumen köper Northgate", id="Swedish"),
        pytest.param("Læs også: Lumen køber Northgate", id="Danish"),
        pytest.param("Читайте также: Lumen покупает Northgate", id="Russian"),
        pytest.param("اقرأ أيضا: لومن تشتري نورثغيت", id="Arabic"),
        pytest.param("延伸阅读：Lumen收购Northgate", id="Chinese"),
        pytest.param("Sign up for our weekly newsletter on Lumen and Northgate.", id="an ask"),
        pytest.param("Follow us on Twitter for more about Lumen.", id="an ask to follow"),
        pytest.param("Melden Sie sich für unseren Newsletter über Lumen an.", id="an ask, German"),
        pytest.param("Abonnez-vous à notre newsletter Lumen.", id="an ask, French"),
        pytest.param("Suscríbete a nuestra newsletter de Lumen.", id="an ask, Spanish"),
    ],
)
def test_asides_between_paragraphs_are_no_part_of_the_body(line: str) -> None:
    inner = f"<article><p>{FIRST}</p><p>{line}</p><p>{SECOND}</p><p>{THIRD}</p></article>"
    assert text_of(inner).split("\n\n") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Related to this, Lumen said on Monday that it would sue.", id="related"),
        pytest.param("Related: Lumen said on Monday that it would sue Northgate.", id="a sentence"),
        pytest.param("Read also means study, the judge told Lumen's lawyers.", id="read also"),
        pytest.param("Follow the money, the lawyers of Lumen said in court.", id="follow"),
        pytest.param("Subscribers of Lumen will pay more from March, it said.", id="subscribers"),
        pytest.param("Watch makers in Sandholm want help, Lumen found.", id="watch"),
    ],
)
def test_sentences_that_begin_alike_stay(line: str) -> None:
    inner = f"<article><p>{FIRST}</p><p>{line}</p><p>{SECOND}</p><p>{THIRD}</p></article>"
    assert line in text_of(inner)


@pytest.mark.parametrize(
    "furniture",
    [
        pytest.param("<nav><p>Lumen</p></nav>", id="navigation"),
        pytest.param("<aside><h3>Related</h3><p>Lumen buys all</p></aside>", id="aside"),
        pytest.param("<div class=author-bio><p>Writes about Lumen.</p></div>", id="author box"),
        pytest.param("<div id=comments><p>Lumen rules!</p></div>", id="comments"),
        pytest.param(
            "<p>By the desk <span><span><img src=x><a href=1>Lumen</a><a href=2>Lumen wins</a>"
            "<a href=3>Lumen loses</a></span></span> and others on the evening of the vote.</p>",
            id="a card that pops up in a sentence",
        ),
        pytest.param("<figure><figcaption>Lumen's ship</figcaption></figure>", id="a caption"),
        pytest.param("<div class=cookie-banner><p>Lumen uses cookies.</p></div>", id="cookies"),
        pytest.param("<footer><p>© Lumen</p></footer>", id="footer"),
    ],
)
def test_furniture_stays_out(furniture: str) -> None:
    text = text_of(f"<article><p>{FIRST}</p>{furniture}{BODY}</article>")
    assert "Lumen" not in text and FIRST in text
