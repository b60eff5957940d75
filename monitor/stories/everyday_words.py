"""How frequent a word is before any article was seen: what keeps everyday words from counting.

Layer 1, pure. The index of stories learns frequencies from the articles it sees; this table serves
until it has seen enough. It adds short words of more languages to ``monitor.rules.frequencies``.
Words stand folded, as ``monitor.text.words`` folds them.
"""

from collections.abc import Mapping
from typing import Final

from monitor.rules.frequencies import SHIPPED

_UNKNOWN: Final = 1  # of a thousand articles: a word that no table names
_SHORT_WORD: Final = 250

# The words that hold sentences together, by language; in code order of the languages.
_SHORT: Final = """
من في على الى إلى عن مع هذا هذه التي الذي ان أن كان قال بعد قبل كما او أو ما لا لم قد بين حول وقال
на в и за от с да се по не че от при до което като след през беше са
v na se je že to s z do o k po za pro jako by byl ale aby podle jsou bude
af og i at er en til på den der det for med som de har ikke et kan efter var om men ud
και το να του η της με που την από για στο είναι τον θα οι στην σε τα των δεν μας
las los una por que con para del como más pero sus este esta fue han desde sobre entre hasta
ja on ei että se oli hän ovat kun myös mukaan sekä mutta jos vain ole joka
את של על לא הוא זה עם כי אל כל גם היא אבל או יש
के की में है और से को का ने पर यह हैं कि एक नहीं था भी लिए
a az és hogy nem is egy meg van volt csak már de ezt aki szerint mint után
yang dan di ini itu dengan untuk dari pada tidak akan dalam juga ke oleh telah bisa ada kata
non sono anche più come alla nel della delle dei degli dopo ma ha hanno stato tra questa
een het de van en dat niet op aan met voor zijn ook maar uit bij naar door hij om heeft werd
w z na i się nie do że jest to o od po za jak przez dla przed przy oraz są był roku ma
o os as um uma não com da do das dos na no nas nos ao pela pelo mais foi são ser também
și in la cu pe din nu de că sunt este mai care pentru au fost după iar sau va
и в на не что с по за из от к о для как его это у был также после но до при она они году
och att i en som är det på för med av den inte till har de om ett men kan efter vid
bir ve bu da de için ile olan olarak daha çok gibi sonra kadar ancak göre en ama var
та в у на і не що до з за як від про це по для є його але було буде під час
và của là có cho trong được với các một không này đã những người khi từ đến sẽ
aus aber als auch bei bis dass durch eine einem einen einer hat haben ihre nach nicht noch nur
oder seine sich sie sind über um unter vor war werden wie wird zu zum zur sein mehr
aux avec ce ces cette dans elle entre ils leur mais même nous ont ou plus pas ses son sont sous
"""

_TABLE: Final[Mapping[str, int]] = {**dict.fromkeys(_SHORT.split(), _SHORT_WORD), **SHIPPED}


def how_common(word: str) -> int:
    """In how many of a thousand articles the word is expected, before any was seen."""
    return _TABLE.get(word, _UNKNOWN)
