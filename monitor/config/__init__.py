"""The user's files: located YAML, typed settings, secrets, rule files. Layer 3."""
