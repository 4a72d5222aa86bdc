"""The two servers of the comparison, and what the kernel knows about them."""

from __future__ import annotations

import json
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import time

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid: int) -> float:
    """Time on a processor of all threads, from the scheduler's own nanoseconds."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def settled_cpu_seconds(pid: int) -> float:
    """The same, once nothing is done any more: a journal's file is written after the answers."""
    last = cpu_seconds(pid)
    for _ in range(200):
        time.sleep(0.05)
        spent = cpu_seconds(pid)
        if spent - last < 0.0005:
            return spent
        last = spent
    raise SystemExit(f"the process {pid} does not come to rest")


def status_bytes(pid: int, name: str) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no {name} for {pid}")


def resident_bytes(pid: int) -> int:
    return status_bytes(pid, "VmRSS")


class Peak:
    """What the kernel saw a process hold at most since this was made."""

    def __init__(self, pid: int):
        self.pid, self.before = pid, resident_bytes(pid)
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")

    def grown(self) -> int:
        return max(status_bytes(self.pid, "VmHWM") - self.before, 0)


class Running:
    """A child with a port; ended by its own pid."""

    process: subprocess.Popen
    port: int

    @property
    def pid(self) -> int:
        """The process that does the work."""
        return self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Understudy(Running):
    def __init__(self, binary: str, *arguments: object, under: list[str] = []):
        self.process = subprocess.Popen(
            [*under, binary, "serve", "--port", "0", "--quiet", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        )  # fmt: skip
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.process.kill()
            raise SystemExit("the server did not start")
        self.url: str = json.loads(line)["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        tls = json.loads(line)["tls"]
        self.tls_port = tls and int(tls.rsplit(":", 1)[1])


class Nginx(Running):
    """One worker that answers every request with the same bytes; over TLS with a certificate and its key."""

    def __init__(
        self, folder: pathlib.Path, status: int, fields: list[tuple[str, str]], body: bytes,
        certificate: tuple[pathlib.Path, pathlib.Path] | None = None,
    ):  # fmt: skip
        self.start(folder, answering(status, fields, body), certificate=certificate)

    def start(
        self, folder: pathlib.Path, place: str, before: str = "", certificate: tuple[pathlib.Path, pathlib.Path] | None = None
    ) -> None:
        self.port = free_port()
        self.configuration = nginx_configuration(folder, self.port, place, before, certificate)
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                # The master listens before its worker is there.
                if self.workers():
                    return
            except ConnectionRefusedError:
                continue
        raise SystemExit("nginx did not start")

    @property
    def command(self) -> list[str]:
        return [NGINX, "-p", str(self.configuration.parent), "-c", str(self.configuration)]

    @property
    def pid(self) -> int:
        return int(self.workers()[0])

    def workers(self) -> list[str]:
        return pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()


# What nginx writes by itself, and what belongs to the connection.
OWN_FIELDS = {"content-type", "content-length", "date", "server", "connection", "keep-alive", "transfer-encoding"}


def answering(status: int, fields: list[tuple[str, str]], body: bytes) -> str:
    """What a location says that answers by itself."""

    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("$", "${dollar}") + "'"

    added = "\n".join(
        f"      add_header {name} {quoted(value)} always;" for name, value in fields if name.lower() not in OWN_FIELDS
    )
    kind = next((value for name, value in fields if name.lower() == "content-type"), "application/json")
    return f"      default_type {quoted(kind)};\n{added}\n      return {status} {quoted(body.decode())};"


class NginxProxy(Nginx):
    """One worker that passes every request on."""

    def __init__(self, folder: pathlib.Path, port: int):
        place = '      proxy_pass http://behind;\n      proxy_http_version 1.1;\n      proxy_set_header Connection "";'
        self.start(folder, place, f"  upstream behind {{ server 127.0.0.1:{port}; keepalive 128; }}")


def nginx_configuration(
    folder: pathlib.Path, port: int, place: str, before: str, certificate: tuple[pathlib.Path, pathlib.Path] | None
) -> pathlib.Path:
    secured = certificate and f" ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate {certificate[0]}; ssl_certificate_key {certificate[1]}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"nginx-{port}.conf"
    file.write_text(f"""daemon off;
worker_processes 1;
pid {folder}/nginx-{port}.pid;
error_log /dev/null crit;
events {{ worker_connections 10000; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  geo $dollar {{ default "$"; }}
{before}
  server {{
    listen 127.0.0.1:{port} backlog=4096{secured or ""};
    location / {{
{place}
    }}
  }}
}}
""")
    return file
