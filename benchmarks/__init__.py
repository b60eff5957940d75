"""Measurements, run by hand: what the stages cost, and how well pages are read.

::

    stages.py          ``make bench``: CPU per item and stage, beside the bare libraries
      ├── polls.py     polls against a loopback server (server.py, a process of its own)
      ├── reading.py   feeds parsed, pages read
      ├── matching.py  rules on articles
      ├── made_up.py   feeds, pages, articles and rules, the same in every run
      ├── cpu.py       processor time of a whole process tree
      └── table.py     rounds, medians, ratios
    match_peers.py     ``make bench-match``: matching beside its peers
      ├── match_turns.py    who is measured, and in which order
      ├── match_worker.py   one engine in a process of its own
      ├── match_engines.py  ours, and the peers
      ├── match_filed.py    what stands behind a peer that only finds words
      └── match_rules.py    rules and articles, the same in every run
    feed_parsing.py    reading one feed: the quick way beside feedparser
    polling_replay.py  delay from publication to discovery, at equal polls
      └── polling_feeds.py  made-up feeds: publication times only
    extraction_f1.py   how well pages are read, on a folder of the user's

No part of the program; docs/benchmarks.md tells how to run and read them.
"""
