"""PostgreSQL, Redis and nginx of the system's packages, each a process of its own on loopback, to be killed at will."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from redis import Redis

from bot.core.paths import ROOT
from tests.contract.server import quiet_port

SECONDS = 30.0
NGINX_EXAMPLE = ROOT / "deploy" / "nginx.conf"
NAME = "doorway.example.org"


class PostgresServer:
    """A cluster of its own. `is_durable`: it waits for the disk at each commit, as in production."""

    initdb = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))

    def __init__(self, folder: Path, *, is_durable: bool = False, options: Sequence[str] = ()) -> None:
        self._binaries, self._folder, self.port = self.initdb[-1].parent, folder, quiet_port()
        self._data = folder / "data"
        self._options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        self._options += [*options, *([] if is_durable else ["-c", "fsync=off"])]
        self.process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            user = pwd.getpwnam("postgres")
            for path in (folder, *folder.parents):
                if path == Path("/tmp"):  # noqa: S108 — temporary folders are below it
                    break
                path.chmod(0o755)
            shutil.chown(folder, user.pw_uid, user.pw_gid)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid}
        command = [
            self._binaries / "initdb",
            "-D",
            self._data,
            "-U",
            "doorway",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(command, check=True, capture_output=True, **self._as_user)

    @property
    def url(self) -> str:
        return f"postgresql://doorway@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start and wait until it takes connections: after a kill, when it has read its log of changes again."""
        with (self._folder / "log").open("ab") as log:
            command = [self._binaries / "postgres", "-D", self._data, *self._options]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_user)
        wait_until(self._answers)

    def kill(self) -> None:
        """End it and all that serves connections without a chance to tidy up."""
        if self.process:
            self.process.send_signal(signal.SIGSTOP)  # so that it starts no more of them
            helpers = children(self.process.pid)
            self.process.kill()
            self.process.wait()
            for number in helpers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            wait_until(lambda: not any(is_running(number) for number in helpers))
            self.process = None

    def stop(self) -> None:
        """End it at once."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(SECONDS)
            self.process = None

    def count_connections(self) -> int:
        """Return how many clients are connected, this question left out."""
        asked = (
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        connection = psycopg2.connect(self.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(asked)
                return int(cursor.fetchone()[0])
        finally:
            connection.close()

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, (self._folder / "log").read_text()
        try:
            self.count_connections()
        except psycopg2.OperationalError:
            return False
        return True


class RedisServer:
    """A server that keeps nothing."""

    binary = shutil.which("redis-server")

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, quiet_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Redis[bytes]:
        return Redis.from_url(self.url)

    def start(self) -> None:
        """Start and wait for the line that says it is ready."""
        assert self.binary
        command = [self.binary, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        command += ["--dir", str(self._folder), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout
        assert any(b"Ready to accept connections" in line for line in self.process.stdout)

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


class Nginx:
    """The example of deploy/ with names, ports and certificate filled in, in front of some ports of this machine."""

    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

    def __init__(self, folder: Path, upstreams: Sequence[str], workers: int = 1) -> None:
        """`upstreams`: addresses with ports, as nginx writes them."""
        self.port, self._folder, self._workers = quiet_port(), folder, workers
        self._certificate, self._key = make_certificate(folder)
        (folder / "site.conf").write_text(self._site(NGINX_EXAMPLE.read_text(encoding="utf-8"), upstreams))
        (folder / "nginx.conf").write_text(
            f"daemon off;\nmaster_process on;\nworker_processes {workers};\npid {folder}/nginx.pid;\n"
            f"error_log {folder}/error.log;\nevents {{ worker_connections 1024; }}\n"
            f"http {{\n{self._temporary()}include {folder}/site.conf;\n}}\n"
        )
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        """For a client that believes only this server."""
        return ssl.create_default_context(cafile=str(self._certificate))

    @property
    def errors(self) -> str:
        """What it has written about errors."""
        path = self._folder / "error.log"
        return path.read_text() if path.exists() else ""

    def check(self) -> None:
        """Let nginx read the files (`nginx -t`).

        Raises:
            AssertionError: with its words, where something is wrong.
        """
        done = subprocess.run([*self._command(), "-t"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start and wait until the port is open."""
        self.process = subprocess.Popen(self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def is_open() -> bool:
            assert self.process
            assert self.process.poll() is None, self.errors
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        wait_until(is_open)

    def stop(self) -> None:
        """End it at once."""
        if self.process:
            self.process.terminate()
            self.process.wait(SECONDS)

    def _command(self) -> list[str]:
        assert self.binary
        return [self.binary, "-c", str(self._folder / "nginx.conf"), "-e", str(self._folder / "error.log")]

    def _site(self, example: str, upstreams: Sequence[str]) -> str:
        """Return the example with everything replaced that a host must replace, and nothing else."""
        servers = "\n".join(f"    server {address};" for address in upstreams)
        letsencrypt = "/etc/letsencrypt/live/DOORWAY.EXAMPLE.ORG"
        fillings = (
            (r"    server 127\.0\.0\.1:8080;", servers),
            (re.escape(f"{letsencrypt}/fullchain.pem"), str(self._certificate)),
            (re.escape(f"{letsencrypt}/privkey.pem"), str(self._key)),
            (r"listen 80;", f"listen 127.0.0.1:{quiet_port()};"),
            (r"listen 443 ", f"listen 127.0.0.1:{self.port} "),
            (r"\n    listen \[::\]:[^\n]+", ""),
            (r"DOORWAY\.EXAMPLE\.ORG", NAME),
        )
        for pattern, filling in fillings:
            assert re.search(pattern, example), pattern
            example = re.sub(pattern, lambda _match, filling=filling: filling, example)  # type: ignore[misc]
        return example

    def _temporary(self) -> str:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return "".join(f"{kind}_temp_path {self._folder}/{kind};\n" for kind in kinds)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that signs itself, for the name and the loopback address of the tests, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.timezone.utc)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), loopback])
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    built = built.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    signed = built.add_extension(names, critical=False).sign(key, hashes.SHA256())
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    certificate.write_bytes(signed.public_bytes(pem))
    secret.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return certificate, secret


def children(number: int) -> list[int]:
    """Return the ids of the processes that a process has started."""
    listed = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def is_running(number: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(is_so: Any, seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "not so in time"
        time.sleep(0.02)
