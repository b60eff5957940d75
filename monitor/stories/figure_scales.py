"""Words and signs of scales and currencies, in the languages that figures are read in; data.

Sources: ISO 4217 (currency codes); Unicode CLDR (signs and names). "Billion" is a thousand million
in English and a million million in most languages of the continent (the long scale).
"""

from decimal import Decimal
from typing import Final

_SCALES: Final = {
    3: "thousand thousands tausend tsd tausende mille mil mila duizend tys tysiące tysięcy k",
    5: "lakh lakhs",
    6: (
        "million millions mn mln m mio million millionen millón millones milione milioni miljoen "
        "milhão milhões milhao milhoes milion miliona miliony milionów mill mm millioner miljoner"
    ),
    7: "crore crores",
    9: (
        "billion billions bn b bln mrd milliarde milliarden milliard milliards md mds mld miliardo "
        "miliardi miljard miljarden mlrd mia miljarder milliarder miliard miliarda "
        "miliardy miliardów bilhão bilhões bilhao bilhoes bi"
    ),
    12: (
        "trillion trillions tn trn t tri billionen bio billón billones biljoen biljoenen "
        "bilion biliona biliony bilionów bilião biliões trilhão trilhões"
    ),
}
SCALES: Final = {
    word: Decimal(10) ** power for power, words in _SCALES.items() for word in words.split()
}
# The same word for another number: (language, word).
LONG_SCALE: Final = {
    ("de", "billion"): Decimal(10) ** 12,
    ("de", "trillion"): Decimal(10) ** 18,
    ("fr", "billion"): Decimal(10) ** 12,
    ("fr", "billions"): Decimal(10) ** 12,
    ("nl", "biljoen"): Decimal(10) ** 12,
}
# Letters that are a scale only beside a currency: 300m is a distance, £300m is not.
SHORT_SCALES: Final = frozenset("k m b t md mm bi tri mil mill mia bio".split())
EAST_SCALES: Final = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8,
    "兆": 10**12, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip

# Before the number. A bare dollar is the American one, a bare pound the British, and a bare ¥ is
# Japanese unless the article is Chinese.
SIGNS: Final = {
    "$": "USD", "US$": "USD", "U.S.$": "USD", "USD$": "USD", "＄": "USD",
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "S$": "SGD", "NT$": "TWD", "R$": "BRL", "MX$": "MXN",
    "€": "EUR", "£": "GBP", "￡": "GBP", "¥": "JPY", "￥": "JPY", "CN¥": "CNY", "₹": "INR",
    "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "₦": "NGN",
    "฿": "THB", "₱": "PHP", "₸": "KZT", "Rs": "INR", "Rs.": "INR", "Fr.": "CHF", "RMB": "CNY",
    "zł": "PLN", "RM": "MYR",
}  # fmt: skip
CODES: Final = frozenset(
    "USD EUR GBP JPY CHF CNY INR KRW RUB TRY UAH ILS CAD AUD NZD HKD SGD TWD BRL MXN SEK NOK DKK "
    "PLN CZK HUF RON BGN ZAR AED SAR THB IDR MYR PHP VND NGN EGP ARS CLP COP PEN ISK".split()
)
# Codes that are words or names too ("COP 30"): money only with a scale or thousands separators.
DOUBTFUL_CODES: Final = frozenset({"COP", "PEN", "TRY"})
_CURRENCY_WORDS: Final = {
    "USD": "dollar dollars dólar dólares dolar dolary dolarów dollari dollaro dolares",
    "EUR": "euro euros eur eurot",
    "GBP": "sterling libras sterline libre funtów pfund",
    "JPY": "yen yens jenów jen iene ienes yenes",
    "CNY": "yuan yuans renminbi rmb juanów",
    "CHF": "franken",
    "INR": "rupee rupees rupien roupies rupias rupie",
    "KRW": "won wons",
    "RUB": "rouble roubles ruble rubles rubel roubel rublos rubli rubli roebel",
    "PLN": "zł złoty złotych złote zloty zlotys",
    "BRL": "reais real",
    "SEK": "kronor",
    "NOK": "kroner",
    "CZK": "kč korun koruna",
    "HUF": "forint forints",
    "TRY": "lira",
    "UAH": "hryvnia hryvnias",
    "ILS": "shekel shekels",
    "ZAR": "rand",
}
CURRENCY_WORDS: Final = {
    word: code for code, words in _CURRENCY_WORDS.items() for word in words.split()
}
# Weights and common words: money only with a scale.
DOUBTFUL_WORDS: Final = frozenset("pfund libras libre real rand won wons lira".split())
# "Pound" weighs or pays; "crown" and "franc" need their country.
SCALED_WORDS: Final = {"pound": "GBP", "pounds": "GBP", "livres": "GBP", "pond": "GBP"}
# What may stand before a dollar or franc, and what it makes of it.
QUALIFIED: Final = {
    "us dollar": "USD", "american dollar": "USD", "canadian dollar": "CAD",
    "australian dollar": "AUD", "singapore dollar": "SGD", "taiwan dollar": "TWD",
    "kong dollar": "HKD", "zealand dollar": "NZD", "swiss franc": "CHF", "schweizer franken": "CHF",
    "danish kron": "DKK", "norwegian kron": "NOK", "swedish kron": "SEK", "czech crown": "CZK",
    "british pound": "GBP", "pounds sterling": "GBP", "indian rupee": "INR", "francs suisse": "CHF",
    "francos suizo": "CHF", "franchi svizzer": "CHF", "zwitserse frank": "CHF",
    "francos suíço": "CHF", "franków szwajcar": "CHF", "dollars canadien": "CAD",
    "dollars américain": "USD", "dólares estadounidense": "USD", "turkish lira": "TRY",
    "livres sterling": "GBP", "dollars australien": "AUD", "japanese yen": "JPY",
    "chinese yuan": "CNY", "hongkong dollar": "HKD",
}  # fmt: skip
EAST_CURRENCIES: Final = {
    "美元": "USD", "美金": "USD", "米ドル": "USD", "ドル": "USD", "달러": "USD",
    "欧元": "EUR", "歐元": "EUR", "ユーロ": "EUR", "유로": "EUR",
    "英镑": "GBP", "英鎊": "GBP", "ポンド": "GBP", "파운드": "GBP",
    "日元": "JPY", "日圓": "JPY", "円": "JPY", "엔": "JPY",
    "人民币": "CNY", "人民幣": "CNY", "人民元": "CNY", "위안": "CNY", "元": "CNY",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "新台币": "TWD", "新台幣": "TWD", "台幣": "TWD",
    "韩元": "KRW", "韓元": "KRW", "ウォン": "KRW", "원": "KRW", "瑞士法郎": "CHF", "卢布": "RUB",
    "加元": "CAD", "澳元": "AUD", "€": "EUR", "$": "USD",
}  # fmt: skip
