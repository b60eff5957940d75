"""What a technician asks after a run: alerts, articles, status, feeds, previews, sending again."""

import re

import pytest

from .conftest import Call, Lived, Said

HIT = "Analysis: why Microsoft wants a stake in Mistral AI"


def ask(call: Call, lived: Lived, *arguments: str) -> Said:
    return call("--config", str(lived.config), *arguments)


def alert_id(call: Call, lived: Lived) -> str:
    found = ask(call, lived, "alerts", "--json").documents
    return str(next(alert["id"] for alert in found if alert["title"] == HIT))


def test_run_once_sums_up_in_json_and_keeps_alerts_off_standard_output(lived: Lived) -> None:
    (summary,) = lived.first.documents
    assert {key: summary[key] for key in ("feeds", "failed", "new_entries", "copies", "alerts")} == {
        "feeds": 9, "failed": 2, "new_entries": 28, "copies": 1, "alerts": 7,
    }  # fmt: skip
    assert {failure["name"] for failure in summary["failures"]} == {
        "Vanished Courier", "Static Gazette",
    }  # fmt: skip
    assert all(failure["error"] for failure in summary["failures"])
    assert summary["undelivered"].keys() == {"hook"}
    assert sum(summary["undelivered"]["hook"].values()) == 7, "tried, or waiting for the channel"
    assert HIT in lived.first.err
    assert lived.first.code == 0


def test_a_second_run_alerts_on_nothing_twice(lived: Lived) -> None:
    (summary,) = lived.second.documents
    assert (summary["new_entries"], summary["alerts"]) == (0, 0)


def test_alerts_lists_each_with_what_became_of_it(call: Call, lived: Lived) -> None:
    for arguments in (("alerts",), ("alerts", "list")):
        said = ask(call, lived, *arguments)
        assert said.code == 0
        assert said.out.count("screen: sent at") == 7
        assert said.out.count("hook: retry") + said.out.count("hook: pending") == 7
        assert "hook: retry" in said.out


@pytest.mark.parametrize(
    ("arguments", "number"),
    [
        pytest.param((), 7, id="all"),
        pytest.param(("--limit", "2"), 2, id="the newest"),
        pytest.param(("--rule", "eu-antitrust-ai"), 3, id="of a rule"),
        pytest.param(("--rule", "nobody"), 0, id="of no rule"),
        pytest.param(("--since", "1h"), 7, id="of the last hour"),
        pytest.param(("--state", "sent"), 7, id="with a delivery that was sent"),
        pytest.param(("--state", "failed"), 0, id="with a delivery that failed"),
    ],
)
def test_alerts_can_be_narrowed(
    call: Call, lived: Lived, arguments: tuple[str, ...], number: int
) -> None:
    assert len(ask(call, lived, "alerts", "--json", *arguments).documents) == number
    assert ("no alerts that fit" in ask(call, lived, "alerts", *arguments).out) == (number == 0)


def test_alerts_show_tells_the_whole_story(call: Call, lived: Lived) -> None:
    beginning = alert_id(call, lived)[:7]
    said = ask(call, lived, "alerts", "show", beginning)
    assert said.out.splitlines()[0] == HIT
    for part in ("  > ", "*Microsoft*", "microsoft-mistral: sent", "\nhook: ", "accepted"):
        assert part in said.out
    (document,) = ask(call, lived, "alerts", "show", beginning, "--json").documents
    assert [item["notifier"] for item in document["deliveries"]] == ["screen", "archive", "hook"]
    assert document["decisions"][0]["outcome"] == "sent"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("alerts", "show", "zzz"), "no alert has the id 'zzz'", id="an unknown id"),
        pytest.param(("alerts", "show", ""), "no alert has the id ''", id="an empty id"),
        pytest.param(("alerts", "resend", "zzz"), "no alert has the id", id="resend of nothing"),
        pytest.param(("articles", "http://127.0.0.1/x"), "has this address", id="unknown article"),
        pytest.param(("preview", "zzz", "--to", "hook"), "no alert has the id", id="preview"),
        pytest.param(("preview", "test", "--to", "hoot"), "Did you mean 'hook'?", id="notifier"),
    ],
)
def test_what_is_not_there_is_two(
    call: Call, lived: Lived, arguments: tuple[str, ...], told: str
) -> None:
    said = ask(call, lived, *arguments)
    assert (said.code, said.out, told in said.err) == (2, "", True)


