"""It says when it is blind: what is wrong with the program and its surroundings, told to people.

Pure: ``notices`` (what is news of a trouble), ``feeds``, ``disk``, ``lag``, ``parsers`` (what is a
trouble). Shell: ``ground`` (the disk and the database), ``watch`` (puts it together), ``telling``
(puts notices into the outbox).
"""
