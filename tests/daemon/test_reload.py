"""What the running program makes of edited files: live within two seconds, or the last good one."""

import signal
import time

from tests.daemon.program import FERRY_RULE, Folder, Program
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY

OTHER_RULE = "id: zeppelins\nmatch: [zeppelin]\n"


def items(site: Site, count: int) -> list[Item]:
    """Entries numbered from 1, each with a page of its own."""
    made = []
    for number in range(1, count + 1):
        words = (f"Ferry number {number} left the harbour.", *FERRY.paragraphs)
        title = f"Ferry number {number} has left"
        made.append(Item(title, site.page(f"/{number}", semantic(title, words))))
    return made


def titles(folder: Folder) -> list[str]:
    """The titles that were alerted, in order."""
    return [str(line["title"]).removesuffix(" has left") for line in folder.archive()]


def test_the_life_of_a_rule_file(site: Site, folder: Folder) -> None:
    """Dropped in, used, broken, mended, deleted: one program all the way."""
    old, new, third, fourth = items(site, 4)
    address = site.serve("/feed", feed(old))
    folder.rule("zeppelins.yaml", OTHER_RULE)
    folder.write(feeds=[address])
    with Program(folder, "--debug") as program:
        program.wait_for("feed polled .*new=1 handled=1")
        program.wait_for("no rule matches .*Ferry number 1")  # said when the article is stored

        began = time.monotonic()
        folder.rule("ferries.yaml", FERRY_RULE)
        program.wait_for(r'rule loaded .*rule=ferries tests="2 tests pass"')
        assert time.monotonic() - began < 2.5  # two seconds, and a machine that others use

        site.serve("/feed", feed(new, old))
        folder.make_due()
        program.wait_for("delivered")
        assert titles(folder) == ["Ferry number 2"], "stored articles stay silent"

        here = program.here()
        folder.rule("ferries.yaml", "id: ferries\nmatch: {anny: [ferry]}\n")
        program.wait_for(r"rule file has mistakes: .*ferries\.yaml:2:9: .*anny", after=here)
        program.wait_for(r"the last good version runs on .*ferries\.yaml", after=here)
        site.serve("/feed", feed(third, new, old))
        folder.make_due()
        program.wait_for("delivered", after=here)

        here = program.here()
        (folder.path / "rules" / "ferries.yaml").unlink()
        program.wait_for("rule removed .*rule=ferries", after=here)
        site.serve("/feed", feed(fourth, third, new, old))
        folder.make_due()
        program.wait_for("feed polled .*new=1 handled=1", after=here)
        program.wait_for("no rule matches .*Ferry number 4", after=here)
        program.send(signal.SIGTERM)
        assert program.end() == 0
        assert "Traceback" not in program.output
    assert titles(folder) == ["Ferry number 2", "Ferry number 3"]


def test_the_life_of_a_config_file(site: Site, folder: Folder) -> None:
    """Saved, broken, mended, told by SIGHUP: feeds, channels and rules follow."""
    first, second = items(site, 2)
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[site.serve("/one", feed(first))])
    with Program(folder) as program:
        program.wait_for("delivered .*to=archive")
        for _ in range(3):  # nothing changed: nothing happens
            program.send(signal.SIGHUP)

        here = program.here()
        folder.write_config_text("feeds: []\npoling: {}\n")
        program.wait_for(r"config not taken.*config\.yaml:2:1: .*polling", after=here)

        here = program.here()
        later = {"type": "file", "path": "later.jsonl"}
        folder.write(
            feeds=[f"{site.base}/one", site.serve("/two", feed(second))],
            notifiers={"later": later},
        )
        program.wait_for("config loaded .*feeds=2", after=here)
        program.wait_for("delivered .*to=later", after=here)

        here = program.here()
        folder.write(notifiers={"later": {**later, "colour": "red"}})
        program.wait_for(r"config not taken.*config\.yaml:.*colour", after=here)

        here = program.here()
        folder.write(notifiers={"later": later}, data="./elsewhere", feeds=[])
        program.send(signal.SIGHUP)
        program.wait_for("restart to apply the change of data", after=here)
        program.wait_for("config loaded .*feeds=0", after=here)

        program.send(signal.SIGTERM)
        assert program.end() == 0
        assert "Traceback" not in program.output
        assert program.output.count("config loaded") == 2
    assert titles(folder) == ["Ferry number 1"]
    assert "Ferry number 2" in (folder.path / "later.jsonl").read_text()
    assert len(site.to("/one")) == 1, "a reload is no poll"
    assert not (folder.path / "elsewhere").exists()
