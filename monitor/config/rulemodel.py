"""The keys of a rule file, for the JSON Schema that editors complete and check with.

Pure. Only the schema is made from these classes; rules are loaded by ``monitor.rules.load``, whose
messages say more. Wherever the loader takes one value for a list of one, the schema does too. What
only the whole of all files can tell (an unknown ``@list``, two rules with one id) is left to it.
"""

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, RootModel, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from monitor.config.sections import about
from monitor.rules.alertsettings import MOST_PER_DAY

Absent: TypeAlias = SkipJsonSchema[None]  # the key is left out; an empty one (key:) is a mistake

# An editor reads 2024 or no as a number or a truth value; in rules they are words.
_WORD_TYPES: Final = ["string", "number", "boolean"]
Word = Annotated[str, WithJsonSchema({"type": _WORD_TYPES})]
FieldName = Literal["title", "lead", "body", "summary", "author", "url", "source"]
Branch = Literal[
    "any", "all", "none", "near", "then", "same", "unless_near", "min_mentions", "at_least",
    "regex",
]  # fmt: skip

# Operators in a list item; in double quotes they are plain words.
_NO_OPERATOR: Final = (
    r'^\s*(?:["“][\s\S]*["”]|(?![\s\S]*(?:^|\s)'
    r"(?:AND|OR|NOT|(?:NEAR|THEN|UNLESS|SAME|ATLEAST)(?:/\w+)?)(?:\s|$))\S[\s\S]*)$"
)
_HOLDERS: Final = ("any", "near", "then", "same", "regex")
_YES_OR_NO: Final = ("all", "none", "at_least")


def _any_of(*keys: str) -> dict[str, Any]:
    return {"anyOf": [{"required": [key]} for key in keys]}


def _one_of(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


def _if_there(key: str, then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"required": [key]}, "then": then}


def _modifies_one() -> dict[str, Any]:
    return {**_one_of(*_HOLDERS), "properties": {"all": False, "at_least": False}}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=False)


