"""The layer around the pages as connections meet it."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from pages import server


def test_an_answer_does_not_wait_for_the_word_that_the_one_before_has_come():
    """On a socket such as the framework makes, which does not name its protocol."""
    told: list[int] = []

    class Noted(asyncio.Protocol):
        def connection_made(self, transport):
            told.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async def connected() -> None:
        with socket.socket(socket.AF_INET) as bound:
            bound.bind(("127.0.0.1", 0))
            bound.listen()
            bound.setblocking(False)
            serving = await asyncio.get_running_loop().create_server(Noted, sock=bound)
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            await reader.read()
            writer.close()
            serving.close()

    async def without_and_with() -> None:
        await connected()
        server.answer_at_once(asyncio.get_running_loop())
        await connected()

    # In a thread of its own: a browser's loop may be running in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, without_and_with()).result()
    assert [bool(one) for one in told] == [False, True]
