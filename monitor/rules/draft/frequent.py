"""How often a word stands in a news article, where no history tells.

Layer 1, pure. Three sorts of words, folded: words that carry no subject (never a term), words of
dates and reporting (an accident of the example, never a term), and words common in news (a weak
term). The lists were written by hand from the grammar of each language and need no precision: the
stored articles correct them.
"""

from collections.abc import Sequence
from typing import Final

from monitor.text.words import fold

RARE: Final = 0.01  # share of articles that hold a word of which nothing is known
COMMON: Final = 0.15
NAME: Final = 0.004

_FUNCTION: Final = """
a about above across after again against all almost alone along already also although always am
among an and another any anyone anything are around as at away back be became because become been
before behind being below between both but by came can cannot come could did do does doing done down
during each either else enough even ever every everyone everything few first for from further get
gets getting give given go goes going gone got had has have having he her here hers herself him
himself his how however i if in indeed instead into is it its itself just keep kept last later least
less let like likely made make makes making many may me might mine more most much must my myself
near nearly need neither never next no nobody none nor not nothing now of off often on once one
only onto or other others our ours out over own per perhaps put quite rather really said same say
saying says second see seen several shall she should since so some someone something soon still such
take taken takes than that the their theirs them themselves then there these they thing things third
this those though three through thus to together too took toward towards two under until up upon us
use used very via want was way we well went were what whatever when where whether which while who
whole whom whose why will with within without would year years yet you your yours four five six
seven eight nine ten dont doesnt didnt isnt wasnt wont cant im youre theyre weve ive
der die das den dem des ein eine einer eines einem einen und oder aber nicht kein keine ist sind war
waren wird werden wurde wurden hat haben hatte hatten sein seine seiner ihre ihr ihrer er sie es wir
ihnen ich mit von vom zu zum zur bei beim nach vor aus auf fur gegen uber unter durch um an am im in
ins als wie wenn weil dass ob auch noch nur schon sehr mehr so sich man kann konnen soll sollen will
wollen muss mussen nun dann denn dort hier diese dieser dieses diesem diesen wie was wer wo
le la les l un une des du de d et ou mais ne pas plus que qui quoi dont est sont etait etaient sera
seront a ont avait avoir etre ce cet cette ces son sa ses leur leurs il elle ils elles on nous vous
je au aux en dans sur sous avec sans pour par vers chez entre selon apres avant depuis pendant comme
si tres aussi meme tout tous toute toutes y se s n qu
el los las una unos unas del al y o pero no si que quien como donde es son era eran fue fueron sera
ha han habia haber ser estar esta este estos estas su sus lo le les se nos con sin por para en entre
desde hasta sobre segun mas muy tambien ya
il lo gli i una uno di del dello della dei degli delle da dal dalla in nel nella nei con su sul
sulla per tra fra e o ma non che chi cui come dove sono era erano ha hanno aveva essere suo sua suoi
loro si ci ne piu anche gia
de het een en of maar niet geen is zijn was waren wordt worden werd werden heeft hebben had hij zij
ze wij we ik je u met van voor door bij naar uit op in aan om te over onder tegen tussen als dan dat
die dit deze er hier daar ook nog al meer zeer zo wel kan kunnen zal zullen moet moeten
och eller men inte som att det den ett i pa av for med till fran om var ar har hade blir vid
"""

_ACCIDENTS: Final = """
monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow tonight morning
afternoon evening night week weeks month months day days hour hours minute minutes january february
march april june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec am pm gmt utc cet est told according spokesman spokeswoman spokesperson statement
reported reporting reports correspondent editor staff agency agencies reuters afp update updated
published photo picture image video read subscribe newsletter copyright percent
montag dienstag mittwoch donnerstag freitag samstag sonntag heute gestern morgen januar februar marz
mai juni juli oktober dezember sagte sagten
lundi mardi mercredi jeudi vendredi samedi dimanche hier demain janvier fevrier avril juin
juillet aout septembre octobre novembre decembre dit
lunes martes miercoles jueves viernes sabado domingo hoy ayer enero febrero marzo mayo junio julio
agosto septiembre octubre noviembre diciembre dijo
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag gisteren maart mei
"""

_COMMON: Final = """
account act action added age agreed agreement ago aid announced announcement area asked authorities
authority bank based began best better big billion board business called case cases central century
chief children city close companies company cost costs council countries country court cut data deal
decision department development director early east economic economy end euro euros european event
executive expected fall family far figures final find firm firms foreign former free full fund
future general global good government great ground group growth half hand hard head health held help
high higher home house human idea important including increase industry information interest
international issue issues job keep key kind know known large largest late latest law lead leader
leaders left level life line little living local long look looking lost low major man manager market
markets matter mean measures meeting member members men million minister model models money move
national new news north number office officer officials old open opened order part party past pay
people place plan plans point police policy political possible power president press pressure price
prices problem process product products production programme project public question quick raise
rate real reason recent record region report research result results return right rise risk role run
sale sales saw school sector secretary security seek sell senior service services set share shares
short show side sign signed site situation small social source south space spend stake start started
state states stock stop street strong support system systems talk talks tax team technology term
time top total town trade trading try turn union university use view visit war warned water west
white woman women won words work worked workers working works world young
"""

NEVER: Final = frozenset(_FUNCTION.split()) | frozenset(_ACCIDENTS.split())
FUNCTION: Final = frozenset(_FUNCTION.split())
_OFTEN: Final = frozenset(_COMMON.split())


def is_empty(word: str) -> bool:
    """Whether a folded word can be no term by itself: grammar, dates, numbers, single letters."""
    if word in NEVER or word[:1].isdigit():
        return True
    return len(word) == 1 and word.isascii()


def is_common(words: Sequence[str]) -> bool:
    """Whether a term of these folded words says little: a single word that news is full of."""
    return len(words) == 1 and (words[0] in _OFTEN or is_empty(words[0]))


def share(words: Sequence[str], *, is_name: bool) -> float:
    """The share of news articles that hold a term of these folded words, by guess: 0 to 1."""
    guess = 1.0
    for word in words:
        if is_empty(word):
            guess *= 0.5
        elif word in _OFTEN:
            guess *= COMMON
        else:
            guess *= NAME if is_name else RARE
    return max(guess, 1e-4)


def folded_words(text: str) -> tuple[str, ...]:
    """The words of an outlet's or author's name, folded, for leaving them out."""
    return tuple(fold(word) for word in text.split())
