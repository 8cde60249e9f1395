"""A whole service on one machine: servers that share PostgreSQL and Redis, and nginx in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.contract.server import ServerProcess
from tests.contract.stores import Nginx, PostgresServer, RedisServer


@dataclass(frozen=True)
class Stage:
    """What runs. Without nginx people talk to the servers themselves."""

    servers: list[ServerProcess]
    postgres: PostgresServer
    redis: RedisServer
    nginx: Nginx | None

    @property
    def urls(self) -> list[str]:
        """Where people reach it."""
        return [self.nginx.url] if self.nginx else [server.url for server in self.servers]


def can_stand() -> bool:
    """Whether all programs are installed (make packages)."""
    return bool(PostgresServer.initdb and RedisServer.binary and Nginx.binary)


@contextmanager
def open_stage(
    folder: Path, *, servers: int, with_nginx: bool, is_durable: bool = False, **environment: str
) -> Iterator[Stage]:
    """Start everything in `folder` and end it afterwards. `is_durable`: commits wait for the disk."""

    def part(name: str) -> Path:
        made = folder / name
        made.mkdir()
        return made

    with ExitStack() as ending:
        postgres = PostgresServer(part("postgres"), is_durable=is_durable)
        ending.callback(postgres.stop)
        postgres.start()
        redis = RedisServer(part("redis"))
        ending.callback(redis.kill)
        redis.start()
        shared = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url, "DOORWAY_TRUST_PROXY": "1", **environment}
        started = [ServerProcess(part(f"server{number}"), **shared) for number in range(1, servers + 1)]
        for server in started:
            ending.callback(server.end)
            server.start()
        nginx = None
        if with_nginx:
            nginx = Nginx(part("nginx"), [f"127.0.0.1:{server.port}" for server in started])
            nginx.check()
            ending.callback(nginx.stop)
            nginx.start()
        yield Stage(started, postgres, redis, nginx)
