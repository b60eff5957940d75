"""Feeds: fetch and parse (edges); when to poll, and what a first poll means (pure)."""
