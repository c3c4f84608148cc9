"""A TCP proxy before one replica, which can stall and cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

_CHUNK = 1 << 16
_RESET = struct.pack("ii", 1, 0)


class Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self._writers = (client, server)
        self.up, self.down = asyncio.Event(), asyncio.Event()
        self.up.set()
        self.down.set()

    async def pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                await gate.wait()
                sink.write(data)
                await sink.drain()
        # A frozen connection does not tell the other side that this one has ended.
        await gate.wait()
        self.cut()

    def cut(self) -> None:
        for writer in self._writers:
            with contextlib.suppress(OSError):
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


class Proxy:
    """Listens at ``port`` of loopback, before a port that is there or comes later."""

    def __init__(self, upstream: int) -> None:
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._links: set[Link] = set()
        self.port = 0
        #: Connections accepted so far.
        self.accepted = 0
        #: Seconds after which each new connection is cut; 0: never.
        self.cut_after = 0.0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Takes connections, at the port that it had before."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Ends all connections, and refuses new ones until it is opened again."""
        if self._server:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self) -> None:
        """Resets all connections."""
        for link in list(self._links):
            link.up.set()
            link.down.set()
            link.cut()

    def freeze(self) -> None:
        """Nothing passes on the connections that there are, and neither side is told."""
        for link in self._links:
            link.up.clear()
            link.down.clear()

    def mute(self) -> None:
        """What servers send on the connections that there are does not arrive."""
        for link in self._links:
            link.down.clear()

    async def _accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        self.accepted += 1
        try:
            answers, server = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            client.transport.abort()
            return
        link = Link(client, server)
        self._links.add(link)
        if self.cut_after:
            asyncio.get_running_loop().call_later(self.cut_after, link.cut)
        try:
            await asyncio.gather(
                link.pump(reader, server, link.up), link.pump(answers, client, link.down)
            )
        except asyncio.CancelledError:
            link.cut()
        finally:
            self._links.discard(link)
