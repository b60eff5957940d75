"""Fills in what stands outside the file: ``${NAME}`` and ``{file: path}``.

Layer 3: reads secret files; the environment is a value. No message holds a resolved text.
"""

import re
import stat
from collections.abc import Mapping as AbstractMapping
from pathlib import Path
from typing import Final

from monitor.config.paths import from_file
from monitor.located import Mapping, Problem, Text

MAX_SECRET_BYTES: Final = 64_000
_REFERENCE: Final = re.compile(r"\$(?P<literal>\$\{)|\$\{(?P<inner>[^}]*)(?P<end>\}?)")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# Docker and Podman mount secrets here readable for all in the container, and only there.
_CONTAINER_SECRETS: Final = Path("/run/secrets")

Environment = AbstractMapping[str, str]


def expand(text: Text, environ: Environment) -> tuple[str, tuple[Problem, ...]]:
    """``text`` with each ``${NAME}`` replaced by that environment variable; ``$${`` is ``${``.

    A variable that is missing or empty is a Problem, and its reference stays as written.
    """
    problems: list[Problem] = []

    def filled(found: re.Match[str]) -> str:
        if found["literal"]:
            return "${"
        name = found["inner"]
        if not found["end"] or not _NAME.match(name):
            problems.append(
                Problem(
                    text.place,
                    "'${' here does not begin a variable's name. Write ${NAME} with letters, "
                    "digits and _ only, or $${ for the characters themselves.",
                )
            )
            return found[0]
        value = environ.get(name, "")
        if not value:
            state = "empty" if name in environ else "not set"
            problems.append(
                Problem(
                    text.place,
                    f"the environment variable {name} is {state}. Set it before starting, "
                    "or write $${ if the characters themselves are meant.",
                )
            )
            return found[0]
        return value

    return _REFERENCE.sub(filled, text.value), tuple(problems)


def filled_in(text: Text, environ: Environment) -> tuple[str, ...]:
    """The values that ``expand`` puts into ``text``."""
    names = (found["inner"] for found in _REFERENCE.finditer(text.value) if found["inner"])
    return tuple(environ[name] for name in names if environ.get(name))


def is_file_reference(node: object) -> bool:
    """Whether ``node`` reads ``{file: path}`` and nothing else."""
    return (
        isinstance(node, Mapping)
        and node.keys() == ("file",)
        and isinstance(node.pairs[0][1], Text)
    )


def read_secret_file(
    reference: Mapping, base: Path, environ: Environment
) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of the file that ``{file: path}`` names, one trailing line end removed.

    Relative paths start at ``base``. None with a Problem where there is no such text; a warning
    where everyone on the machine may read the file.
    """
    name = reference.pairs[0][1]
    if not isinstance(name, Text):
        return None, (Problem(reference.place, "write {file: path}, with one path."),)
    written, problems = expand(name, environ)
    if problems:
        return None, problems
    try:
        path = from_file(base, written)
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, (Problem(name.place, "this path is no file. Name a file with one text."),)
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1)
    except (OSError, ValueError) as error:  # the latter: it cannot be a path
        reason = getattr(error, "strerror", None) or "the path is not valid"
        message = f"the secret file cannot be read: {reason}. Check path and permissions."
        return None, (Problem(name.place, message),)
    text, mistake = _content(data)
    if text is None:
        return None, (Problem(name.place, mistake),)
    return text, _readable_warning(path, status.st_mode, name)


def _content(data: bytes) -> tuple[str | None, str]:
    """The secret in ``data``, or None and why there is none."""
    if len(data) > MAX_SECRET_BYTES:
        kilobytes = MAX_SECRET_BYTES // 1000
        return None, f"the secret file is larger than {kilobytes} kB. Check the path."
    if not data.strip():
        return None, "the secret file is empty. Write the secret into it."
    try:
        return data.decode("utf-8").removesuffix("\n").removesuffix("\r"), ""
    except UnicodeDecodeError:
        return None, "the secret file is not UTF-8 text. Check the path."


def _readable_warning(path: Path, mode: int, name: Text) -> tuple[Problem, ...]:
    if not mode & stat.S_IROTH or _CONTAINER_SECRETS in path.parents:
        return ()
    message = "everyone on this machine may read the secret file. Run: chmod 600 on it."
    return (Problem(name.place, message, "warning", "readable-secret"),)
