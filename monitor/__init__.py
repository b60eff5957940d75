"""News Monitor: feeds in, explained alerts out.

The flow, one direction only::

    Feed ─▶ FetchResult ─▶ Entry ─▶ Article ─▶ Match ─▶ Story ─▶ Decision ─▶ Alert ─▶ Delivery
    config   feeds/fetch    feeds/   articles/   rules/   stories/  alerts/     alerts/   alerts/
             (edge)         parse    extract     evaluate group     policy      render    deliver

``model`` names the values of this flow. Folders decide or do; ``pipeline``, ``scheduler`` and
``app`` put them together. docs/architecture.md holds the table of who may import whom, and
``tests/test_architecture.py`` enforces it.
"""

__version__ = "0.1.0"
