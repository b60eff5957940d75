"""Build the configured notifiers: find the type, bind its options, tell every mistake.

Layer 4: the only place where plugins meet the user's options.
"""

from collections.abc import Mapping
from pathlib import Path

from monitor import plugins
from monitor.alerts.deliver import Channel
from monitor.config.bind import bind
from monitor.config.settings import NotifierSettings, Settings
from monitor.located import Place, Problem, Text
from monitor.notifier import Notifier


def build_channels(
    settings: Settings, config_path: Path, environ: Mapping[str, str]
) -> tuple[dict[str, Channel], tuple[Problem, ...]]:
    """The channels by name, in the order of the file, and every Problem with their options.

    Raises:
        PluginError: the plugin folders or the notifiers package itself cannot be used.
    """
    plugins.check_own_package()
    sources = plugins.find(settings.plugins)
    channels: dict[str, Channel] = {}
    problems: list[Problem] = []
    for wanted in settings.notifiers:
        try:
            cls = plugins.load(wanted.type, sources)
        except plugins.PluginError as error:
            problems.append(Problem(_type_place(wanted), str(error)))
            continue
        built, told = bind(cls, wanted.options, config_path.parent.absolute(), environ)
        problems.extend(told)
        if isinstance(built, Notifier):
            channels[wanted.name] = Channel(built, wanted.on_uncertain)
    return channels, tuple(problems)


def _type_place(wanted: NotifierSettings) -> Place:
    node = wanted.options.get("type")
    return node.place if isinstance(node, Text) else wanted.place
