"""Deliveries: once each, in order of a person, taken over when a worker dies, emptied when done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection

from bot.channels import arrivals, departures
from bot.channels.arrivals import finish_arrival, reopen_arrivals, return_arrival, take_arrivals
from bot.channels.delivery import (
    accept_delivery,
    deliveries_in,
    deliveries_out,
    erase_deliveries,
    opt_in,
    opt_out,
    opted_out,
    optouts,
)
from bot.channels.departures import (
    Departure,
    confirm_departure,
    drop_departures,
    drop_held,
    has_held,
    put_departures,
    release_held,
    settle_departure,
    take_departures,
)
from bot.channels.erasure import erase_conversation, erase_older_than
from bot.channels.platform import Outcome, Part
from bot.core.database import Database

HOUR, DAY = 3600.0, 86_400.0
CHANNELS = ["telegram"]


class Clock:
    """The time of the service."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.now, dt.timezone.utc)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moment = Clock()
    monkeypatch.setattr("bot.core.clock.now", moment)
    return moment


def _accept(database: Database, connection: Connection, key: str, conversation: str = "c1", **more: Any) -> bool:
    content = {"kind": "text", "text": "secret words"}
    given = {"channel": "telegram", "message_key": key, "conversation": conversation, "address": "4477", **more}
    return accept_delivery(database, connection, content=content, **given)


def _put(connection: Connection, *texts: str, conversation: str = "c1", **kind: bool) -> None:
    parts = [Part({"text": text}, **kind) for text in texts]
    put_departures(
        connection, channel="telegram", conversation=conversation, message_key="m1", address="4477", parts=parts
    )


def _taken(connection: Connection) -> list[str]:
    return [one.payload["text"] for one in take_departures(connection, 10, CHANNELS)]


def _one(connection: Connection) -> Departure:
    (departure,) = take_departures(connection, 10, CHANNELS)
    return departure


def _states(connection: Connection) -> list[str]:
    return list(connection.execute(select(deliveries_out.c.state).order_by(deliveries_out.c.id)).scalars())


# In


def test_a_repeated_delivery_is_known_for_its_channel(database: Database, connection: Connection, clock: Clock) -> None:
    assert _accept(database, connection, "m1")
    assert not _accept(database, connection, "m1")
    assert _accept(database, connection, "m1", channel="sms")


def test_one_of_a_person_at_a_time_in_order(database: Database, connection: Connection, clock: Clock) -> None:
    for key, conversation in (("m1", "c1"), ("m2", "c1"), ("m3", "c2")):
        _accept(database, connection, key, conversation)
    first = take_arrivals(connection, 10, CHANNELS)
    assert [one.message_key for one in first] == ["m1", "m3"]
    assert take_arrivals(connection, 10, CHANNELS) == []
    assert finish_arrival(connection, first[0])
    assert [one.message_key for one in take_arrivals(connection, 10, CHANNELS)] == ["m2"]


def test_a_channel_that_is_off_is_left_alone(database: Database, connection: Connection, clock: Clock) -> None:
    _accept(database, connection, "m1")
    assert take_arrivals(connection, 10, ["sms"]) == []


def test_a_dead_workers_message_is_taken_over_and_its_late_answer_refused(
    database: Database, connection: Connection, clock: Clock
) -> None:
    _accept(database, connection, "m1")
    (dead,) = take_arrivals(connection, 10, CHANNELS)
    clock.now += arrivals.LEASE_SECONDS + 1
    (taken,) = take_arrivals(connection, 10, CHANNELS)
    assert taken.attempts == 2
    assert not finish_arrival(connection, dead)
    assert finish_arrival(connection, taken)
    assert not finish_arrival(connection, taken)


def test_a_returned_message_waits_and_holds_up_the_next(
    database: Database, connection: Connection, clock: Clock
) -> None:
    _accept(database, connection, "m1")
    _accept(database, connection, "m2")
    return_arrival(connection, take_arrivals(connection, 10, CHANNELS)[0])
    assert take_arrivals(connection, 10, CHANNELS) == []
    clock.now += arrivals.RETRY_SECONDS
    assert [one.message_key for one in take_arrivals(connection, 10, CHANNELS)] == ["m1"]


