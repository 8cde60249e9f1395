"""Figures of the messaging channels for Prometheus, and their state for `doorway channels`."""

from __future__ import annotations

from typing import Any

from prometheus_client import Counter
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.channels.delivery import FAILED, OPEN_IN, OPEN_OUT, deliveries_in, deliveries_out

RECEIVED = Counter("doorway_channel_received_total", "Events of messaging platforms", ["channel", "result"])
SENT_PARTS = Counter("doorway_channel_sent_total", "Messages to messaging platforms", ["channel", "outcome"])


def channel_state(connection: Connection, channel: str) -> dict[str, Any]:
    """Return when the last message came (seconds since 1970), what waits, and what failed lately by its code."""
    arrived, left = deliveries_in.c, deliveries_out.c
    last = connection.execute(select(func.max(arrived.received_at)).where(arrived.channel == channel)).scalar()
    waiting = select(func.count()).where(arrived.channel == channel, arrived.state.in_(OPEN_IN))
    unsent = select(func.count()).where(left.channel == channel, left.state.in_(OPEN_OUT))
    failed = (
        select(left.code, func.count())
        .where(left.channel == channel, left.state == FAILED, left.is_aside.is_(False))
        .group_by(left.code)
    )
    return {
        "last_inbound": last,
        "unanswered": connection.execute(waiting).scalar(),
        "unsent": connection.execute(unsent).scalar(),
        "failures": {code or "?": number for code, number in connection.execute(failed)},
    }
