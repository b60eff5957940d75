"""Rules from examples, and exclusions from false alarms. Layer 1, pure.

::

    examples ─▶ terms ─▶ masks ─▶ groups ─▶ separate ─▶ write      a new rule (draft)
    a rule and its false alarms ─▶ nearby ─▶ tune ─▶ edit           a smaller one (tune)

Both only propose: every proposal is judged by the engine that runs live, and where nothing safe
separates the examples the answer is a Refusal with its reasons. Nothing is random: the same
examples give the same rule. docs/rules-draft.md is the manual.
"""