def test_at_its_start_the_only_worker_takes_over_at_once(
    database: Database, connection: Connection, clock: Clock
) -> None:
    _accept(database, connection, "m1")
    take_arrivals(connection, 10, CHANNELS)
    assert reopen_arrivals(connection) == 1
    assert len(take_arrivals(connection, 10, CHANNELS)) == 1


def test_what_is_answered_is_emptied(database: Database, connection: Connection, clock: Clock) -> None:
    _accept(database, connection, "m1")
    finish_arrival(connection, take_arrivals(connection, 10, CHANNELS)[0])
    row = connection.execute(select(deliveries_in)).one()
    assert (row.address, row.content, row.state) == ("", "{}", "done")


# Out


def test_parts_go_one_after_another(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    _put(connection, "c", conversation="c2")
    first, other = take_departures(connection, 10, CHANNELS)
    assert (first.payload["text"], other.payload["text"]) == ("a", "c")
    assert _taken(connection) == []
    assert settle_departure(connection, first, Outcome("sent")) == "sent"
    assert _taken(connection) == ["b"]


def test_what_was_not_taken_is_tried_again_ever_later(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    for wait in (1, 2, 4, 8):
        assert settle_departure(connection, _one(connection), Outcome("again", "500")) == "waiting"
        clock.now += wait - 0.5
        assert _taken(connection) == []
        clock.now += 0.5
    assert settle_departure(connection, _one(connection), Outcome("again", "429", wait=60)) == "waiting"
    clock.now += 59
    assert _taken(connection) == []
    clock.now += 1
    assert _taken(connection) == ["a"]


def test_there_is_an_end_to_trying(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    for _ in range(departures.MOST_ATTEMPTS):
        settle_departure(connection, _one(connection), Outcome("again", "500"))
        clock.now += departures.LONGEST_WAIT
    assert _states(connection) == ["failed", "waiting"]


def test_silence_waits_for_a_receipt_before_it_is_sent_again(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    departure = _one(connection)
    assert settle_departure(connection, departure, Outcome("unknown")) == "sending"
    clock.now += departures.LEASE_SECONDS - 1
    assert _taken(connection) == []
    assert confirm_departure(connection, departure.receipt, "sent")
    assert _taken(connection) == ["b"]


def test_without_a_receipt_it_is_sent_again(connection: Connection, clock: Clock) -> None:
    _put(connection, "a")
    dead = _one(connection)
    clock.now += departures.LEASE_SECONDS + 1
    again = _one(connection)
    settle_departure(connection, dead, Outcome("failed"))
    assert _states(connection) == ["sending"]
    settle_departure(connection, again, Outcome("sent"))
    assert _states(connection) == ["sent"]


def test_a_receipt_is_taken_once_and_only_a_known_one(connection: Connection, clock: Clock) -> None:
    _put(connection, "a")
    receipt = _one(connection).receipt
    assert confirm_departure(connection, receipt, "sent")
    assert not confirm_departure(connection, receipt, "sent")
    assert not confirm_departure(connection, "unknown", "sent")
    assert confirm_departure(connection, receipt, "failed", "131047")


def test_an_aside_is_never_repeated_and_holds_nothing_up(connection: Connection, clock: Clock) -> None:
    _put(connection, "aside", is_aside=True)
    _put(connection, "a")
    assert settle_departure(connection, _one(connection), Outcome("again", "500")) == "failed"
    assert _taken(connection) == ["a"]


def test_what_is_sent_is_emptied(connection: Connection, clock: Clock) -> None:
    _put(connection, "a")
    settle_departure(connection, _one(connection), Outcome("sent"))
    row = connection.execute(select(deliveries_out)).one()
    assert (row.address, row.payload) == ("", "{}")


def test_held_parts_come_one_by_one_or_are_forgotten(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b", "c", is_held=True)
    assert _taken(connection) == []
    assert release_held(connection, "c1")
    assert _taken(connection) == ["a"]
    assert has_held(connection, "c1")
    assert not has_held(connection, "c2")
    drop_held(connection, "c1")
    assert not release_held(connection, "c1")


def test_dropping_takes_all_that_is_not_sent(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    _put(connection, "c", is_held=True)
    settle_departure(connection, _one(connection), Outcome("sent"))
    drop_departures(connection, "c1")
    assert _states(connection) == ["sent"]


# Erasing, opting out


def test_erasing_leaves_a_digest_that_still_answers_a_repetition(
    database: Database, connection: Connection, clock: Clock
) -> None:
    _accept(database, connection, "m1")
    _accept(database, connection, "m2", "c2")
    _put(connection, "a")
    erase_conversation(connection, "c1")
    gone, kept = connection.execute(select(deliveries_in).order_by(deliveries_in.c.id)).all()
    assert (gone.conversation_id, gone.address, gone.content, gone.state) == ("", "", "{}", "done")
    assert kept.address == "4477"
    assert _states(connection) == []
    assert not _accept(database, connection, "m1")


def test_who_goes_on_writing_is_still_answered(database: Database, connection: Connection, clock: Clock) -> None:
    _accept(database, connection, "m1")
    _accept(database, connection, "m2")
    finish_arrival(connection, take_arrivals(connection, 10, CHANNELS)[0])
    erase_deliveries(connection, "c1", keep_open=True)
    assert [one.message_key for one in take_arrivals(connection, 10, CHANNELS)] == ["m2"]


def test_what_is_old_goes_and_digests_stay_as_long_as_platforms_repeat(
    database: Database, connection: Connection, clock: Clock
) -> None:
    _accept(database, connection, "m1")
    _put(connection, "a")
    clock.now += 25 * HOUR
    _accept(database, connection, "m2", "c2")
    erase_older_than(connection, 24)
    assert _states(connection) == []
    assert [one.message_key for one in take_arrivals(connection, 10, CHANNELS)] == ["m2"]
    assert not _accept(database, connection, "m1")
    clock.now += 9 * DAY
    erase_older_than(connection, 24)
    assert connection.execute(select(func.count()).select_from(deliveries_in)).scalar() == 0


def test_an_optout_holds_under_every_id_until_it_is_taken_back(database: Database, connection: Connection) -> None:
    opt_out(database, connection, ["c1", "c2"], "person")
    opt_out(database, connection, ["c1"], "platform")
    assert opted_out(connection, ["c9", "c2"])
    assert opt_in(connection, ["c1", "c2"], by="platform") == 0
    assert opted_out(connection, ["c1"])
    assert opt_in(connection, ["c1", "c2"]) == 2
    assert not opted_out(connection, ["c1", "c2"])


def test_who_was_blocked_by_the_platform_has_not_opted_out(database: Database, connection: Connection) -> None:
    opt_out(database, connection, ["c1"], "platform")
    assert not opted_out(connection, ["c1"])
    opt_out(database, connection, ["c1"], "person")
    assert opted_out(connection, ["c1"])


def test_an_optout_outlives_the_words_and_holds_nothing_else(database: Database, connection: Connection) -> None:
    opt_out(database, connection, ["c1"], "person")
    connection.execute(update(optouts).values(created_at=0.0))
    erase_conversation(connection, "c1")
    erase_older_than(connection, 1)
    assert opted_out(connection, ["c1"])
    assert set(optouts.c.keys()) == {"conversation_id", "by", "created_at"}


def test_who_could_hear_no_receipts_leaves_alone_what_was_being_sent(connection: Connection, clock: Clock) -> None:
    _put(connection, "a", "b")
    dead = _one(connection)
    clock.now += departures.LEASE_SECONDS + 1
    assert take_departures(connection, 10, CHANNELS, hearing_seconds=departures.LEASE_SECONDS - 1) == []
    (again,) = take_departures(connection, 10, CHANNELS, hearing_seconds=departures.LEASE_SECONDS)
    assert (again.id, again.attempts) == (dead.id, 2)
