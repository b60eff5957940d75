"""Feeds as they come, made up: a document and what it must be read as."""
