"""Silences: what people asked not to hear of, and until when."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from monitor.alerts.silences import Silence
from monitor.errors import UsageError
from monitor.store.codec import decode_silence, encode
from monitor.store.schema import silences
from monitor.store.session import Session


class SilenceRows(Session):
    """Silences; what one means is ``monitor.alerts.silences``."""

    def add_silence(self, silence: Silence, now: datetime) -> None:
        """Store a silence; one with its id is replaced."""
        with self._write() as connection:
            connection.execute(delete(silences).where(silences.c.id == silence.id))
            row = {
                "id": silence.id,
                "payload": encode(silence),
                "created_at": now,
                "until": silence.ends,
            }
            connection.execute(insert(silences), row)

    def list_silences(self, active_at: datetime | None = None) -> list[Silence]:
        """All silences, newest first; ``active_at``: those that have not ended by then."""
        chosen = select(silences.c.payload).order_by(silences.c.created_at.desc(), silences.c.id)
        if active_at is not None:
            chosen = chosen.where(or_(silences.c.until.is_(None), silences.c.until > active_at))
        with self._read() as connection:
            return [decode_silence(text) for text in connection.scalars(chosen)]

    def end_silence(self, id_or_prefix: str, now: datetime) -> Silence | None:
        """End a silence now; None if there is none that lasts. UsageError if several begin so."""
        lasting = or_(silences.c.until.is_(None), silences.c.until > now)
        begins = silences.c.id.startswith(id_or_prefix, autoescape=True)
        with self._write() as connection:
            chosen = select(silences.c.payload).where(lasting, begins)
            found = [decode_silence(text) for text in connection.scalars(chosen)]
            if not id_or_prefix or not found:
                return None
            if len(found) > 1:
                names = ", ".join(sorted(each.id for each in found))
                raise UsageError(f"several silences begin with {id_or_prefix!r}: {names}")
            ended = replace(found[0], ends=now)
            connection.execute(
                update(silences)
                .where(silences.c.id == ended.id)
                .values(payload=encode(ended), until=now)
            )
            return ended
