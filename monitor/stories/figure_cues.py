"""Words that say what a figure is, by meaning and language; data, made to be added to.

``*`` stands for any ending; ``funding_round`` for two words in a row. A word may stand under
several meanings if these speak of different kinds of figure.
"""

from typing import Final

from monitor.model import FigureKind

_MONEY: Final = frozenset({FigureKind.MONEY})
_AMOUNT: Final = frozenset({FigureKind.MONEY, FigureKind.PERCENT})
_PERCENT: Final = frozenset({FigureKind.PERCENT})
_COUNT: Final = frozenset({FigureKind.COUNT})
_STAFF: Final = frozenset({FigureKind.COUNT, FigureKind.PERCENT})
_DATE: Final = frozenset({FigureKind.DATE})

# What kinds of figure each meaning is said of.
MEANINGS: Final = {
    "investment": _MONEY,
    "valuation": _MONEY,
    "price": _MONEY,
    "fine": _MONEY,
    "raise": _MONEY,
    "budget": _MONEY,
    "cost": _MONEY,
    "debt": _MONEY,
    "aid": _MONEY,
    "damages": _MONEY,
    "revenue": _AMOUNT,
    "profit": _AMOUNT,
    "loss": _AMOUNT,
    "stake": _PERCENT,
    "tariff": _PERCENT,
    "inflation": _PERCENT,
    "jobs cut": _STAFF,
    "jobs created": _COUNT,
    "dead": _COUNT,
    "injured": _COUNT,
    "missing": _COUNT,
    "arrested": _COUNT,
    "evacuated": _COUNT,
    "deadline": _DATE,
    "start": _DATE,
    "vote": _DATE,
}

