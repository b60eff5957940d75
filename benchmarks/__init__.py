"""Measurements, run by hand: what the stages cost, and how well pages are read.

::

    stages.py          ``make bench``: CPU per item and stage, beside the bare libraries
      ├── polls.py     polls against a loopback server (server.py, a process of its own)
      ├── reading.py   feeds parsed, pages read
      ├── matching.py  rules on articles
      ├── made_up.py   feeds, pages, articles and rules, the same in every run
      ├── cpu.py       processor time of a whole process tree
      └── table.py     rounds, medians, ratios
    extraction_f1.py   how well pages are read, on a folder of the user's

No part of the program; docs/benchmarks.md tells how to run and read them.
"""
