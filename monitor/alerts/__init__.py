"""Alerts: decide, compose, render (pure); deliver from the outbox (shell)."""
