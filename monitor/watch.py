"""Notice that the user's files changed, by looking at them.

Layer 4. Looking once a second costs a few system calls per file and works on every file system,
network mounts and container volumes included, where change events often do not arrive.
"""

from collections.abc import Sequence
from pathlib import Path

from monitor.config.rulefiles import find

Signature = tuple[tuple[str, int, int], ...]


def signature(config: Path, rules: Sequence[Path]) -> Signature:
    """What the files look like from outside: path, time of change (nanoseconds), size (bytes).

    Lists that rule files name (``{file: names.txt}``) stand beside them: every ``.txt`` counts.
    """
    folders = [path for path in rules if path.is_dir()]
    lists = [name for folder in folders for name in sorted(folder.rglob("*.txt"))]
    return tuple(
        (str(path), stat[0], stat[1])
        for path in (config, *find(rules), *lists)
        if (stat := _stat(path)) is not None
    )


def _stat(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
