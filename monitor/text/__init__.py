"""Text as the rules read it: words, sentences, character classes, addresses. Layer 0."""
