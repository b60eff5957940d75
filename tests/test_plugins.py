"""Notifiers are found by name, imported only when wanted, and each failure is told apart."""

import subprocess
import sys
from pathlib import Path

import pytest

from monitor.plugins import PluginError, PluginSource, check_own_package, find, load

PLUGIN = """
from dataclasses import dataclass
from notifiers import Alert, Context, Receipt

@dataclass(frozen=True)
class Notifier:
    topic: str = "news"

    async def send(self, alert: Alert, context: Context) -> Receipt:
        return Receipt()
"""


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def test_the_built_in_notifiers_are_listed_by_name() -> None:
    assert list(find()) == ["apprise", "console", "email", "feed", "file", "slack", "webhook"]


def test_listing_imports_nothing() -> None:
    code = (
        "import sys\nfrom monitor.plugins import find, check_own_package\n"
        "check_own_package(); find()\n"
        "print([name for name in sys.modules if name.startswith('notifiers')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert done.stdout.strip() == "[]"


def test_a_file_in_a_plugin_folder_is_a_notifier_of_its_name(tmp_path: Path) -> None:
    folder = written(tmp_path, "pager.py", PLUGIN)
    written(tmp_path, "_half.py", "raise RuntimeError")
    written(tmp_path, "notes.txt", "x")
    sources = find([folder])
    assert "pager" in sources
    assert "_half" not in sources
    kind = load("pager", sources)
    assert kind().topic == "news"


def test_the_same_folder_named_twice_is_no_clash(tmp_path: Path) -> None:
    folder = written(tmp_path / "plug", "pager.py", PLUGIN)
    assert "pager" in find([folder, tmp_path / "plug" / ".." / "plug"])
    own = Path(__file__).parent.parent / "notifiers"
    assert list(find([own])) == list(find())


def test_two_notifiers_of_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    folder = written(tmp_path, "slack.py", PLUGIN)
    with pytest.raises(PluginError) as caught:
        find([folder])
    assert "built in" in str(caught.value)
    assert str(folder / "slack.py") in str(caught.value)


def test_a_plugin_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="does not exist"):
        find([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("slak", "Did you mean 'slack'?", id="a slip of the pen gets a proposal"),
        pytest.param("telex", "There are: apprise, console", id="an unknown name gets the list"),
        pytest.param("_smtp", "no notifier type is called '_smtp'", id="inner files are none"),
    ],
)
def test_an_unknown_type_is_told_with_what_there_is(name: str, words: str) -> None:
    with pytest.raises(PluginError) as caught:
        load(name, find())
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("import nothing_of_this_name", "failed: ModuleNotFoundError", id="no library"),
        pytest.param("def", "failed: SyntaxError", id="no Python"),
        pytest.param("raise SystemExit(3)", "failed: SystemExit", id="wants to end the program"),
        pytest.param("x = 1", "holds no class called Notifier", id="nothing in it"),
        pytest.param("Notifier = 7", "holds no class called Notifier", id="no class"),
        pytest.param(
            "class Notifier:\n  async def send(self, a, c): ...", "is no dataclass", id="no options"
        ),
        pytest.param(
            "import dataclasses\n@dataclasses.dataclass\nclass Notifier:\n  def send(self): ...",
            "without 'async def send",
            id="send that cannot be awaited",
        ),
    ],
)
def test_a_plugin_that_cannot_be_used_is_told(text: str, words: str, tmp_path: Path) -> None:
    folder = written(tmp_path, "bad.py", text)
    sources = find([folder])  # listing does not mind
    with pytest.raises(PluginError) as caught:
        load("bad", sources)
    assert words in str(caught.value)
    assert "bad.py" in str(caught.value)


def test_an_entry_point_is_a_notifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "paging-1.0.dist-info"
    written(info, "METADATA", "Metadata-Version: 2.1\nName: paging\nVersion: 1.0\n")
    written(info, "entry_points.txt", "[news_monitor.notifiers]\npaging = paging_plugin\n")
    written(tmp_path, "paging_plugin.py", PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    sources = find()
    assert sources["paging"].shown == "installed by paging"
    assert load("paging", sources).__name__ == "Notifier"


def test_every_built_in_loads() -> None:
    sources = find()
    for name in sources:
        assert load(name, sources).__name__ == "Notifier"


def test_our_own_package_is_accepted() -> None:
    check_own_package()


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        pytest.param("VERSION = 2", False, id="a stranger's package is refused"),
        pytest.param("NEWS_MONITOR_PLUGINS = True", True, id="our mark makes it ours"),
    ],
)
def test_a_package_of_the_same_name_is_judged_unopened(
    text: str, accepted: bool, tmp_path: Path
) -> None:
    written(tmp_path / "notifiers", "__init__.py", text + "\nprint('imported')")
    code = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}]\n"
        "from monitor.plugins import check_own_package, PluginError\n"
        "try:\n  check_own_package()\nexcept PluginError as error:\n  print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    assert "imported" not in done.stdout
    assert (done.stdout == "") is accepted
    if not accepted:
        assert "another package called 'notifiers' stands in the way" in done.stdout
        assert "virtual environment" in done.stdout


def test_a_source_says_where_it_is_from() -> None:
    assert find()["slack"] == PluginSource("slack", "built in", module="notifiers.slack")
