"""Boolean strings of other products, translated into rules.

Layer 1, pure. A dialect's file holds its lexer and its order of precedence; ``grammar`` parses by
that order into the common tree of ``query``; ``lower`` turns it into a rule's tree and says what
could not be kept; ``writing`` writes YAML; ``files`` translates a whole file of strings.
docs/rules-import.md is the manual.
"""
