"""The machine's time zone, for those who set none. Layer 3: reads TZ and /etc/localtime."""

from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name


def machine_zone() -> str:
    """An IANA name such as ``Europe/Brussels``; ``UTC`` where the machine does not say."""
    try:
        name = get_localzone_name()
        ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError):  # unknown, contradictory or unreadable
        return "UTC"
    return str(name)