def test_resend_leaves_alone_what_was_delivered_and_says_so(call: Call, lived: Lived) -> None:
    said = ask(call, lived, "alerts", "resend", alert_id(call, lived), "--to", "screen")
    assert (said.code, "screen: sent" in said.out, "--sent-too" in said.out) == (0, True, True)
    assert "hook" not in said.out, "only the one that was asked for"
    wrong = ask(call, lived, "alerts", "resend", alert_id(call, lived), "--to", "desk")
    assert (wrong.code, "it has: screen, archive, hook" in wrong.err) == (2, True)


def test_resend_makes_a_delivery_due_again(call: Call, lived: Lived) -> None:
    arguments = ("alerts", "resend", alert_id(call, lived), "--to", "archive", "--sent-too")
    (document,) = ask(call, lived, *arguments, "--json").documents
    assert document["requeued"] == ["archive"]
    shown = ask(call, lived, "alerts", "show", alert_id(call, lived)).out
    assert "archive: pending" in shown


def test_preview_shows_the_payload_and_sends_nothing(call: Call, lived: Lived) -> None:
    said = ask(call, lived, "preview", alert_id(call, lived)[:6], "--to", "hook")
    assert said.code == 0
    assert HIT in said.out
    assert "0123456789abcdef" not in said.out, "the secret"


def test_articles_are_listed_and_shown(call: Call, lived: Lived) -> None:
    listed = ask(call, lived, "articles", "--json", "--limit", "100").documents
    assert len(listed) == 27
    (one,) = ask(call, lived, "articles", "--json", "--title", "crane seven").documents
    shown = ask(call, lived, "articles", one["url"])
    assert "no rule matched" in shown.out
    assert "no articles that fit" in ask(call, lived, "articles", "--title", "zzz").out
    hit = next(article for article in listed if article["title"] == HIT)
    (whole,) = ask(call, lived, "articles", hit["url"], "--json").documents
    assert [decision["rule"] for decision in whole["decisions"]] == ["microsoft-mistral"]


def test_what_articles_prints_match_takes(call: Call, lived: Lived) -> None:
    printed = ask(call, lived, "articles", "--json", "--limit", "100").out
    lived.config.with_name("articles.jsonl").write_text(printed, encoding="utf-8")
    said = ask(call, lived, "match", str(lived.config.with_name("articles.jsonl")))
    assert (said.code, said.err) == (0, "")
    assert sum(bool(document["matches"]) for document in said.documents) == 7


def test_status_fits_a_screen(call: Call, lived: Lived) -> None:
    said = ask(call, lived, "status")
    assert said.out.splitlines()[0] == "feeds       7 ok, 2 failing, 0 not polled yet"
    (hook,) = [line for line in said.out.splitlines() if line.startswith("to hook ")]
    assert sum(map(int, re.findall(r"([0-9]+) (?:retry|pending)", hook))) == 7
    assert said.code == 0, "what is still tried needs nobody"
    (document,) = ask(call, lived, "status", "--json").documents
    assert (document["ok"], document["articles"]) == (True, 27)


def test_feeds_list_names_the_last_error(call: Call, lived: Lived) -> None:
    rows = ask(call, lived, "feeds").out.splitlines()
    assert rows[0] == "9 feeds, 2 failing"
    (broken,) = [row for row in rows if row.startswith("Vanished Courier")]
    assert "failing (2×)" in broken
    assert broken.endswith("127.0.0.1 answered 404")
    documents = ask(call, lived, "feeds", "--json").documents
    assert sorted(document["health"] for document in documents) == [
        "failing (2×)", "failing (2×)", *["ok"] * 7,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code", "delivered"),
    [
        pytest.param("screen", 0, True, id="a channel that works"),
        pytest.param("hook", 1, False, id="a channel that nobody answers"),
    ],
)
def test_send_test(call: Call, lived: Lived, name: str, code: int, delivered: bool) -> None:
    said = ask(call, lived, "send-test", name, "--json")
    (document,) = said.documents
    assert (said.code, document["delivered"], bool(document["error"])) == (
        code, delivered, not delivered,
    )  # fmt: skip
    plain = ask(call, lived, "send-test", name)
    assert (f"{name}: accepted" in plain.out, f"{name}: not delivered" in plain.err) == (
        delivered, not delivered,
    )  # fmt: skip


def test_a_mistake_in_another_notifier_is_told_and_costs_no_test(call: Call, lived: Lived) -> None:
    config = lived.config.with_name("other.yaml")
    config.write_text("notifiers: {good: {type: console}, bad: {type: slack}}\nrules: []\n")
    said = call("--config", str(config), "send-test", "good")
    assert (said.code, "good: accepted" in said.out, "give webhook_url" in said.err) == (
        2, True, True,
    )  # fmt: skip
    assert call("--config", str(config), "send-test", "bad").code == 2
