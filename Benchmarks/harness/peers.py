# SPDX-License-Identifier: Apache-2.0
# Part of Dewar, sessions for Swift.
"""What Dewar is compared with: each as its own documentation sets it up for production, on one core like all others."""

import os
import shutil
import subprocess
from glob import glob
from pathlib import Path

from .processes import Process
from .servers import ROOT, Server

PEERS = ROOT / "Benchmarks/Peers"
PYTHON = ROOT / ".venv/peers/bin"
GORILLA = ROOT / ".build/bench/gorilla"

GORILLA_COOKIES = "gorilla cookies"


def peer_servers():
    """Go and PHP open a session where a page asks for it; Flask and Starlette do so for every page of an application."""
    return [
        Server(GORILLA_COOKIES, "Go, gorilla/sessions", gorilla(stores_files=False)),
        Server("gorilla files", "Go, gorilla/sessions", gorilla(stores_files=True)),
        Server("flask", "Flask without sessions, gunicorn", flask("none"), pages=("/hello",), has_sessions=False),
        Server("flask cookies", "Flask, gunicorn", flask(""), base="flask"),
        Server("flask files", "Flask, gunicorn", flask("files"), base="flask"),
        Server("flask redis", "Flask, gunicorn", flask("redis"), base="flask"),
        Server("starlette", "Starlette without sessions, uvicorn", starlette("none"), pages=("/hello",), has_sessions=False),
        Server("starlette cookies", "Starlette, uvicorn", starlette(""), base="starlette"),
        Server("php files", "PHP-FPM, nginx", php),
    ]


def why_missing(server):
    """Why a peer cannot be measured here; None if it can."""
    match server.name.split()[0]:
        case "gorilla":
            return None if GORILLA.exists() else "Go or gorilla/sessions is not there, or did not build"
        case "flask":
            return None if (PYTHON / "gunicorn").exists() else "Flask and gunicorn are not in .venv/peers"
        case "starlette":
            return None if (PYTHON / "uvicorn").exists() else "Starlette and uvicorn are not in .venv/peers"
        case "php":
            return None if php_program() and nginx_program() else "PHP-FPM or nginx is not there"
    return None


def versions():
    """A line for each peer, as its own program says it."""
    lines = []
    if GORILLA.exists() and shutil.which("go"):
        package = debian_version("golang-github-gorilla-sessions-dev")
        lines.append(output("go", "version").removeprefix("go version ").replace("go", "Go ", 1) + package)
    if (PYTHON / "python").exists():
        names = ("Flask", "Flask-Session", "gunicorn", "starlette", "uvicorn")
        script = f"from importlib.metadata import version\nprint(', '.join(n + ' ' + version(n) for n in {names}))"
        lines.append(output(PYTHON / "python", "-V") + ", " + output(PYTHON / "python", "-c", script))
    if php_program() and nginx_program():
        nginx = subprocess.run([nginx_program(), "-v"], capture_output=True, text=True).stderr.strip()
        lines.append(" ".join(output(php_program(), "-v").split()[:2]) + ", " + nginx.rpartition(" ")[2])
    return lines


def output(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True).stdout.strip()


def debian_version(package):
    if not shutil.which("dpkg-query"):
        return ""
    return f", {package} " + output("dpkg-query", "--show", "--showformat", "${Version}", package)


def gorilla(stores_files):
    """GOMAXPROCS is not set: Go sees that it has one core."""
    def start(server, engines):
        folder = [engines.new_folder()] if stores_files else []
        return [Process([GORILLA, server.port, *folder], server.folder, ("127.0.0.1", server.port))]
    return start


def flask(place):
    """gunicorn with one worker of four threads."""
    def start(server, engines):
        where = {"files": f"files:{server.folder / 'sessions'}", "redis": engines.redis_url()}.get(place, place)
        command = [
            PYTHON / "gunicorn", "--workers", 1, "--threads", 4, "--bind", f"127.0.0.1:{server.port}",
            "--chdir", PEERS, "--log-level", "critical", "flask_peer:app",
        ]
        return [Process(command, server.folder, ("127.0.0.1", server.port), python_environment(where))]
    return start


def starlette(place):
    """uvicorn with one process, httptools and uvloop."""
    def start(server, _):
        command = [
            PYTHON / "uvicorn", "--app-dir", PEERS, "--port", server.port, "--log-level", "critical", "--no-access-log",
            "starlette_peer:app",
        ]
        return [Process(command, server.folder, ("127.0.0.1", server.port), python_environment(place))]
    return start


def python_environment(place):
    return {"PEER_PLACE": place, "PYTHONDONTWRITEBYTECODE": "1"}


def php(server, engines):
    """Four workers that stay, with the opcode cache, behind one nginx worker."""
    user = "user = root\ngroup = root\n" if os.geteuid() == 0 else ""
    socket, sessions = server.folder / "fpm.sock", server.folder / "sessions"
    sessions.mkdir()
    (server.folder / "fpm.conf").write_text(PHP_POOL.format(folder=server.folder, user=user))
    (server.folder / "nginx.conf").write_text(NGINX.format(
        folder=server.folder, port=server.port, script=PEERS / "php/index.php",
        user="user root;" if os.geteuid() == 0 else ""))
    root = ["--allow-to-run-as-root"] if os.geteuid() == 0 else []
    fpm = [php_program(), "--nodaemonize", *root, "--fpm-config", server.folder / "fpm.conf"]
    nginx = [nginx_program(), "-p", server.folder, "-e", "nginx.err", "-c", server.folder / "nginx.conf"]
    return [
        Process(fpm, server.folder, str(socket)), Process(nginx, server.folder, ("127.0.0.1", server.port)),
    ]


def php_program():
    found = sorted(glob("/usr/sbin/php-fpm*"))
    return found[-1] if found else shutil.which("php-fpm")


def nginx_program():
    return shutil.which("nginx") or next((path for path in ("/usr/sbin/nginx",) if Path(path).exists()), None)


PHP_POOL = """\
[global]
error_log = {folder}/fpm.err
[www]
{user}listen = {folder}/fpm.sock
pm = static
pm.max_children = 4
php_admin_value[session.save_path] = {folder}/sessions
php_admin_value[session.save_handler] = files
"""

NGINX = """\
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/nginx.err crit;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            fastcgi_pass unix:{folder}/fpm.sock;
            fastcgi_param SCRIPT_FILENAME {script};
            fastcgi_param DOCUMENT_URI $document_uri;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
        }}
    }}
}}
"""
