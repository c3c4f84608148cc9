"""One name for all replicas, whose addresses change, as a headless Service of Kubernetes has."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from pathlib import Path

NAME = "replicas.test"

_HEADER = struct.Struct("!HHHHHH")
_TYPE_A, _CLASS_IN = 1, 1
# An answer, authoritative, without an error.
_FLAGS = 0x8580
_NAME_OF_QUESTION = 0xC000 | _HEADER.size
# Nothing may keep an answer.
_TTL_S = 0


class Names(asyncio.DatagramProtocol):
    """A name server (RFC 1035, by UDP) that knows the addresses of that moment, and a hosts file
    that has the same, for those who cannot be told whom to ask."""

    def __init__(self, hosts_file: Path) -> None:
        self.hosts_file = hosts_file
        self._addresses: list[str] = []
        self.tell([])

    async def open(self) -> None:
        """Answers at a free port from now on."""
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))

    def close(self) -> None:
        self._transport.close()

    def tell(self, addresses: list[str]) -> None:
        """Has the name stand for these from now on."""
        self._addresses = list(addresses)
        written = self.hosts_file.with_suffix(".new")
        written.write_text("".join(f"{address} {NAME}\n" for address in addresses))
        # At once, for one who reads it now.
        os.replace(written, self.hosts_file)

    def target(self, port: int, *, with_server: bool) -> str:
        """What a client calls to reach servers at a port; with whom to ask for their addresses, if
        it can be told."""
        if not with_server:
            return f"{NAME}:{port}"
        server = self._transport.get_extra_info("sockname")
        return f"dns://{server[0]}:{server[1]}/{NAME}:{port}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, sender: tuple[str, int]) -> None:
        self._transport.sendto(self._answer(data), sender)

    def _answer(self, asked: bytes) -> bytes:
        number = _HEADER.unpack_from(asked)[0]
        end = _HEADER.size
        while asked[end]:
            end += asked[end] + 1
        kind, _ = struct.unpack_from("!HH", asked, end + 1)
        found = self._addresses if kind == _TYPE_A else []
        answer = _HEADER.pack(number, _FLAGS, 1, len(found), 0, 0)
        answer += asked[_HEADER.size : end + 5]
        for address in found:
            ip = socket.inet_aton(address)
            fields = (_NAME_OF_QUESTION, _TYPE_A, _CLASS_IN, _TTL_S, len(ip))
            answer += struct.pack("!HHHIH", *fields) + ip
        return answer
