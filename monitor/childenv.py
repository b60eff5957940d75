"""Keep secrets out of the environment of our children: parsers of hostile pages need none.

Layer 4. Whoever may look at a process may read the environment with which it was started
(proc(5), /proc/PID/environ).
"""

import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

_REFERENCE: Final = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NEEDED: Final = frozenset({"PATH", "HOME", "LANG", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV"})


def without_secrets(environ: MutableMapping[str, str], config: Path) -> dict[str, str]:
    """Take the variables that ``config`` refers to out of ``environ``; returns what was taken.

    What programs need to start at all stays, whoever refers to it.
    """
    try:
        text = config.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    named = {name for name in _REFERENCE.findall(text) if name not in _NEEDED}
    return {name: environ.pop(name) for name in sorted(named) if name in environ}
