"""Decides how much of an article a page gave; pure.

Paywalls, consent and login pages answer 200 with a text that is short and foreign to the article.
What they say is known in the languages of the sources people watch most.
"""

import re
from collections.abc import Callable
from typing import Final

from monitor.model import Quality

_FEW_WORDS: Final = 25
_VERY_SHORT: Final = 80
_SHORT: Final = 150
_FEW_TITLE_WORDS: Final = 7
_SHORT_FOR_PAID: Final = 300
_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile("[\u0e01-\u0e4e\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def _any_of(*phrases: str) -> re.Pattern[str]:
    """One pattern for ``phrases`` (regular expressions), case ignored."""
    return re.compile("|".join(phrases), re.IGNORECASE)


_PAYWALL: Final = _any_of(
    r"(?:subscribe|sign up|register|log ?in|sign ?in)(?: now| here| today)?"
    r" (?:to|and) (?:continue|keep|read|unlock|access)",
    r"(?:continue|keep) reading (?:with|for|by)",
    r"to (?:continue|keep) reading",
    r"(?:for|to) subscribers only",
    r"subscriber[- ]only",
    r"subscribers? exclusive",
    r"exclusive (?:to|for) (?:our )?subscribers",
    r"already (?:a )?subscriber",
    r"unlock (?:this|the full) (?:article|story)",
    r"free articles? (?:left|remaining|this month)",
    r"create (?:a|your) free account",
    r"jetzt (?:weiterlesen|abonnieren)",
    r"weiterlesen mit",
    r"nur für abonnent",
    r"exklusiv für abonnent",
    r"artikel freischalten",
    r"réservé (?:à nos|aux) abonnés",
    r"(?:abonnez|connectez)-vous pour",
    r"pour lire la suite",
    r"déjà abonné",
    r"(?:sólo|solo|exclusivo) para suscriptores",
    r"suscríbete para (?:seguir|continuar)",
    r"para seguir leyendo",
    r"(?:solo|riservat[oa]) (?:agli|per gli) abbonati",
    r"abbonati per (?:continuare|leggere)",
    r"dla (?:subskrybentów|prenumeratorów)",
    r"kup (?:dostęp|subskrypcję)",
    r"czytaj dalej z",
    r"(?:alleen|exclusief) voor abonnees",
    r"log in om verder",
    r"(?:subscribe|register|sign in|log in) for (?:full|unlimited) access",
    r"(?:this|the) (?:article|story|content) is (?:reserved|available|only available|exclusive)"
    r" (?:only )?(?:for|to) (?:our )?(?:paying |registered )?(?:subscribers|members|readers)",
    r"to read the (?:full|rest of (?:the|this)) (?:article|story)",
    r"you(?:'|’)?(?:ve| have) (?:reached|read|used) (?:your|all|the) [^.]{0,40}(?:limit|articles)",
    r"(?:mit|dem) (?:einem )?(?:digital)?-?abo (?:weiterlesen|lesen|testen)",
    r"diesen artikel (?:weiterlesen|lesen sie mit)",
    r"jetzt registrieren und weiterlesen",
    r"(?:cet|l['’]) ?article (?:complet )?est réservé",
    r"il vous reste [^.]{0,40} (?:de cet article )?à lire",
    r"(?:contenido|artículo) exclusivo para",
    r"(?:regístrate|inicia sesión) para (?:seguir|continuar|leer)",
    r"contenuto riservato",
    r"(?:per|se vuoi) continuare a leggere",
    r"(?:conteúdo|matéria|artigo) exclusiv[oa] para (?:os )?(?:nossos )?assinantes",
    r"(?:assine|faça login|cadastre-se) para (?:continuar|ler)",
    r"(?:lees|om) verder (?:te lezen|met een abonnement)",
    r"(?:neem een abonnement|word abonnee)",
    r"treść (?:dostępna )?(?:tylko )?dla (?:zalogowanych|subskrybentów|prenumeratorów)",
    r"(?:endast|bara|enbart) för prenumeranter|för att läsa vidare",
    r"kun for (?:abonnenter|abonnementer)|for at læse videre|for å lese videre",
    r"(?:vain|ainoastaan) tilaajille|tilaa jatkaaksesi",
    r"(?:доступ|материал|статья|текст)[^.]{0,40}(?:только )?(?:для|по) подписчик",
    r"(?:оформите|купите) подписку, чтобы",
    r"(?:pouze|jen) pro předplatitele",
    r"csak előfizetőknek",
    r"(?:doar|numai) pentru abonați",
    r"μόνο για συνδρομητές",
    r"(?:yalnızca|sadece) aboneler",
    r"للمشتركين فقط|اشترك (?:الآن )?لمتابعة القراءة|سجل الدخول لمتابعة",
    r"למנויים בלבד",
    r"(?:会員|有料会員)(?:限定|登録)|続きを読むには|残り[\d,]+文字",
    r"(?:登录|登入|订阅|訂閱|付费|付費)(?:后|後|以)?(?:继续|繼續|阅读|閱讀|可读|查看)",
    r"(?:구독자|회원) 전용|로그인(?: 후|하고)",
)
_CONSENT: Final = _any_of(
    r"we (?:and our (?:\d+ )?partners |value your privacy|use cookies)",
    r"accept (?:all )?cookies",
    r"manage (?:your )?(?:consent|cookies|privacy|preferences)",
    r"your privacy (?:choices|matters)",
    r"before you continue",
    r"cookie (?:policy|settings|einstellungen)",
    r"wir (?:und unsere partner|verwenden cookies)",
    r"alle akzeptieren",
    r"datenschutz-?einstellungen",
    r"nous (?:et nos partenaires|utilisons des cookies)",
    r"tout accepter",
    r"accepter (?:les cookies|et continuer)",
    r"używamy (?:plików )?cookies",
    r"utilizamos cookies",
    r"usiamo (?:i )?cookie",
    r"wij gebruiken cookies|alle cookies accepteren",
    r"vi (?:använder|bruger|bruker) (?:cookies|kakor|informasjonskapsler)",
    r"käytämme evästeitä",
    r"мы используем (?:файлы )?cookie",
    r"aceptar (?:todas )?(?:las )?cookies|aceitar (?:todos )?(?:os )?cookies",
    r"accetta (?:tutti|e continua)",
    r"çerez(?:leri)? (?:kullan|kabul)",
    r"χρησιμοποιούμε cookies",
)
_CHALLENGE: Final = _any_of(
    r"just a moment",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"are you a (?:human|robot)",
    r"enable java ?script",
    r"javascript is (?:disabled|required)",
    r"checking your browser",
    r"access denied",
    r"attention required",
    r"unusual traffic",
    r"request (?:was )?blocked",
    r"captcha",
    r"(?:please )?(?:turn|switch) on java ?script",
    r"(?:bitte )?aktivieren sie java ?script|java ?script (?:ist )?(?:deaktiviert|aktivieren)",
    r"(?:veuillez )?activer java ?script|java ?script est désactivé",
    r"(?:active|activa|habilita|habilite|ative|attiva|abilita)r? (?:el |il |o )?java ?script",
    r"включите java ?script|请(?:启用|开启) ?java ?script|java ?scriptを有効",
    r"(?:your|this) browser (?:is )?(?:not supported|out of date|unsupported)",
)
_ERROR_PAGE: Final = _any_of(
    r"^\W*(?:error )?(?:404|410|403|500|502|503)"
    r"\W*(?:$|error|not found|gone|forbidden|page|internal|bad gateway|service)",
    r"\b404 (?:error|not found)|\berror 404|\bpage not found\b|\bnot found\s*$",
    r"(?:page|article|story|content)(?: you (?:are|were) looking for)?"
    r" (?:can(?:not|'t|’t) be found|could not be found|does(?: not|n't|n’t) exist"
    r"|(?:is )?no longer (?:available|exists?)|has been (?:removed|deleted|moved))",
    r"seite (?:wurde )?nicht gefunden|(?:seite|artikel) existiert nicht",
    r"page (?:introuvable|non trouvée)|cette page n['’]existe",
    r"página no encontrada|pagina non trovata|página não encontrada|pagina niet gevonden",
    r"nie znaleziono strony|strona nie istnieje|страница не найдена|сторінку не знайдено",
    r"sidan (?:kunde inte hittas|finns inte)|siden (?:ble|blev) ikke fundet|sivua ei löydy",
    r"页面不存在|页面未找到|ページが見つかりません|페이지를 찾을 수 없",
    r"(?:something|this) (?:went wrong|page isn['’]t working)|internal server error"
    r"|service unavailable|bad gateway",
    r"(?:site|page|we)(?: is| are| will be)? (?:currently )?(?:down for|under) maintenance",
)
_LOGIN: Final = _any_of(
    r"^\W*(?:log ?in|sign ?in|login|anmelden|einloggen|connexion|se connecter|iniciar sesión"
    r"|accedi|inloggen|zaloguj|logowanie|logga in|войти|вход|ログイン|登录|登入|로그인)\b",
    r"forgot(?:ten)? (?:your )?password|passwort vergessen|mot de passe oublié"
    r"|(?:olvidaste|olvidado) (?:tu|su) contraseña|password dimenticata|wachtwoord vergeten"
    r"|nie pamiętasz hasła|esqueceu (?:a|sua) senha|забыли пароль|パスワードを忘れ|忘记密码",
)

# What stands in the place of an article, most telling first.
_INSTEAD: Final = (
    (_CHALLENGE, "a check for robots"),
    (_ERROR_PAGE, "an error page"),
    (_CONSENT, "a consent page"),
    (_LOGIN, "a login page"),
)
_OFFER: Final = 20  # words at most of a paragraph that is an offer
_MOST_JUDGED: Final = 5000  # characters
_MOST_SEARCHED: Final = 60_000


def count_words(text: str) -> int:
    """Words of ``text``; two characters of a script written without spaces count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def judge(text: str, title: str, page: Callable[[], str], *, free: bool) -> tuple[Quality, str]:
    """How much of an article ``text`` is, and why in plain words.

    ``page`` gives all the text that the page shows (asked for short texts only), ``free`` False
    where the page says that it is not free to read. Telling words count only
    beside a short text: nearly every page has a cookie banner or a subscription box somewhere.
    """
    words = count_words(text)
    if not words:
        asked = _asks_for(title, page())
        return (Quality.STUB, asked) if asked else (Quality.FAILED, "no article text on the page")
    if not free and words < _SHORT_FOR_PAID:
        return Quality.STUB, f"the page says that it is not free to read, and shows {words} words"
    if words < _SHORT:
        if _PAYWALL.search(page()[:_MOST_SEARCHED]):
            return Quality.STUB, f"a paywall: {words} words and an offer to subscribe or log in"
        for pattern, meaning in _INSTEAD:
            if _says(pattern, title) or (
                words < _VERY_SHORT and pattern.search(text[:_MOST_JUDGED])
            ):
                return Quality.STUB, f"{meaning} instead of the article"
    if words < _FEW_WORDS:
        return Quality.STUB, f"only {words} words"
    return Quality.OK, f"{words} words from the page"


def without_offers(text: str) -> str:
    """A stub's text without its offers and demands: "Subscribe to continue" is nobody's news.

    Only short paragraphs go; one in which the article begins stays.
    """
    return "\n\n".join(
        paragraph
        for paragraph in text.split("\n\n")
        if count_words(paragraph) > _OFFER
        or not any(pattern.search(paragraph) for pattern in (_PAYWALL, *(p for p, _ in _INSTEAD)))
    )


def _asks_for(title: str, page: str) -> str:
    """For a page without text of its own."""
    for pattern, meaning in (*_INSTEAD, (_PAYWALL, "a paywall")):
        if _says(pattern, title) or (len(page) < _MOST_JUDGED and pattern.search(page)):
            return f"{meaning} instead of the article"
    return ""


def _says(pattern: re.Pattern[str], title: str) -> bool:
    """Whether a ``title`` is that of such a page; headlines of news have more words."""
    return len(title.split()) <= _FEW_TITLE_WORDS and pattern.search(title) is not None
