"""What stands in the place of an article is told from one, in many languages."""

import pytest

from monitor.articles.extract import extract_page
from monitor.model import Quality

URL = "https://pier-gazette.example/news/1"
TEASER = (
    "The harbour city council approved a floating library on Tuesday, ending a debate that had"
    " divided its members for most of the year and had twice been put off by the mayor."
)
ARTICLE = " ".join(
    f"The {n} members of the council spoke for two hours about berths, books and the winter storms"
    f" before the vote, and a {n}th said afterwards that the plan would now have to be paid for."
    for n in ("first", "second", "third", "fourth", "fifth", "sixth")
)


def read(title: str, *paragraphs: str, head: str = "", lang: str = "en") -> tuple[Quality, str]:
    inner = "".join(f"<p>{text}</p>" for text in paragraphs)
    page = f"<html lang={lang}><head><title>{title}</title>{head}</head><body>"
    found = extract_page(f"{page}<main>{inner}</main></body></html>".encode(), URL, None)
    return found.quality, found.reason


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param("Subscribe to continue reading this story.", id="English, subscribe"),
        pytest.param("You have reached your limit of free articles.", id="English, a meter"),
        pytest.param("This article is only available to subscribers.", id="English, reserved"),
        pytest.param("Mit dem Digital-Abo weiterlesen", id="German, a subscription"),
        pytest.param("Dieser Artikel ist nur für Abonnenten.", id="German, reserved"),
        pytest.param("Il vous reste 80 % de cet article à lire.", id="French, the rest"),
        pytest.param("La suite est réservée. Déjà abonné ?", id="French, already a subscriber"),
        pytest.param("Suscríbete para seguir leyendo.", id="Spanish"),
        pytest.param("Contenuto riservato agli abbonati", id="Italian"),
        pytest.param("Conteúdo exclusivo para assinantes", id="Portuguese"),
        pytest.param("Alleen voor abonnees", id="Dutch"),
        pytest.param("Treść dostępna dla subskrybentów", id="Polish"),
        pytest.param("Endast för prenumeranter", id="Swedish"),
        pytest.param("Kun for abonnenter", id="Danish and Norwegian"),
        pytest.param("Vain tilaajille", id="Finnish"),
        pytest.param("Материал доступен только подписчикам, текст для подписчиков", id="Russian"),
        pytest.param("Μόνο για συνδρομητές", id="Greek"),
        pytest.param("للمشتركين فقط", id="Arabic"),
        pytest.param("この記事は会員限定です。続きを読むには登録が必要です。", id="Japanese"),
        pytest.param("登录后继续阅读全文", id="Chinese"),
    ],
)
def test_a_teaser_with_an_offer_is_a_stub(ask: str) -> None:
    quality, reason = read("Council approves library", TEASER, ask)
    assert quality is Quality.STUB
    assert "paywall" in reason
    assert read("Council approves library", TEASER)[0] is Quality.OK, "without the offer it is one"


@pytest.mark.parametrize(
    ("title", "text", "said"),
    [
        pytest.param("Before you continue", "We use cookies.", "consent", id="consent, English"),
        pytest.param(
            "Datenschutz", "Wir verwenden Cookies. Alle akzeptieren", "consent", id="German"
        ),
        pytest.param("Confidentialité", "Nous et nos partenaires", "consent", id="consent, French"),
        pytest.param("Privacidad", "Utilizamos cookies propias", "consent", id="consent, Spanish"),
        pytest.param("Privacy", "Usiamo i cookie. Accetta tutti", "consent", id="consent, Italian"),
        pytest.param("Prywatność", "Używamy plików cookies", "consent", id="consent, Polish"),
        pytest.param("Privacy", "Wij gebruiken cookies", "consent", id="consent, Dutch"),
        pytest.param("Log in", "Forgot your password?", "login", id="login, English"),
        pytest.param("Anmelden", "Passwort vergessen?", "login", id="login, German"),
        pytest.param("Se connecter", "Mot de passe oublié ?", "login", id="login, French"),
        pytest.param("ログイン", "パスワードを忘れた方", "login", id="login, Japanese"),
        pytest.param("Just a moment...", "Checking your browser", "robots", id="a challenge"),
        pytest.param("Pier Gazette", "Please enable JavaScript.", "robots", id="needs a script"),
        pytest.param("Pier", "Bitte aktivieren Sie JavaScript.", "robots", id="script, German"),
        pytest.param("Pier", "Veuillez activer JavaScript.", "robots", id="script, French"),
        pytest.param("404 Not Found", "nginx", "error page", id="an error page with status 200"),
        pytest.param("Page not found", "Try the search.", "error page", id="not found"),
        pytest.param("Oops", "This article is no longer available.", "error page", id="gone"),
        pytest.param("Fehler", "Seite nicht gefunden", "error page", id="not found, German"),
        pytest.param("Erreur", "Page introuvable", "error page", id="not found, French"),
        pytest.param("Error", "Página no encontrada", "error page", id="not found, Spanish"),
        pytest.param("提示", "页面不存在", "error page", id="not found, Chinese"),
    ],
)
def test_another_page_instead_of_the_article(title: str, text: str, said: str) -> None:
    quality, reason = read(title, text)
    assert quality is Quality.STUB
    assert said in reason


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("500 jobs go at the shipyard", ARTICLE, id="a headline that begins with 500"),
        pytest.param("Login fraud hits three banks in one week, police say", ARTICLE, id="login"),
        pytest.param("Access denied", ARTICLE, id="a short headline over a whole article"),
        pytest.param("Museum", f"{ARTICLE} Subscribe to continue reading.", id="an offer below"),
        pytest.param("Law", f"{ARTICLE} Sites must say: we use cookies.", id="news about cookies"),
        pytest.param("Council approves library", TEASER, id="a brief"),
    ],
)
def test_news_about_such_things_is_news(title: str, text: str) -> None:
    assert read(title, text)[0] is Quality.OK


def test_a_page_that_says_it_is_not_free_is_a_stub_unless_it_gives_the_whole_text() -> None:
    said = '{"@type":"NewsArticle","isAccessibleForFree":"False"%s}'
    head = '<script type="application/ld+json">%s</script>'
    assert read("T", TEASER, head=head % (said % ""))[0] is Quality.STUB
    whole = head % (said % f',"articleBody":"{ARTICLE}"')
    assert read("T", TEASER, head=whole)[0] is Quality.OK