CUES: Final = {
    "en": {
        "investment": (
            "invest* inject* pump pumps pumped pumping pour pours poured pouring plough* plow* put "
            "puts putting backs backed backing commits committed committing funding funds financing"
        ),
        "valuation": "valu* worth market_cap market_value capitalization capitalisation",
        "price": (
            "acqui* buy buys buying bought buyout purchas* takeover sell sells selling sold sale "
            "deal deals contract* order orders transaction merger pay pays paid price priced bid"
        ),
        "fine": "fine fines fined fining penalty penalties penali*",
        "raise": "rais* funding_round financing_round round",
        "budget": "budget*",
        "cost": "cost costs costing",
        "debt": "debt* loan* borrow*",
        "aid": "aid grant grants granted subsid* bailout donat*",
        "damages": "damage damages settle*",
        "revenue": "revenue* sales turnover",
        "profit": "profit* earnings net_income",
        "loss": "loss losses lost loses losing writedown* write_down",
        "stake": "stake stakes shareholding share_of holding",
        "tariff": "tariff* duty duties levy levies",
        "inflation": "inflation",
        "jobs cut": (
            "cut cuts cutting layoff* lay_off lays_off laid_off laying_off axe axes axed axing "
            "redundan* slash* shed sheds shedding eliminat* job_cuts job_losses sack sacks sacked "
            "dismiss* workforce headcount"
        ),
        "jobs created": "creat* hire hires hired hiring recruit* adds added adding",
        "dead": "dead die dies died dying kill* death* fatal*",
        "injured": "injur* wound* hurt",
        "missing": "missing",
        "arrested": "arrest* detain*",
        "evacuated": "evacuat* displac*",
        "deadline": "deadline due expire* until",
        "start": "begin begins began start* launch* opens opened opening",
        "vote": "elect* vote* referendum",
    },
    "de": {
        "investment": "invest* steck* pump* finanzier* einschuss fließ* beteiligt",
        "valuation": "bewert* wert schwer* börsenwert* marktwert* unternehmenswert",
        "price": (
            "kauf* übern* erwerb* erwirb* preis* deal vertrag* auftrag* verkauf* transaktion* zahl*"
        ),
        "fine": "geldbuße* bußgeld* strafe* geldstrafe* kartellstrafe* kartellbuße*",
        "raise": "finanzierungsrunde* eingesammelt einsammel* sammelt* einnehm* kapitalrunde",
        "budget": "haushalt* etat* budget*",
        "cost": "kosten kostet kostete",
        "debt": "schuld* kredit* darlehen*",
        "aid": "beihilf* hilfe* hilfspaket* subvention* zuschuss* zuschüsse* fördermittel*",
        "damages": "schadenersatz* schadensersatz* vergleich*",
        "revenue": "umsatz* umsätz* erlös*",
        "profit": "gewinn* überschuss* überschüss*",
        "loss": "verlust* verlor* verlier*",
        "stake": "anteil* beteiligung*",
        "tariff": "zoll* zöll*",
        "inflation": "inflation* teuerung*",
        "jobs cut": "streich* gestrichen stellenabbau abbau* abzubauen entlass* entläss* kürz*",
        "jobs created": "schaff* geschaffen einstell* eingestellt",
        "dead": "tot* getötet gestorben starben stirbt todesopfer* ums_leben",
        "injured": "verletz* verwund*",
        "missing": "vermiss*",
        "arrested": "festgenommen verhaft* festnahme*",
        "evacuated": "evakuier*",
        "deadline": "frist* spätestens",
        "start": "beginn* start* eröffn*",
        "vote": "wahl* abstimm*",
    },
    "fr": {
        "investment": "invest* inject* mise miser financement* finance*",
        "valuation": "valoris* valeur vaut évalu* capitalisation",
        "price": "acquisition* acquiert acqu* achat* achèt* rach* prix vend* vente contrat* accord",
        "fine": "amende* sanction*",
        "raise": "lève lever levée* levé tour_de",
        "budget": "budget*",
        "cost": "coût* coûte*",
        "debt": "dette* prêt* emprunt*",
        "aid": "aide aides subvention* don",
        "damages": "dommages indemnis*",
        "revenue": "chiffre_d recettes revenus ventes",
        "profit": "bénéfice* profit*",
        "loss": "perte* perdu perd",
        "stake": "part parts participation* capital",
        "tariff": "droits_de taxe taxes",
        "inflation": "inflation",
        "jobs cut": "supprim* suppression* licenci*",
        "jobs created": "crée* créer création* embauch* recrut*",
        "dead": "mort morts morte décès tué* décédé*",
        "injured": "blessé*",
        "missing": "disparu*",
        "arrested": "arrêté* interpell*",
        "evacuated": "évacu*",
        "deadline": "échéance limite",
        "start": "commenc* début* lanc* ouvr*",
        "vote": "élection* vote* scrutin",
    },
    "es": {
        "investment": "invert* invers* invierte* inviert* inyect* financiaci*",
        "valuation": "valor* capitalización",
        "price": "compra* adquisici* adquiere* adquiri* precio vende* venta contrato* acuerdo",
        "fine": "multa* sanci*",
        "raise": "recaud* levant* ronda capta*",
        "budget": "presupuesto*",
        "cost": "coste* costo* cuesta*",
        "debt": "deuda* préstamo* crédito*",
        "aid": "ayuda* subvenci* donaci*",
        "damages": "indemniz*",
        "revenue": "ingres* factur* ventas",
        "profit": "beneficio* ganancia*",
        "loss": "pérdida* pierd* perdi*",
        "stake": "participaci* capital acciones",
        "tariff": "arancel*",
        "inflation": "inflación ipc",
        "jobs cut": "despid* despedi* recort* suprim*",
        "jobs created": "crea crean crear* creará* contrat*",
        "dead": "muert* fallec* murier* mató matar*",
        "injured": "herid*",
        "missing": "desaparecid*",
        "arrested": "deten* arrest*",
        "evacuated": "evacu*",
        "deadline": "plazo límite",
        "start": "comienz* empez* inici* lanz*",
        "vote": "eleccion* voto* votaci* referéndum",
    },
    "it": {
        "investment": "invest* inietta* finanzia*",
        "valuation": "valut* valore valorizz* capitalizzazione vale",
        "price": "acquis* compra* acquista* prezzo vend* contratto accordo",
        "fine": "multa* sanzion* ammenda",
        "raise": "raccogli* raccolt* round",
        "budget": "bilancio budget",
        "cost": "cost*",
        "debt": "debit* prestit*",
        "aid": "aiut* sussid* contribut*",
        "damages": "risarcim*",
        "revenue": "ricav* fatturato vendite",
        "profit": "util* profitt*",
        "loss": "perdit* perso",
        "stake": "quota quote partecipazion* capitale",
        "tariff": "dazi* ",
        "inflation": "inflazione",
        "jobs cut": "taglia* tagli* licenzia* esuber*",
        "jobs created": "crea creare creerà assum* assunzion*",
        "dead": "mort* vittim* uccis* decedut*",
        "injured": "ferit*",
        "missing": "dispers*",
        "arrested": "arrest*",
        "evacuated": "evacua* sfollat*",
        "deadline": "scadenza scade",
        "start": "inizi* comincia* lancia* apre",
        "vote": "elezion* voto referendum",
    },
    "nl": {
        "investment": "invest* steekt steken pompt financier*",
        "valuation": "waard* waardering gewaardeerd beurswaarde",
        "price": "koop* kocht gekocht overname* prijs verkoop* verkocht deal contract* betaal*",
        "fine": "boete* dwangsom*",
        "raise": "opgehaald ophaalt haalt haalde financieringsronde* ronde",
        "budget": "begroting* budget*",
        "cost": "kosten kost",
        "debt": "schuld* lening*",
        "aid": "steun* subsidie* hulp*",
        "damages": "schadevergoeding* schikking*",
        "revenue": "omzet*",
        "profit": "winst*",
        "loss": "verlies* verloor",
        "stake": "belang belangen aandeel",
        "tariff": "heffing* tarie*",
        "inflation": "inflatie",
        "jobs cut": "schrap* geschrapt ontsla* ontslag*",
        "jobs created": "creë* geschapen aannemen",
        "dead": "dood doden gedood omgekomen overleden dodelijk*",
        "injured": "gewond*",
        "missing": "vermist*",
        "arrested": "gearresteerd aangehouden",
        "evacuated": "geëvacueerd evacu*",
        "deadline": "uiterlijk deadline",
        "start": "begin* start* opent",
        "vote": "verkiezing* stemming referendum",
    },
    "pt": {
        "investment": "invest* injet* injeç* aport* financiament*",
        "valuation": "avali* valor* vale capitalização",
        "price": "compra* adquir* aquisi* preço vend* contrato* acordo",
        "fine": "multa* coima* sanç*",
        "raise": "capta* levant* rodada ronda",
        "budget": "orçament*",
        "cost": "custo* custa*",
        "debt": "dívida* empréstimo*",
        "aid": "ajuda* subsíd* apoio* doaç*",
        "damages": "indemniz* indeniz*",
        "revenue": "receita* faturament* faturação vendas",
        "profit": "lucro*",
        "loss": "prejuízo* perda* perde*",
        "stake": "participaç* fatia capital",
        "tariff": "tarifa*",
        "inflation": "inflação",
        "jobs cut": "demit* demiss* despedi* cort* supri*",
        "jobs created": "cria criar criará contrat*",
        "dead": "mort* morr* falec*",
        "injured": "ferid*",
        "missing": "desaparecid*",
        "arrested": "detid* pres* prend*",
        "evacuated": "evacu* retirad*",
        "deadline": "prazo",
        "start": "começ* início inici* lanç*",
        "vote": "eleiç* eleiçõ* voto* votação",
    },
    "pl": {
        "investment": "inwest* zainwest* dofinans* wpomp*",
        "valuation": "wycen* wart*",
        "price": "kup* zakup* przej* cen* sprzeda* umow* kontrakt* transakcj* nabył* nabędzie",
        "fine": "kar karę kara kary grzywn* ukara*",
        "raise": "pozysk* rund*",
        "budget": "budżet*",
        "cost": "koszt*",
        "debt": "dług* zadłuż* kredyt* pożycz*",
        "aid": "pomoc* dotacj* wsparci*",
        "damages": "odszkodowa* ugod*",
        "revenue": "przychod* przychód obrot*",
        "profit": "zysk*",
        "loss": "strat* stracił*",
        "stake": "udział* akcji",
        "tariff": "cła ceł cło",
        "inflation": "inflacj*",
        "jobs cut": "zwoln* zwaln* redukc* likwid*",
        "jobs created": "utworz* zatrudni*",
        "dead": "zgin* zabit* zmarł* ofiar*",
        "injured": "rann* ranny*",
        "missing": "zaginion*",
        "arrested": "zatrzyma* aresztow*",
        "evacuated": "ewaku*",
        "deadline": "termin*",
        "start": "rozpocz* start* początek",
        "vote": "wybor* głosowa* referendum",
    },
}

