"""Articles: read one out of a page, or out of its feed; recognise copies."""
