"""The shell: take a feed, or an entry, through the stages, and store what comes of it.

::

    poll.py      one feed:  fetch ─▶ parse ─▶ which entries are new ─▶ one transaction
    article.py   one entry: fetch page ─▶ extract ─▶ match ─▶ decide ─▶ one transaction

Layer 4. Everything decided is decided by pure functions; here values are fetched for them and their
answers stored. Sending is ``alerts/deliver``, from the outbox.
"""
