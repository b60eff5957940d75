"""Where a path of the user's file leads. Layer 3: ``~`` asks the system for a home folder."""

from pathlib import Path


def from_file(base: Path, text: str) -> Path:
    """``text`` as a path; a relative one starts at ``base``, the folder of the user's file.

    Raises ValueError, with a sentence for people, for what cannot be a path.
    """
    if not text.strip() or "\0" in text:
        raise ValueError("this is no path. Write one.")
    try:
        return base / Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError("this path begins with '~' and a name that has no home.") from error
