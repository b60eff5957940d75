"""Tells lines that speak about the site from lines of the article: asks and pointers; pure.

An ask wants something of the reader (subscribe, follow, share); it stands at the end of a text or
between its paragraphs. A pointer names another story ("Read also: …"): its words are of that
story, and a rule must not find them in this one. Known in the languages of the sources people
watch most; a line counts only if it is short and begins so, for sentences of the news may hold the
same words further on.
"""

import re
from typing import Final

_LONGEST: Final = 320  # characters of an ask
_LONGEST_POINTER: Final = 220
_FULL_STOPS: Final = (".", "。", "।", "۔")


def _beginning(*phrases: str) -> re.Pattern[str]:
    joined = "|".join(phrases)
    return re.compile(rf"[\W_]*(?:{joined})", re.IGNORECASE)


_ASK: Final = _beginning(
    r"(?:sign|signing) up (?:here |now |today )?(?:for|to) (?:our\b|[^.!?]{0,60}"
    r"(?:newsletter|e-?mail alert|briefing|mailing list))",
    r"subscribe (?:now |here |today )?to (?:our|the [^.!?]{0,60}(?:newsletter|channel|podcast))",
    r"(?:get|have) (?:the|our|all|[^.!?]{0,30}) ?(?:latest|top|best|biggest|daily|breaking)"
    r" [^.!?]{0,80}(?:in|to) your (?:inbox|email|mailbox)",
    r"get the latest (?:updates|news|headlines) (?:in|on|from|by)",
    r"get [^.!?]{0,60} delivered (?:through|to) your (?:letterbox|door|inbox|email)",
    r"(?:like|follow|join|find) (?:us|@\w+|[^.!?]{2,40}) on"
    r" (?:twitter|facebook|instagram|linkedin|whatsapp|telegram|threads|bluesky|google news)\b",
    r"(?:want|would you like) (?:more|to get|to receive) [^.!?]{0,60}\? (?:sign|subscribe|join)",
    r"download (?:our|the [^.!?]{0,40}) app\b",
    r"tell us what you think",
    r"(?:what do you think|have your say)\?? (?:let us know|tell us|join|leave|in the comments)",
    r"let us know (?:what you think|in the comments)",
    r"(?:have|got) a (?:news )?(?:tip|story)\b",
    r"(?:abonnieren|bestellen) sie (?:unseren|den|hier|jetzt)[^.!?]{0,60}newsletter",
    r"(?:folgen|folge) (?:sie )?uns (?:auf|bei)",
    r"melden sie sich [^.!?]{0,60}newsletter",
    r"(?:abonnez|inscrivez)-vous (?:à|gratuitement à|dès maintenant à)"
    r" (?:notre|nos|la|l.)[^.!?]{0,40}(?:newsletter|infolettre|lettre)",
    r"suivez[- ](?:nous|notre)",
    r"recevez [^.!?]{0,80}(?:par e-?mail|boîte mail|newsletter)",
    r"(?:suscríbete|suscríbase|apúntate) (?:a|aquí a) [^.!?]{0,60}(?:newsletter|boletín|boletines)",
    r"(?:síguenos|síganos|sigue a [^.!?]{2,40}) en",
    r"iscriviti (?:alla|alle|al|gratis)[^.!?]{0,40}(?:newsletter|canale)",
    r"segui(?:ci| [^.!?]{2,30}) su (?:facebook|twitter|instagram|google|whatsapp|telegram|x)\b",
    r"(?:assine|inscreva-se|subscreva)[^.!?]{0,50}(?:newsletter|boletim|canal)",
    r"siga(?:-nos| [^.!?]{2,30}) (?:no|na|em|nas) (?:facebook|twitter|instagram|whatsapp|redes)",
    r"(?:meld je|schrijf je|abonneer je|meld u) [^.!?]{0,60}nieuwsbrief",
    r"volg (?:ons|[^.!?]{2,30}) (?:op|via) (?:facebook|twitter|instagram|whatsapp|linkedin|x)\b",
    r"zapisz się (?:na|do) [^.!?]{0,40}newsletter",
    r"(?:śledź|obserwuj) nas (?:na|w)",
    r"(?:prenumerera på|anmäl dig till) [^.!?]{0,60}nyhetsbrev",
    r"(?:tilmeld|meld) deg? [^.!?]{0,60}nyhedsbrev|meld deg på [^.!?]{0,40}nyhetsbrev",
    r"подпис(?:ывайтесь|аться|ывайся) на (?:наш|канал|рассылку|нас)",
    r"підпис(?:уйтесь|уйтеся|атися) на (?:наш|канал|розсилку)",
)
_POINTER: Final = _beginning(
    r"(?:read|see|watch|listen)(?: (?:also|more|next|now|here))?\s*[:|>»]",
    r"also (?:read|see)\b\s*[:|>»-]",
    r"read also\b",
    r"(?:related|related (?:story|stories|article|articles|coverage|news)|more on this(?: story)?"
    r"|recommended|don'?t miss|you may also like|editor'?s picks?"
    r"|more from [^.!?:]{2,40})\s*[:|>»]",
    r"(?:lesen|sehen|hören) sie (?:auch|dazu|hier)\b[^:]{0,20}:?",
    r"(?:mehr zum thema|auch interessant|lesetipp|passend dazu)\s*[:|>»-]",
    r"(?:lire|voir|à lire|à voir|écouter)(?: aussi| également)\s*[:|>»-]?\s",
    r"(?:lea|lee|leer|ver|te puede interesar|puede interesarle)(?: también| además)?\s*[:|>»]",
    r"(?:lea|lee|leer) (?:también|además)\b",
    r"(?:leggi|guarda|vedi) anche\b",
    r"(?:leia|veja|saiba) (?:também|mais)\s*[:|>»-]",
    r"(?:lees|bekijk|luister) (?:ook|verder)\s*[:|>»-]?\s",
    r"(?:czytaj|zobacz|przeczytaj)(?: też| także| również| więcej)\s*[:|>»-]?\s",
    r"(?:läs|se) (?:också|även|mer)\s*[:|>»-]",
    r"(?:les|læs|se) (?:også|mer|mere)\s*[:|>»-]",
    r"lue myös\s*[:|>»-]?\s",
    r"(?:čtěte|přečtěte si) (?:také|i|více)\s*[:|>»-]?",
    r"(?:читайте|смотрите)(?: также| ещё)\s*[:|>»-]?\s",
    r"(?:читайте|дивіться) також\s*[:|>»-]?\s",
    r"(?:διαβάστε|δείτε) (?:επίσης|ακόμη|ακόμα)\b",
    r"(?:اقرأ|إقرأ|شاهد) (?:أيضا|أيضاً|أيضًا)",
    r"(?:相关阅读|延伸阅读|相關閱讀|延伸閱讀|推荐阅读|【関連記事】|関連記事|あわせて読みたい)",
    r"(?:관련 ?기사|함께 보면 좋은 기사)",
)


def is_ask(line: str) -> bool:
    """Whether ``line`` asks the reader to subscribe, follow, comment or send tips."""
    return len(line) <= _LONGEST and _ASK.match(line) is not None


def is_pointer(line: str) -> bool:
    """Whether ``line`` only names another story of the site.

    A sentence with its full stop is none, whatever it begins with: headlines have no full stop.
    """
    if len(line) > _LONGEST_POINTER or line[-1:] in _FULL_STOPS:
        return False
    return _POINTER.match(line) is not None


def without_asides(lines: list[str]) -> list[str]:
    """``lines`` without asks and pointers; the first line always stays."""
    return [
        line for place, line in enumerate(lines)
        if place == 0 or not (is_ask(line) or is_pointer(line))
    ]  # fmt: skip
