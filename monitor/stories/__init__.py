"""Articles about one event: which belong together, and what figures their outlets give.

Layer 1, pure: articles and times in, decisions with reasons out.
"""
