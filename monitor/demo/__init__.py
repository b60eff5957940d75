"""The sample world of ``news-monitor demo``: made-up outlets, served on loopback.

Layer 5. ``world`` reads the stories (data files below ``world/``), ``pages`` and ``feeds`` turn
them into HTML and feeds (pure), ``server`` serves them. Nothing here describes real events.
"""
