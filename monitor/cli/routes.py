"""``routes``: who is told what and when, in words, and tried out.

Layer 5.
"""

from zoneinfo import ZoneInfo

import click

from monitor.cli.output import clean_line, emit, say, table
from monitor.cli.routes_trial import trial
from monitor.cli.routes_words import route_json, takes, tells, when
from monitor.cli.user import ListsByDefault, json_option, settings_of
from monitor.config.settings import Settings


@click.group("routes", cls=ListsByDefault)
def command() -> None:
    """Who is told what and when; try it out."""


@command.command("list")
@json_option
@click.pass_context
def list_routes(context: click.Context, as_json: bool) -> int:
    """List the routes in the order in which they are tried."""
    settings, _ = settings_of(context)
    zone = ZoneInfo(settings.timezone)
    if as_json:
        for route in settings.routes:
            emit(route_json(route, zone))
        return 0
    _show(settings, zone)
    return 0


def _show(settings: Settings, zone: ZoneInfo) -> None:
    routes = settings.routes
    names = ", ".join(notifier.name for notifier in settings.notifiers)
    if not routes:
        say(clean_line(f"no routes: every alert goes to every notifier at once ({names})"))
    else:
        rows = [(route.name, takes(route.match), tells(route), when(route, zone))
                for route in routes]  # fmt: skip
        table(("route", "takes", "tells", "when"), rows)
        say()
        say("The first route that fits is taken. A rule that names its notifiers takes none.")
        if not any(route.match.catch_all for route in routes):
            say("An alert that no route takes is told to nobody.")
    say(clean_line(f"Times are those of {zone}."))
    for notifier in settings.notifiers:
        fuse = "no fuse" if notifier.fuse is None else f"at most {notifier.fuse}"
        say(clean_line(f"{notifier.name}: {fuse}"))


command.add_command(trial)
