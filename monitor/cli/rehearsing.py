"""What a rehearsal goes by: the rules, and the policy that the user's settings stand for.

Layer 5.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from monitor import plugins
from monitor.alerts.known import AlertPolicy
from monitor.cli.output import clean_line, complain
from monitor.config.alertpolicy import alert_policy
from monitor.config.settings import Settings
from monitor.notifier import Updates
from monitor.rules.book import RuleBook
from monitor.rules.rule import Rule


class RulesById(Mapping[str, Rule]):
    """The rules of a book by id; a packed one is opened only when it is asked for."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book

    def __getitem__(self, rule_id: str) -> Rule:
        rule = self._book.rule(rule_id)
        if rule is None:
            raise KeyError(rule_id)
        return rule

    def __iter__(self) -> Iterator[str]:
        return (rule.id for rule in self._book.rules)

    def __len__(self) -> int:
        return len(self._book.rules)


def policy_of(settings: Settings) -> tuple[AlertPolicy, bool]:
    """The policy, and whether a notifier's type cannot be found; that is told.

    The classes of the notifiers are asked whether they can change a message, and not made: a
    rehearsal needs no password.
    """
    updates: set[str] = set()
    wrong = False
    try:
        sources = plugins.find(settings.plugins)
    except plugins.PluginError as error:
        complain(clean_line(str(error)))
        return alert_policy(settings), True
    for each in settings.notifiers:
        try:
            if issubclass(plugins.load(each.type, sources), Updates):
                updates.add(each.name)
        except plugins.PluginError as error:
            complain(clean_line(f"{each.place}: {error}"))
            wrong = True
    return alert_policy(settings, updates), wrong


def window_of(settings: Settings) -> timedelta | None:
    """How long a quiet story stays open; None: every article is its own story."""
    seconds = settings.stories.window
    return None if seconds is None else timedelta(seconds=seconds)