class Term(RootModel[Word]):
    """A word, or several in a row (a phrase); or "@name" for an entity list.

    Signs: EU (2 to 5 capitals) finds capitals only, =Apple exactly this case, euro* words that
    begin so, ~investigate words of the same stem.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "pattern": _NO_OPERATOR,
            "patternErrorMessage": "Operators stand in the one-line form only (match: '…'). "
            "Here write any:, all:, near: or none:, or put the words in double quotes.",
            "examples": ["merger", "EU", "=Apple", "euro*", "~investigate", "@ai-company",
                         "statement of objections"],
        }
    )  # fmt: skip


class Node(RootModel["Term | NodeMapping"]):
    """A term, or a mapping such as any: [...] or near: {...}."""


class Item(RootModel["Term | NodeMapping"]):
    """A term, or a mapping with places: any, near, then, same or regex; not all, none, at_least."""

    model_config = ConfigDict(
        json_schema_extra={"properties": dict.fromkeys((*_YES_OR_NO, "min_mentions"), False)}
    )


NodeList: TypeAlias = Annotated[list[Node], Field(min_length=1)]
Nodes: TypeAlias = NodeList | Node  # a single node counts as a list of one
Items: TypeAlias = Annotated[list[Item], Field(min_length=2, max_length=8)]  # of a window
ItemOrItems: TypeAlias = Annotated[list[Item], Field(min_length=1)] | Item
Width = Annotated[int, Field(ge=0, le=1000)]
Scope: TypeAlias = FieldName | Annotated[list[FieldName], Field(min_length=1)]

_IN: Final = Field(
    alias="in",
    description="Where to look, for this mapping and all below it: one field or a list. Default: "
    "title and body. The lead is the first paragraph, or 60 words if that is longer.",
    examples=["title", ["title", "lead"]],
)


class Window(_Strict):
    """One place of each item, none overlapping another, within a number of words."""

    within: Annotated[
        Width,
        about("At most this many words between the end of the first item and the start of the "
              "last; 0 is adjacent.", 10),
    ]  # fmt: skip
    all: Annotated[Items, about("What must stand together: 2 to 8 items.", ["EU", "probe"])]
    in_: Annotated[Scope | Absent, _IN] = None


class Same(_Strict):
    """One place of each item within one sentence or paragraph."""

    unit: Annotated[Literal["sentence", "paragraph"], about("How large.", "sentence", "paragraph")]
    all: Annotated[Items, about("What must be in it: 2 to 8 items.", ["EU", "probe"])]
    in_: Annotated[Scope | Absent, _IN] = None


class UnlessNear(_Strict):
    """What takes a place away; the other places count."""

    within: Annotated[
        Width, about("At most this many words away; 0: overlapping or adjacent.", 0, 5)
    ]
    any: Annotated[ItemOrItems, about("What must not be near.", ["up"], ["river", "rainforest"])]


class NodeMapping(_Strict):
    """Conditions joined by "and"."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            **_any_of(*_HOLDERS, *_YES_OR_NO),
            "allOf": [
                _if_there("at_least", {"required": ["of"]}),
                _if_there("of", {"required": ["at_least"]}),
                _if_there("unless_near", _modifies_one()),
                _if_there("min_mentions", _modifies_one()),
            ],
        },
    )

    any: Annotated[Nodes | Absent, about("At least one of these.", ["merger", "takeover"])] = None
    all: Annotated[
        Nodes | Absent,
        about("All of these, anywhere. Answers yes or no; no item of near.",
              ["Microsoft", "Mistral"]),
    ] = None  # fmt: skip
    none: Annotated[
        Nodes | Absent,
        about("The mapping does not hold if one of these matches.", ["podcast"],
              {"in": "title", "any": ["podcast", "newsletter"]}),
    ] = None  # fmt: skip
    near: Annotated[
        Window | Absent,
        about("Near each other, in any order.", {"within": 20, "all": ["EU", "probe"]}),
    ] = None
    then: Annotated[
        Window | Absent,
        about("Near each other, in this order.", {"within": 5, "all": ["EU", "probe"]}),
    ] = None
    same: Annotated[
        Same | Absent,
        about("In one sentence or paragraph.", {"unit": "sentence", "all": ["EU", "probe"]}),
    ] = None
    at_least: Annotated[
        Annotated[int, Field(ge=1, le=10_000)] | Absent,
        about("So many of the items below of: must hold. Answers yes or no.", 2),
    ] = None
    of: Annotated[
        Nodes | Absent,
        about("The items that at_least counts.", ["merger", "takeover", "stake"]),
    ] = None
    regex: Annotated[
        Annotated[str, Field(min_length=1, max_length=1000)] | Absent,
        about("A pattern over the text as it stands: no look-around, no back-references. (?i) at "
              "the front ignores case. Single quotes keep backslashes.",
              r"\bM\.\d{4,5}\b", r"(?i)article 10[12]"),
    ] = None  # fmt: skip
    in_: Annotated[Scope | Absent, _IN] = None
    unless_near: Annotated[
        UnlessNear | Absent,
        about("Takes away places of the any, near, then, same or regex beside it that overlap one "
              "of these or stand near one.", {"within": 0, "any": ["up"]}),
    ] = None  # fmt: skip
    min_mentions: Annotated[
        Annotated[int, Field(ge=1, le=10_000)] | Absent,
        about("At least this many places of the any, near, then, same or regex beside it.", 3),
    ] = None


