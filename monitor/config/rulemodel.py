"""The keys of a rule file as this version knows them, for the JSON Schema that editors use.

Pure. Only the schema is made from these classes; rules are loaded by ``monitor.rules.load``, whose
messages say more.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from monitor.config.sections import about

# An editor reads 2024 or no as a number or a truth value; in rules they are words.
Term = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
FieldName = Literal["title", "lead", "body", "summary", "author", "url", "source"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=False)


class Window(_Strict):
    """Occurrences at most ``within`` words apart."""

    within: Annotated[
        int, Field(ge=0), about("At most this many words in between; 0 is adjacent.", 10)
    ]
    all: Annotated[list["Node"], Field(min_length=1), about("What must be near.", ["EU", "probe"])]


class Same(_Strict):
    """Occurrences in one sentence or paragraph."""

    unit: Annotated[Literal["sentence", "paragraph"], about("How large.", "sentence")]
    all: Annotated[list["Node"], Field(min_length=1), about("What must be in it.", ["EU", "probe"])]


class UnlessNear(_Strict):
    """What takes an occurrence away."""

    within: Annotated[int, Field(ge=0), about("At most this many words away; 0 is adjacent.", 0)]
    any: Annotated[list["Node"], Field(min_length=1), about("What must not be near.", ["up"])]


class NodeMapping(_Strict):
    """Conditions joined by AND."""

    any: Annotated[list["Node"] | None, about("At least one of these.", ["merger", "takeover"])] = (
        None
    )
    all: Annotated[
        list["Node"] | None, about("All of these, anywhere.", ["Microsoft", "Mistral"])
    ] = None
    none: Annotated["Node | list[Node] | None", about("Not if this matches.", ["podcast"])] = None
    near: Annotated[
        Window | None,
        about("Near each other, in any order.", {"within": 20, "all": ["EU", "probe"]}),
    ] = None
    then: Annotated[
        Window | None,
        about("Near each other, in this order.", {"within": 5, "all": ["EU", "probe"]}),
    ] = None
    same: Annotated[
        Same | None,
        about("In one sentence or paragraph.", {"unit": "sentence", "all": ["EU", "probe"]}),
    ] = None
    in_: Annotated[
        FieldName | list[FieldName] | None,
        Field(
            alias="in",
            description="Where to look. Default: title and body.",
            examples=["title", ["title", "lead"]],
        ),
    ] = None
    unless_near: Annotated[
        UnlessNear | None,
        about("Leaves out occurrences near these.", {"within": 0, "any": ["up"]}),
    ] = None
    min_mentions: Annotated[
        int | None, Field(ge=1), about("At least this many occurrences.", 3)
    ] = None


Node = Term | NodeMapping


class Sample(_Strict):
    """An article for a test."""

    title: Annotated[str | None, about("The headline.", "EU opens probe")] = None
    body: Annotated[str | None, about("The text; blank lines part paragraphs.", "…")] = None
    text: Annotated[str | None, about("The same as body.", "…")] = None
    lead: Annotated[str | None, about("The first paragraph, if not the text's own.", "…")] = None
    summary: Annotated[str | None, about("The feed's summary.", "…")] = None
    author: Annotated[str | None, about("The byline.", "Technology desk")] = None
    url: Annotated[str | None, about("The address.", "https://example.org/a")] = None
    source: Annotated[str | None, about("The outlet's name.", "Example News")] = None
    language: Annotated[str | None, about("The language.", "en")] = None


def _one_of(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


class Test(_Strict):
    """An example that the rule must, or must not, fire on."""

    __test__ = False  # not for pytest to collect
    model_config = ConfigDict(extra="forbid", json_schema_extra=_one_of("fires", "silent"))

    fires: Annotated[
        str | Sample | None, about("A text the rule fires on.", "Microsoft invests in Mistral AI.")
    ] = None
    silent: Annotated[
        str | Sample | None, about("A text the rule is silent on.", "The mistral blew hard.")
    ] = None
    because: Annotated[
        str | None, about("The branch that must be the failing one.", "near", "none")
    ] = None


class AlertOptions(_Strict):
    """What happens when the rule fires."""

    notify: Annotated[
        str | list[str] | None,
        about("Names of notifiers, instead of all.", ["newsroom"]),
    ] = None


class Rule(_Strict):
    """One rule."""

    id: Annotated[
        str | None, about("A unique, stable name. Default: the file's name.", "eu-antitrust-ai")
    ] = None
    title: Annotated[str | None, about("What people read.", "EU antitrust looks at AI deals")] = (
        None
    )
    level: Annotated[
        Literal["info", "normal", "urgent"] | None, about("How loud. Default: normal.", "urgent")
    ] = None
    labels: Annotated[
        dict[str, Term] | None, about("Words of your own.", {"desk": "competition"})
    ] = None
    owner: Annotated[str | None, about("Who keeps this rule.", "competition-desk")] = None
    match: Annotated[
        Node | list[Node] | None,
        about(
            "What must be in an article; a list means all of it.",
            ["Microsoft", "Mistral"],
            {"near": {"within": 20, "all": ["Microsoft", "Mistral"]}},
        ),
    ] = None
    alert: Annotated[AlertOptions | None, about("What happens then.", {"notify": ["newsroom"]})] = (
        None
    )
    tests: Annotated[
        list[Test] | None,
        about("Examples that are tried whenever the rule loads.", [{"fires": "…"}]),
    ] = None


class ListFile(_Strict):
    """A named term list in a text file."""

    file: Annotated[str, about("One term a line; # begins a comment line.", "names.txt")]


class RuleFile(Rule):
    """A rule file of News Monitor: one rule, or several below ``rules``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in ("match", "rules", "entities")]
        },
    )

    rules: Annotated[
        list[Rule] | None, about("Several rules in one file.", [{"id": "a", "match": "probe"}])
    ] = None
    entities: Annotated[
        dict[str, list[Term] | ListFile] | None,
        about(
            "Named term lists, shared by all files; a rule calls one by '@name'.",
            {"ai-company": ["Mistral AI", "OpenAI"], "banks": {"file": "banks.txt"}},
        ),
    ] = None
