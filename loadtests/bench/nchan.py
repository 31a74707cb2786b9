"""The reference for fan-out in C: nginx with Nchan, one worker, where this machine has both."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from app.launch.ports import free_port
from loadtests.bench.stage import FILES, Served, await_port, started

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
CONFIGURATION = """
load_module {module};
user {user};
worker_processes 1;

daemon off;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 20000; use epoll; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /pub {{ nchan_publisher; nchan_channel_id hall; nchan_message_buffer_length 1000; }}
    location = /sub {{ nchan_subscriber eventsource; nchan_channel_id hall;
                       nchan_subscriber_first_message newest; }}
  }}
}}
"""


def is_here() -> bool:
    return MODULE.exists() and shutil.which("nginx") is not None


@contextmanager
def serve() -> Iterator[Served]:
    """Start an nginx of our own, which publishes at `/pub` and streams at `/sub`."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="assent-nchan-") as folder:
        file = Path(folder) / "nginx.conf"
        file.write_text(
            CONFIGURATION.format(module=MODULE, user="root", files=FILES, folder=folder, port=port)
        )
        with started(["nginx", "-c", str(file), "-e", "stderr"], {}) as server:
            yield Served(await_port(port), psutil.Process(server.pid))