class Sample(_Strict):
    """An article for a test. What is not stated is not judged by source:."""

    title: Annotated[Word | Absent, about("The headline.", "EU opens probe")] = None
    body: Annotated[
        Word | Absent, about("The text; blank lines part paragraphs.", "The EU opened a probe.")
    ] = None
    text: Annotated[Word | Absent, about("The same as body.", "The EU opened a probe.")] = None
    lead: Annotated[
        Word | Absent, about("The lead, where it is not how the body begins.", "A short lead.")
    ] = None
    summary: Annotated[Word | Absent, about("The feed's summary.", "A probe begins.")] = None
    author: Annotated[Word | Absent, about("The byline.", "Technology desk")] = None
    url: Annotated[Word | Absent, about("The address.", "https://example.org/a")] = None
    source: Annotated[Word | Absent, about("The outlet's name.", "Example News")] = None
    language: Annotated[Word | Absent, about("The language, for ~stems.", "en", "fr")] = None
    tags: Annotated[list[Word] | Absent, about("The feed's tags.", ["eu", "markets"])] = None


class Test(_Strict):
    """An example that the rule must fire on, or be silent on."""

    __test__ = False  # not for pytest to collect
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            **_one_of("fires", "silent"),
            "allOf": [_if_there("because", {"required": ["silent"]})],
        },
    )

    fires: Annotated[
        Word | Sample | Absent,
        about("A text (the body) or an article that the rule must fire on.",
              "Microsoft invests in Mistral AI.", {"title": "EU opens probe", "body": "…"}),
    ] = None  # fmt: skip
    silent: Annotated[
        Word | Sample | Absent,
        about("A text or an article that the rule must not fire on.", "The mistral blew hard."),
    ] = None
    because: Annotated[
        Branch | Absent,
        about("The branch that must be the failing one; goes with silent.", "near", "none"),
    ] = None


class AgainValues(_Strict):
    """Reasons to tell a story again that have a value."""

    sources: Annotated[
        Annotated[int, Field(ge=2, le=MOST_PER_DAY)] | Absent,
        about("So many outlets have it now.", 5),
    ] = None
    after: Annotated[
        Annotated[str, Field(pattern=r"^\d{1,5}\s*[mhd]$")] | Absent,
        about("So long after this rule's last alert of the story.", "12h"),
    ] = None


AgainReason: TypeAlias = Literal["new_figures", "tier", "corrections"] | AgainValues


class AlertOptions(_Strict):
    """Where the rule's alerts go, what is told again, and how often in a day."""

    notify: Annotated[
        Annotated[list[str], Field(min_length=1)] | str | Absent,
        about("Names of notifiers of config.yaml, instead of the routes.", ["newsroom"]),
    ] = None
    again: Annotated[
        Annotated[list[AgainReason], Field(min_length=1)] | AgainReason | Absent,
        about(
            "For what a story that this rule alerted is told again: new figures, an outlet of a "
            "better tier, so many outlets, so long after, a correction. Default: never.",
            ["new_figures", "tier", {"sources": 5}, {"after": "12h"}],
            "new_figures",
        ),
    ] = None
    max_per_day: Annotated[
        Annotated[int, Field(ge=1, le=MOST_PER_DAY)] | Absent,
        about("Alerts of this rule a day; the rest is one message at midnight.", 10),
    ] = None


Words = Annotated[list[Word], Field(min_length=1)] | Word


class SourceConditions(_Strict):
    """What the rule asks of an article beside its words. What is not known of it counts as fit."""

    languages: Annotated[
        Words | Absent, about("One of these languages; en fits en-GB too.", ["en", "fr", "de"])
    ] = None
    feeds: Annotated[
        Words | Absent,
        about("One of these: the outlet's name or the feed's address; * stands for anything.",
              ["Example News", "https://example.org/*"]),
    ] = None  # fmt: skip
    tags: Annotated[Words | Absent, about("One of these tags of the feed.", ["eu"])] = None
    max_age: Annotated[
        Annotated[str, Field(pattern=r"^\d{1,6}\s*[smhd]$")] | Absent,
        about("Published at most so long ago.", "48h", "2d"),
    ] = None
    min_words: Annotated[
        Annotated[int, Field(ge=0, le=999_999)] | Absent,
        about("The text has at least so many words.", 40),
    ] = None


