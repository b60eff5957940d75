"""``why``: one article's whole way, or what its rules would say of a page that no feed brought.

Layer 5. Nothing is stored and nothing is sent. The JSON shape is in docs/why.md.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import click

from monitor.app import make_outbound
from monitor.cli.history import article_json, decision_json, delivery_json, item_json
from monitor.cli.output import clean_line, count, emit, iso, say
from monitor.cli.user import json_option, rule_of, tell, user_files
from monitor.errors import UsageError
from monitor.rules.explained import explanation_json, explanation_lines
from monitor.rules.rule import Rule
from monitor.store import FILE_NAME, KnownEntry, Store, open_store
from monitor.userfiles import UserFiles
from monitor.why import Answer, Question, RuleAnswer, Verdict, page_reader, why
from monitor.why.answer import Sent, StoryPlace
from monitor.workers import Workers

_MARKS = {Verdict.YES: "ok", Verdict.NO: "no", Verdict.WAITS: "waits", Verdict.UNKNOWN: "?"}


@click.command("why")
@click.argument("url")
@click.option("--rule", "rule_id", default=None, metavar="ID", help="This rule's whole tree.")
@click.option("--offline", is_flag=True, help="Fetch nothing: only what is stored.")
@json_option
@click.pass_context
def command(
    context: click.Context, url: str, rule_id: str | None, offline: bool, as_json: bool
) -> int:
    """Say why an article was alerted, or was not: feed, page, every rule, decision, messages.

    A page that no feed brought is fetched now. Exit 1 when it cannot be had.
    """
    files = user_files(context)
    wrong = tell(files.problems)
    rule = rule_of(files.rules, rule_id) if rule_id is not None else None
    answer = asyncio.run(_answer(files, url, rule, offline=offline))
    if as_json:
        emit(answer_json(answer))
    else:
        _show(answer)
    if wrong:
        return 2
    return 1 if answer.page_failed else 0


async def _answer(files: UserFiles, url: str, rule: Rule | None, *, offline: bool) -> Answer:
    """Raises UsageError for what is no web address, StoreError if the database cannot be read."""
    settings = files.settings
    question = Question(
        url, settings, files.rules.book, _store(files), None, datetime.now(UTC), rule
    )
    if not question.canonical:
        raise UsageError(f"'{url}' is no web address. Give one that begins with https://")
    outbound, workers = make_outbound(settings), Workers()
    try:
        if not offline:
            read = page_reader(outbound, workers, settings.articles, settings.polling)
            question = question.with_page(read)
        return await why(question)
    finally:
        await workers.close()
        await outbound.aclose()
        if question.store is not None:
            question.store.close()


def _store(files: UserFiles) -> Store | None:
    """The store; None where nothing was ever stored, which is an answer too."""
    data = files.settings.data
    return open_store(data, read_only=True) if (data / FILE_NAME).exists() else None


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer for programs."""
    return {
        "url": answer.url, "canonical": answer.canonical, "kind": answer.kind.value,
        "answer": answer.told, "mend": answer.mend or None, "stored": answer.stored,
        "copy_of": answer.original,
        "stages": [
            {"stage": each.name, "result": each.verdict.value, "told": each.told,
             "mend": each.mend or None}
            for each in answer.stages
        ],
        "entries": [_entry_json(entry) for entry in answer.entries],
        "article": article_json(answer.article) if answer.article is not None else None,
        "rules": answer.rules,
        "fired": [_rule_json(each) for each in answer.fired],
        "nearest": [_rule_json(each) for each in answer.nearest],
        "asked": _rule_json(answer.asked) if answer.asked is not None else None,
        "story": _story_json(answer.story) if answer.story is not None else None,
        "waits": [item_json((each.waiting, each.digest)) for each in answer.later],
        "deliveries": [_sent_json(each) for each in answer.sent],
    }  # fmt: skip


def _story_json(story: StoryPlace) -> dict[str, Any]:
    return {
        "id": story.id, "title": story.title or None, "articles": story.articles,
        "number": story.number, "score": story.score, "reason": story.reason,
        "nearest": [
            {"id": near.id, "score": near.score, "title": near.title or None}
            for near in story.nearest
        ],
    }  # fmt: skip


def _entry_json(entry: KnownEntry) -> dict[str, Any]:
    return {
        "feed": entry.feed_url, "link": entry.link, "status": entry.status.value,
        "reason": entry.reason, "attempts": entry.attempts, "seen_at": iso(entry.seen_at),
        "next_try_at": iso(entry.next_try_at),
    }  # fmt: skip


def _rule_json(answer: RuleAnswer) -> dict[str, Any]:
    found = answer.explanation
    return {
        "rule": answer.rule_id, "title": answer.title, "fires": answer.fires,
        "recorded": answer.recorded, "note": answer.note or None, "mends": list(answer.mends),
        "decision": decision_json(answer.decision) if answer.decision is not None else None,
        "explanation": explanation_json(found) if found is not None else None,
    }  # fmt: skip


def _sent_json(sent: Sent) -> dict[str, Any]:
    return {
        "alert": sent.alert_id, "kind": sent.kind.value, "follows": sent.follows,
        **delivery_json(sent.delivery.delivery),
        "rules": list(sent.delivery.rules),
        "history": [
            {"at": iso(attempt.started_at), "outcome": attempt.outcome}
            for attempt in sent.delivery.attempts
        ],
    }  # fmt: skip


def _show(answer: Answer) -> None:
    say(clean_line(answer.told))
    if answer.mend:
        say(clean_line(f"  mend: {answer.mend}"))
    say()
    for stage in answer.stages:
        say(f"{stage.name:<10} {_MARKS[stage.verdict]:<6} {clean_line(stage.told)}")
    for each in answer.sent:
        for attempt in each.delivery.attempts:
            name = each.delivery.delivery.notifier
            told = clean_line(f"{name}: {attempt.outcome}")
            say(f"{'':<18}{iso(attempt.started_at)} {told}")
    if answer.asked is not None:
        _show_rule(answer.asked, every=True)
        return
    for rule in answer.fired:
        _show_rule(rule, every=False)
    if answer.nearest:
        say()
        say(f"Nearest misses ({len(answer.nearest)} of {count(answer.rules, 'rule')}; a whole "
            "tree: --rule ID)")  # fmt: skip
    for rule in answer.nearest:
        _show_rule(rule, every=False)


def _show_rule(answer: RuleAnswer, *, every: bool) -> None:
    say()
    if answer.explanation is None:
        say(clean_line(f"{answer.rule_id}: {answer.note}"))
        return
    for line in explanation_lines(answer.explanation, every=every):
        say(clean_line(line))
    if answer.note:
        say(clean_line(f"  note: {answer.note}"))
    for mend in answer.mends:
        say(clean_line(f"  mend: {mend}"))
