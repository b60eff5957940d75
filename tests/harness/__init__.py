"""Deterministic fault injection: the real program in virtual time, on a disk and a network of ours.

::

    chance ─ a seed ─▶ plan (which fault at which step)
                         │
    life: the real App, store, rules and notifiers, from start to end or crash; as many as it takes
      on  virtualtime   a loop whose clock jumps to the next timer
          disk          SQLite's files as pages: what was synced, what only was written
          network       feeds, pages and receivers in memory, each with a log of what it accepted
                         │
    invariants ─ after every commit and acceptance, and at the end

Simulated: the clocks, the network from ``httpx`` on, the disk below SQLite, crashes and power cuts.
Not simulated: sockets and TLS, parser processes, threads of the store, signals, SMTP; those are in
tests/daemon, tests/net, tests/notifiers and in benchmarks/torture.py. SQLite here is the one that
comes with ``apsw`` in exclusive locking mode; the program's own is the interpreter's.
"""