class _RuleKeys(_Strict):
    """The keys of a rule, which stand at the top of a file or in its list."""

    id: Annotated[
        Word | None,
        about("A unique, stable name without blanks. Default: the file's name.", "eu-antitrust-ai"),
    ] = None
    title: Annotated[Word | None, about("What people read.", "EU antitrust looks at AI deals")] = (
        None
    )
    level: Annotated[
        Literal["info", "normal", "urgent"] | None, about("How loud. Default: normal.", "urgent")
    ] = None
    labels: Annotated[
        dict[str, Word] | Absent, about("Names and values of your own.", {"desk": "competition"})
    ] = None
    owner: Annotated[Word | None, about("Who looks after the rule.", "competition-desk")] = None
    expires: Annotated[
        Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | Absent,
        about("The rule's last day; after it the rule rests.", "2027-06-30"),
    ] = None
    match: Annotated[
        Word | NodeMapping | NodeList | Absent,
        about(
            "What must be in an article. A list means all of it; a text is a term, or the one-line "
            "form with AND, OR, NOT, NEAR/n, THEN/n, UNLESS/n, SAME/sentence, ATLEAST/n( ) and "
            "title:( ).",
            ["Microsoft", "Mistral"],
            {"near": {"within": 20, "all": ["Microsoft", "Mistral"]}},
            '(Microsoft OR MSFT) NEAR/20 ("Mistral AI" OR Mistral)',
        ),
    ] = None
    source: Annotated[
        SourceConditions | Absent,
        about("What the article's source must be.", {"languages": ["en"], "max_age": "48h"}),
    ] = None
    alert: Annotated[AlertOptions | Absent, about("Where alerts go.", {"notify": ["newsroom"]})] = (
        None
    )
    tests: Annotated[
        list[Test] | Absent,
        about("Examples that check and rules test try.",
              [{"fires": "The EU opens a probe."},
               {"silent": "The EU is closed.", "because": "near"}]),
    ] = None  # fmt: skip


class Rule(_RuleKeys):
    """One rule."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"required": ["match"]})


class ListFile(_Strict):
    """A list of terms in a text file, relative to the rule file."""

    file: Annotated[str, about("One term a line; # begins a comment line.", "names.txt")]


class Filter(_Strict):
    """An exclusion laid over many rules."""

    id: Annotated[Word | Absent, about("Its name in explanations.", "no-sport")] = None
    rules: Annotated[
        Words | Absent,
        about("Ids of rules; * stands for anything. Default: all rules.", ["*"], ["eu-*"]),
    ] = None
    labels: Annotated[
        dict[str, Word] | Absent,
        about("Only rules that have all these labels.", {"desk": "markets"}),
    ] = None
    none: Annotated[
        Nodes,
        about("The rules are silent where one of these matches.",
              {"in": "title", "any": ["football", "Premier League"]}),
    ]  # fmt: skip


class RuleFile(_RuleKeys):
    """A rule file of News Monitor: one rule, or several below rules:; lists and filters."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            **_any_of("match", "rules", "entities", "filters"),
            "allOf": [
                _if_there("rules", {"propertyNames": {"enum": ["rules", "entities", "filters"]}})
            ],
        },
    )

    rules: Annotated[
        list[Rule] | Absent, about("Several rules in one file.", [{"id": "a", "match": "probe"}])
    ] = None
    entities: Annotated[
        dict[str, NodeList | ListFile] | Absent,
        about(
            "Named lists of terms, shared by all files; a rule calls one by '@name'.",
            {"ai-company": ["Mistral AI", "OpenAI"], "banks": {"file": "banks.txt"}},
        ),
    ] = None
    filters: Annotated[
        list[Filter] | Absent,
        about("Exclusions laid over many rules.",
              [{"id": "no-sport", "rules": ["*"], "none": {"in": "title", "any": ["football"]}}]),
    ] = None  # fmt: skip
