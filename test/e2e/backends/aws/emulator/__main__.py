"""python -m emulator PORT: serves on 127.0.0.1 until its standard input closes or it is told to stop."""

import contextlib
import logging
import os
import sys
import threading

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from . import alarms, logs, metrics, mutes  # noqa: F401  they add themselves to moto
from .control import with_control


def stop_with_parent():
    """The parent holds the other end of standard input: when it dies, so does this."""
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = with_control(DomainDispatcherApplication(create_backend_app))
    server = make_server(
        "127.0.0.1", int(sys.argv[1]), app, threaded=True, request_handler=MotoRequestHandler
    )
    threading.Thread(target=stop_with_parent, daemon=True).start()
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
