"""The end of a process."""


class Crash(KeyboardInterrupt):
    """The process is gone. asyncio hands this kind of exception on; nothing of ours catches it."""
