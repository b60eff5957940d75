"""What lets the program start quickly; each line saves a measured part of a second.

Layer 5. For the program only (``main``): whoever imports ``monitor`` keeps their own Python.
"""

import gc
import os
import sys

_OFTEN = 50_000  # objects made between two looks for garbage; Python's own 700 suits small programs


def lighten() -> None:
    """Leave out what libraries load for uses that we do not have. Call it before importing them.

    - httpx brings a command line with it (rich, pygments), and does without where that is missing.
    - pydantic looks through every installed package for plugins (PYDANTIC_DISABLE_PLUGINS, its
      manual, "Plugins"); what a user set stays.
    - While thousands of functions and classes are made, the garbage collector finds nothing.
    """
    gc.disable()
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: cannot be imported
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def loaded() -> None:
    """All is imported: what there is now is no garbage, and need not be looked at again."""
    gc.freeze()
    gc.set_threshold(_OFTEN, 20, 50)
    gc.enable()


def leave() -> None:
    """The process ends: its memory goes as a whole, without a last look for garbage."""
    gc.freeze()
