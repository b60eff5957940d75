"""Templates: what they can say, what they cannot do, and that they always end."""

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.template_values import NAMES, values
from monitor.alerts.templates import RESULT_LIMIT, TEMPLATE_LIMIT, TemplateError, check, render
from monitor.model import Alert
from tests.notifiers.samples import ALERT, DIGEST, HOSTILE, KINDS, TOLD, UPDATE, everywhere


@pytest.mark.parametrize(
    ("template", "alert", "expected"),
    [
        pytest.param("{{ title }}", ALERT, ALERT.title, id="a value"),
        pytest.param("{{ outlet|upper }}", ALERT, "EXAMPLE NEWS", id="a filter"),
        pytest.param("{{ also|default('nobody else') }}", UPDATE, "Northern Wire, Sample Herald, "
                     "Polder Post (+2)", id="a default that is not needed"),
        pytest.param("{{ because|default('new') }}", ALERT, "new", id="a default"),
        pytest.param(
            "{% if story %}{{ story.title }} ({{ story.articles }}){% else %}alone{% endif %}",
            TOLD,
            "Sample Software puts money into Model Works (7)",
            id="a condition",
        ),
        pytest.param(
            "{% for rule in rules %}{{ loop.index }}. {{ rule.title }}{% endfor %}",
            ALERT,
            "1. Sample Software and Model Works",
            id="a loop",
        ),
        pytest.param(
            "{% for item in items %}\n- {{ item.title }}\n{% endfor %}",
            DIGEST,
            "- Regulator opens a look at cloud prices\n"
            "- Sample Software puts money into Model Works\n"
            "- Model Works says that it is worth €2 billion\n",
            id="the alerts of a digest",
        ),
        pytest.param("{{ rules[0].marked|first }}", ALERT, "*Sample Software* said on Monday that "
                     "it puts money into *Model Works*, a start-up.", id="a sentence with its hits"),
        pytest.param("{{ title|truncate(10) }}", ALERT, "Sample So…", id="cut"),
        pytest.param("{{ title|tojson }}", ALERT, f'"{ALERT.title}"', id="as JSON"),
        pytest.param("{{ published }}", ALERT, "2026-11-22T14:05:00Z", id="a time"),
        pytest.param("{{ 'yes' if urgent else 'no' }}", ALERT, "no", id="a choice"),
        pytest.param("{{ more }}", ALERT, "news-monitor why "
                     "'https://www.example.org/tech/model-works?page=1'", id="the next step"),
    ],
)  # fmt: skip
def test_a_template_says_what_it_is_meant_to(template: str, alert: Alert, expected: str) -> None:
    assert render(template, alert) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('format') }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ title.format }}{{ title.format(1) }}",
        "{{ self }}",
        "{{ self._TemplateReference__context }}",
        "{{ _metered }}",
        "{{ _budget }}",
        "{{ range(10**9) }}",
        "{{ lipsum() }}",
        "{{ cycler('a') }}",
        "{{ namespace(x=1) }}",
        "{{ dict(a=1) }}",
        "{{ joiner() }}",
        "{{ title.upper() }}",
        "{{ 9**9**9**9 }}",
        "{{ 'x' * 10**10 }}",
        "{{ title ~ title }}",
        "{{ 1 + 1 }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{{ title[0:1000] }}",
        "{% set x = title %}",
        "{% set x %}a{% endset %}",
        "{% macro x() %}{% endmacro %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block x %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% call x() %}{% endcall %}",
        "{% with x = 1 %}{% endwith %}",
        "{% autoescape false %}{% endautoescape %}",
        "{% for x in rules recursive %}{% endfor %}",
        "{% debug %}",
        "{% do x %}",
        "{{ title|safe }}",
        "{{ title|map('upper') }}",
        "{{ title|pprint }}",
        "{{ title|center(10) }}",
        "{{ title is callable }}",
        "{{ nobody }}",
        "{{ title",
        "{% for x in %}",
        "{% if %}",
        "{{ " + "9" * 6000 + " }}",
        "{{ " + "(" * 4000 + "1" + ")" * 4000 + " }}",
        "x" * (TEMPLATE_LIMIT + 1),
    ],
)  # fmt: skip
def test_s58_what_a_message_does_not_need_is_refused_when_it_is_read(template: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check(template)
        render(template, ALERT)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


LOOPS = "{% for a in text %}" * 6 + "{% endfor %}" * 6


@pytest.mark.parametrize(
    "template",
    [
        pytest.param(LOOPS, id="loops in loops, saying nothing"),
        pytest.param(LOOPS.replace("%}{% endfor", "%}{{ text }}{% endfor", 1), id="and a lot"),
        pytest.param(
            "{{ text"
            + "|replace('a','"
            + "a" * 900
            + "')" * 1
            + "|replace('a','aaaa')" * 400
            + " }}",
            id="texts that grow",
        ),
        pytest.param(
            "{% for a in text %}" + "{{ text|upper|lower|trim|length }}" * 400 + "{% endfor %}",
            id="filters in a loop",
        ),
        pytest.param(
            "{% for a in text %}" + "{% if text == subject %}x{% endif %}" * 500 + "{% endfor %}",
            id="comparisons in a loop",
        ),
        pytest.param("{{ text|join('" + "x" * 1000 + "') }}", id="letters joined"),
        pytest.param("{% for a in text %}{{ rules|tojson }}{% endfor %}", id="JSON in a loop"),
    ],
)
def test_s58_every_template_ends_soon(template: str) -> None:
    long = replace(ALERT, title="many a words " * 100, source="a" * 80)
    began = time.process_time()
    with suppress(TemplateError):
        assert len(render(template, long)) <= RESULT_LIMIT
    assert time.process_time() - began < 3.0


@pytest.mark.parametrize("kind", ["text", "html", "slack", "json"])
@pytest.mark.parametrize("name", HOSTILE)
def test_s59_an_articles_text_is_never_a_template(name: str, kind: str) -> None:
    shown = render("{{ title }}", everywhere(HOSTILE[name]), kind)
    assert "49" not in shown
    if kind == "text" and name == "HTML and script":
        assert "{{7*7}}" in shown


def test_s59_braces_in_a_title_are_printed_literally() -> None:
    hostile = replace(ALERT, title="{{ 7*7 }}{% for x in y %}{# #}")
    assert render("{{ title }}", hostile) == "{{ 7*7 }}{% for x in y %}{# #}"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("text", "<b>&\"'</b>"),
        ("html", "&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;"),
        ("slack", "&lt;b&gt;&amp;\"'&lt;/b&gt;"),
        ("json", "<b>&\"'</b>"),
    ],
)
def test_values_are_escaped_for_their_channel_and_the_template_is_not(
    kind: str, expected: str
) -> None:
    hostile = replace(ALERT, title="<b>&\"'</b>")
    assert render("<i>{{ title }}</i>", hostile, kind) == f"<i>{expected}</i>"


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_message_gives_the_same_names(kind: str) -> None:
    assert set(values(KINDS[kind])) == NAMES


@pytest.mark.parametrize("alert", [ALERT, TOLD, DIGEST], ids=["alone", "in a story", "a digest"])
def test_a_name_that_is_missing_in_one_message_fails_for_that_one_only(alert: Alert) -> None:
    template = "{{ story.title }}"
    if alert.story is None:
        with pytest.raises(TemplateError, match="no attribute"):
            render(template, alert)
    else:
        assert render(template, alert) == alert.story.title


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "{%", "%}", "title", "rules", "for", "in", "if", "endfor", "endif", "a",
             "|", "upper", "join", ".", "[", "]", "(", ")", "'", "text", "not", "==", "0", "loop", "_", "{#", "#}"]
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_text_is_a_template_or_is_refused(words: list[str]) -> None:
    try:
        assert isinstance(render(" ".join(words), TOLD), str)
    except TemplateError as error:
        assert str(error)
