"""Words that are counted, and words that are not, by language; data.

A noun of ``NOUNS`` is told by one name in every language, so that outlets can be compared.
"""

from typing import Final

_NOUNS: Final = {
    "jobs": (
        "job jobs positions posts roles redundancies layoffs stelle stellen arbeitsplätze "
        "arbeitsplätzen jobs emplois postes empleos puestos posti banen arbeidsplaatsen empregos "
        "postos miejsc etatów"
    ),
    "employees": (
        "employee employees worker workers staff staffers mitarbeiter mitarbeitern "
        "mitarbeiterinnen beschäftigte beschäftigten arbeiter salariés employés travailleurs "
        "empleados trabajadores dipendenti lavoratori werknemers medewerkers trabalhadores "
        "funcionários pracowników"
    ),
    "people": (
        "person persons people menschen personen leute personne personnes persona personas "
        "persone mensen pessoa pessoas osób osoby ludzi"
    ),
    "dead": (
        "dead deaths fatalities tote toten todesopfer morts muertos fallecidos morti vittime doden "
        "mortos zabitych"
    ),
    "injured": (
        "injured wounded injuries verletzte verletzten blessés heridos feriti gewonden feridos "
        "rannych"
    ),
    "missing": "missing vermisste vermissten disparus desaparecidos dispersi vermisten",
    "children": "children kinder kindern enfants niños bambini kinderen crianças dzieci",
    "companies": (
        "companies firms unternehmen firmen entreprises sociétés empresas compañías aziende "
        "imprese bedrijven companhias firm spółek"
    ),
    "outlets": "outlets",
    "users": "users nutzer nutzern utilisateurs usuarios utenti gebruikers usuários użytkowników",
    "customers": "customers clients kunden clientes clienti klanten klientów",
    "shares": "shares aktien actions acciones azioni aandelen ações akcji",
    "homes": "homes houses häuser häusern logements viviendas case woningen casas mieszkań",
    "vehicles": "vehicles cars fahrzeuge fahrzeugen autos véhicules voitures vehículos veicoli",
    "countries": "countries länder ländern pays países paesi landen krajów",
    "votes": "votes stimmen voix votos voti stemmen głosów",
}
NOUNS: Final = {word: name for name, words in _NOUNS.items() for word in words.split()}
_MEASURES: Final = {
    "magnitude": "magnitude magnitud magnitudine stärke",
    "MW": "mw megawatt megawatts megavatios",
    "GW": "gw gigawatt gigawatts gigavatios",
    "TWh": "twh",
    "km": "km kilometre kilometres kilometer kilometers kilometern kilomètres kilómetros",
    "tonnes": "tonne tonnes tons tonnen toneladas tonnellate ton",
    "barrels": "barrel barrels barriles baril barils",
}
MEASURES: Final = {word: name for name, words in _MEASURES.items() for word in words.split()}
UNITS: Final = frozenset(_NOUNS) | frozenset(_MEASURES)
PEOPLE: Final = frozenset({"people", "dead", "injured", "missing", "employees", "children"})

# How plurals end where nouns have no capital; languages not named here need a noun of the table.
PLURALS: Final = {"en": ("s",), "fr": ("s", "x"), "es": ("s",), "pt": ("s",)}

# Durations and times of day are no counts.
TIMES: Final = frozenset(
    "second seconds minute minutes hour hours day days week weeks weekend month months quarter "
    "quarters year years decade decades century centuries night nights am pm old "
    "sekunden minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr jahre "
    "jahren uhr seconde secondes heure heures jour jours semaine semaines mois an ans année années "
    "segundos minutos hora horas día días semana semanas mes meses año años "
    "secondi minuti ora ore giorno giorni settimana settimane mese mesi anno anni "
    "seconden minuten uur uren dag dagen week weken maand maanden jaar jaren "
    "dia dias mês ano anos sekund minut godzin dni tygodni miesięcy lat lata".split()
)
# Words at which looking for a noun ends, and words that look like plurals.
NO_NOUNS: Final = frozenset(
    "of in on at to from by for with and or as is was are were be been has have had its his "
    "this that these those the a an than then after before until since per out over under "
    "versus vs ahead away more less times points ways percent percentage others series news "
    "which who whose while but if so not will would can could may said says it he she they we "
    "cents degrees across plus minus yes always perhaps whereas towards besides billion million "
    "der die das den dem des ein eine von zu in im am auf aus bei mit und oder als ist war "
    "sind nach vor bis seit pro für an um prozent euro "
    "de du des le la les un une et ou à au aux en dans sur par pour avec sans plus moins est "
    "sont dont fois après vers puis "
    "el los las una y o del al por para con sin más menos es son que veces tras entre "
    "il lo gli i e da di che su per tra fra volte sono è "
    "het een van op te bij met en of is zijn uit voor naar keer "
    "os as um uma da do das dos na no nas nos mais menos vezes após são "
    "w z na do po od i oraz za o".split()
) - frozenset(NOUNS)
# Words that name what they number.
LABELS: Final = frozenset(
    "article articles section chapter page pages no number nr version figure table route line room "
    "phase level grade type channel flight highway clause part volume issue episode round group "
    "artikel absatz kapitel seite nummer nummer fassung artículo sección página número articolo "
    "sezione pagina numero hoofdstuk bladzijde artigo seção rozdział strona art abs sec fig tel "
    "phone call fax iphone windows python".split()
)
