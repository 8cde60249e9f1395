"""One message of a conversation at a time: among the tasks of a process, and with Redis among processes and hosts.

A shared lock has a life of LIFE_SECONDS and is renewed while it is held, so that a killed process frees it by itself.
Who no longer holds it (held up for too long, Redis started anew) must not store: `Held.check` tells.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from bot.core.errors import SourceUnavailable

log = logging.getLogger("bot.channels")
LIFE_SECONDS = 15.0
RENEW_SECONDS = 5.0
WAIT_SECONDS = 10.0  # for another process's turn
POLL_SECONDS = 0.02
ANSWER_SECONDS = 2.0  # of Redis
PREFIX = "doorway:turn:"


class Held:
    """A lock that is held."""

    async def check(self) -> None:
        """Do nothing: a lock of this process is held until it is let go."""


class Locks:
    """Locks of this process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[Held]:
        """Wait for the lock of `key` and hold it."""
        async with self._locks.setdefault(key, asyncio.Lock()):
            yield Held()

    async def close(self) -> None:
        """Nothing is open."""


class SharedHeld(Held):
    """A lock in Redis, held and renewed."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self.is_over = False  # set when it is let go

    async def check(self) -> None:
        """Do nothing while the lock is held.

        Raises:
            SourceUnavailable: it ran out or Redis lost it, or Redis does not answer.
        """
        try:
            is_mine = await self._lock.owned()
        except RedisError as error:
            raise SourceUnavailable(f"lock: {type(error).__name__}") from error
        if not is_mine:
            raise SourceUnavailable("lock: lost")

    async def renew(self) -> None:
        """Prolong the life of the lock until it is over or lost.

        A cancellation alone may not end this: where it meets a time limit of Redis's client, that makes an error of it.
        """
        while not self.is_over:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                await self._lock.reacquire()
            except LockError:
                return
            except RedisError as error:  # it is tried again while there is time
                log.warning("lock not renewed yet: %s", type(error).__name__)


class SharedLocks(Locks):
    """Locks in Redis; tasks of this process queue here first, so that only one of them asks Redis."""

    def __init__(self, url: str) -> None:
        """`url`: address of Redis; it is not asked before the first lock."""
        super().__init__()
        self._redis: Redis[Any] = Redis.from_url(
            url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, health_check_interval=30
        )

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[Held]:
        """Wait for the lock of `key` and hold it.

        Raises:
            SourceUnavailable: Redis does not answer, or another process held it for too long.
        """
        async with super().hold(key):
            lock = self._lock(key)
            asked = time.monotonic()
            try:
                got = await lock.acquire()
            except RedisError as error:
                raise SourceUnavailable(f"lock: {type(error).__name__}") from error
            if not got:
                raise SourceUnavailable(f"lock: waited {time.monotonic() - asked:.0f} s")
            held = SharedHeld(lock)
            renewal = asyncio.create_task(held.renew())
            try:
                yield held
            finally:
                held.is_over = True
                renewal.cancel()
                await asyncio.gather(renewal, return_exceptions=True)
                await _release(lock)

    async def close(self) -> None:
        """Close the connections to Redis."""
        await self._redis.close()

    def _lock(self, key: str) -> Lock:
        name = PREFIX + hashlib.sha256(key.encode()).hexdigest()[:32]  # a session's token is a secret
        return self._redis.lock(
            name, timeout=LIFE_SECONDS, sleep=POLL_SECONDS, blocking_timeout=WAIT_SECONDS, thread_local=False
        )


async def _release(lock: Lock) -> None:
    """Let a lock go; one that cannot be let go runs out."""
    try:
        await lock.release()
    except RedisError as error:  # a lock that was lost, too
        log.warning("lock not let go: %s", type(error).__name__)


def open_locks(redis_url: str) -> Locks:
    """Return the locks of this process, or with an address of Redis those of all processes."""
    return SharedLocks(redis_url) if redis_url else Locks()