# Chinese, Japanese and Korean, found as parts of the text around the figure.
EAST_CUES: Final = {
    "investment": "投资 投資 出资 出資 注资 注資 투자",
    "valuation": "估值 市值 企業価値 評価額 時価総額 기업가치",
    "price": "收购 收購 买收 買収 购买 交易额 인수",
    "fine": "罚款 罰款 罚金 罰金 制裁金 課徴金 과징금 벌금",
    "raise": "融资 融資 募资 募資 資金調達 调达 유치",
    "revenue": "营收 營收 收入 売上 매출",
    "profit": "利润 利潤 净利 淨利 利益 盈利 이익",
    "loss": "亏损 虧損 損失 赤字 손실 적자",
    "budget": "预算 預算 予算 예산",
    "stake": "股份 持股 出資比率 지분",
    "jobs cut": "裁员 裁員 裁减 削減 解雇 リストラ 人員削減 감원 해고",
    "dead": "死亡 遇难 遇難 丧生 死者 사망",
    "injured": "受伤 受傷 负傷 負傷 けが 怪我 부상",
    "missing": "失踪 失蹤 行方不明 실종",
}

# "Deal worth $2 billion": these say less than a noun that stands before them.
WEAK: Final = frozenset(
    "worth value valued valuation valeur vaut valor valorado valorada wert valore vale waard "
    "waarde wartości warta wart warty".split()
)
NOUNS: Final = frozenset(
    "deal deals contract contracts order orders transaction acquisition takeover merger sale "
    "investment fine round loan aid package vertrag auftrag übernahme investition accord contrat "
    "acquisition rachat investissement amende acuerdo contrato compra inversión multa accordo "
    "contratto acquisizione investimento overname investering boete aquisição acordo investimento "
    "umowa umowę umowy kontrakt transakcja transakcję inwestycja inwestycję".split()
)
# "The $2 billion start-up": the figure is what the company is worth.
COMPANIES: Final = frozenset(
    "startup company firm enterprise unicorn business group maker giant".split()
)
ARTICLES: Final = frozenset("the a an its their this that his her our now".split())
# A clause does not go on over these after a figure…
ENDS_AFTER: Final = frozenset(
    "and on with as while but from by to after before for at that which who when where since into "
    "und auf mit als aber von um zu nach bei die der das et sur avec mais par pour après qui "
    "y con pero por para tras que e su ma per dopo che en op met maar door voor na die dat "
    "mas com após ale z ze na po do i".split()
)
# … and is less likely to have gone on before one of these, looking back from it.
TURNS: Final = frozenset(
    "but while whereas which who whose after when although though as aber während sondern nachdem "
    "obwohl mais tandis alors après qui dont pero mientras tras cuando aunque ma mentre dopo "
    "quando maar terwijl nadat mas enquanto após ale podczas gdy".split()
)
