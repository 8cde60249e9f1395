"""Rate limits: a sliding window for each key."""

from __future__ import annotations

from bot.web.limits import MAX_KEYS, RateLimit


def test_so_many_pass_and_the_next_waits_until_the_first_is_old() -> None:
    limit = RateLimit(2, 60.0)
    assert [limit.wait_seconds("a", now) for now in (0.0, 1.0, 2.0, 59.9, 60.0)] == [0, 0, 58, 1, 0]


def test_a_refused_event_does_not_prolong_the_wait() -> None:
    limit = RateLimit(1, 60.0)
    limit.wait_seconds("a", 0.0)
    assert all(limit.wait_seconds("a", now) for now in (10.0, 20.0, 59.0))
    assert limit.wait_seconds("a", 60.0) == 0


def test_the_wait_is_never_less_than_a_second() -> None:
    limit = RateLimit(1, 60.0)
    limit.wait_seconds("a", 0.0)
    assert limit.wait_seconds("a", 59.999) == 1


def test_keys_do_not_share_their_allowance() -> None:
    limit = RateLimit(1, 60.0)
    assert [limit.wait_seconds(key, 0.0) for key in ("a", "b", "a")] == [0, 0, 60]


def test_the_window_slides_one_event_at_a_time() -> None:
    limit = RateLimit(3, 10.0)
    assert [limit.wait_seconds("a", now) for now in (0.0, 5.0, 9.0, 9.5, 10.0, 10.0, 15.0)] == [0, 0, 0, 1, 0, 5, 0]


def test_many_keys_are_not_kept_for_ever_and_the_oldest_is_forgotten_first() -> None:
    limit = RateLimit(1, 60.0)
    for number in range(MAX_KEYS):
        limit.wait_seconds(f"key{number}", 0.0)
    assert limit.wait_seconds("key0", 1.0) == 59  # seen again: now the youngest
    limit.wait_seconds("one more", 1.0)
    assert limit.wait_seconds("key0", 2.0) == 58
    assert limit.wait_seconds("key1", 2.0) == 0  # forgotten
