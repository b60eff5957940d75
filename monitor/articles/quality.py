"""Decides how much of an article a page gave; pure.

Paywalls, consent and login pages answer 200 with a text that is short and foreign to the article.
What they say is known in the languages of the sources people watch most.
"""

import re
from collections.abc import Callable
from typing import Final

from monitor.model import Quality

_FEW_WORDS: Final = 25
_SHORT: Final = 150
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
)


def count_words(text: str) -> int:
    """Words of ``text``; two characters of a script written without spaces count as one word."""
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text))) + (unspaced + 1) // 2


def judge(text: str, title: str, page: Callable[[], str], *, free: bool) -> tuple[Quality, str]:
    """How much of an article ``text`` is, and why in plain words.

    ``page`` gives all the text that the page shows (asked for short texts only), ``free`` False
    where the page says that it is
    not free to read. Telling words count only beside a short text: nearly every page has a cookie
    banner or a subscription box somewhere.
    """
    words = count_words(text)
    if not words:
        asked = _asks_for(title, page())
        return (Quality.STUB, asked) if asked else (Quality.FAILED, "no article text on the page")
    if not free and words < _SHORT_FOR_PAID:
        return Quality.STUB, f"the page says that it is not free to read, and shows {words} words"
    if words < _SHORT:
        if _PAYWALL.search(page()):
            return Quality.STUB, f"a paywall: {words} words and an offer to subscribe or log in"
        if _CHALLENGE.search(title) or _CHALLENGE.search(text):
            return Quality.STUB, "a check for robots instead of the article"
        if _CONSENT.search(title) or _CONSENT.search(text):
            return Quality.STUB, "a consent page instead of the article"
    if words < _FEW_WORDS:
        return Quality.STUB, f"only {words} words"
    return Quality.OK, f"{words} words from the page"


def _asks_for(title: str, page: str) -> str:
    """For a page without text of its own."""
    for pattern, meaning in (
        (_CHALLENGE, "a check for robots instead of the article"),
        (_PAYWALL, "a paywall instead of the article"),
        (_CONSENT, "a consent page instead of the article"),
    ):
        if pattern.search(title) or (len(page) < 5000 and pattern.search(page)):
            return meaning
    return ""
