"""The rule language: from located values to matches with evidence. Layer 1, pure."""
