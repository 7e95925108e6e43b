#!/usr/bin/env python3
"""A client of Semnal in Python: WebSocket, JSON, standard library only.

    python3 semnal_client.py --to ws://127.0.0.1:7103/ws --key-file data/client.key \
        --channels signals --from 1:0

Prints each message of the stream as one line of JSON. It comes back after a loss and resumes, so
that every message is printed once; at the end it says on stderr the token to resume after.
Only keys of the scheme HMAC_SHA256: the standard library cannot sign with Ed25519.
"""
import argparse
import base64
import hashlib
import hmac
import json
import os
import random
import socket
import ssl
import struct
import sys
import time
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class ConnectionLost(Exception):
    """The connection is gone; trying again may help."""


class Refused(Exception):
    """The server said no; trying again does not help."""


class WebSocket:
    """As much of RFC 6455 as a client needs."""

    def __init__(self, url, subprotocol):
        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        port = parts.port or (443 if secure else 80)
        self.socket = socket.create_connection((parts.hostname, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if secure:
            context = ssl.create_default_context()
            self.socket = context.wrap_socket(self.socket, server_hostname=parts.hostname)
        self.buffer = bytearray()
        self._upgrade(f"{parts.hostname}:{port}", parts.path or "/", subprotocol)

    def _upgrade(self, host, path, subprotocol):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {subprotocol}\r\n\r\n"
            ).encode()
        )
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        end = self.buffer.index(b"\r\n\r\n") + 4
        lines = self.buffer[:end].decode("latin-1").split("\r\n")
        del self.buffer[:end]
        if lines[0].split(" ")[1] != "101":
            raise Refused(lines[0])
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        magic = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()
        expected = base64.b64encode(hashlib.sha1(magic).digest()).decode()
        if headers.get("sec-websocket-accept") != expected.lower():
            raise Refused("the answer to the upgrade does not fit the request")

    def _fill(self):
        try:
            data = self.socket.recv(65536)
        except OSError as lost:
            raise ConnectionLost(str(lost)) from lost
        if not data:
            raise ConnectionLost("closed by the server")
        self.buffer += data

    def _take(self, length):
        while len(self.buffer) < length:
            self._fill()
        taken = bytes(self.buffer[:length])
        del self.buffer[:length]
        return taken

    def send(self, payload, opcode=TEXT):
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            header = struct.pack(">BB", 0x80 | opcode, 0x80 | length)
        elif length < 65536:
            header = struct.pack(">BBH", 0x80 | opcode, 0x80 | 126, length)
        else:
            header = struct.pack(">BBQ", 0x80 | opcode, 0x80 | 127, length)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        try:
            self.socket.sendall(header + mask + masked)
        except OSError as lost:
            raise ConnectionLost(str(lost)) from lost

    def receive(self):
        """The next text message; answers pings on the way."""
        message = b""
        while True:
            first, second = self._take(2)
            opcode, length = first & 15, second & 127
            if length == 126:
                (length,) = struct.unpack(">H", self._take(2))
            elif length == 127:
                (length,) = struct.unpack(">Q", self._take(8))
            payload = self._take(length)
            if opcode == PING:
                self.send(payload, PONG)
            elif opcode == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if length >= 2 else 1005
                raise ConnectionLost(f"close code {code} {payload[2:].decode()}")
            elif opcode != PONG:
                message += payload
                if first & 0x80:
                    return message.decode()

    def close(self):
        try:
            self.send(struct.pack(">H", 1000), CLOSE)
        except ConnectionLost:
            pass
        self.socket.close()


def read_key(path):
    """The lines `name = value` of a key file."""
    with open(path, encoding="utf-8") as lines:
        pairs = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip().strip('"') for name, value in pairs}


class Session:
    """One login: says hello, proves the key, subscribes, and hands out the stream's messages."""

    def __init__(self, url, key):
        self.socket = WebSocket(url, "semnal.json.v1")
        self.accepted = self._login(key)

    def send(self, **message):
        self.socket.send(json.dumps(message).encode())

    def receive(self):
        message = json.loads(self.socket.receive())
        if message["type"] in ("error", "rejected"):
            sys.stderr.write(f"{message['code']}: {message['text']}\n")
            if message["type"] == "rejected" or message["fatal"]:
                raise (ConnectionLost if message["retryable"] else Refused)(message["code"])
        return message

    def _login(self, key):
        client_nonce = os.urandom(32)
        self.send(
            type="hello",
            versionMin=1,
            versionMax=1,
            role="client",
            authScheme="HMAC_SHA256",
            keyId=key["id"],
            clientNonce=client_nonce.hex(),
            clientName="semnal_client.py",
        )
        challenge = self.receive()
        proven = (
            b"semnal-session-1"
            + bytes.fromhex(challenge["serverNonce"])
            + client_nonce
            + bytes([0])
            + struct.pack("<H", challenge["version"])
            + key["id"].encode()
        )
        proof = hmac.new(bytes.fromhex(key["secret"]), proven, hashlib.sha256).hexdigest()
        self.send(type="authenticate", proof=proof)
        return self.receive()

    def follow(self, channels, instruments, token):
        """Subscribes after `token` (none: from now on) and yields (token, message) for ever."""
        request = {"requestId": "1", "channels": channels, "instruments": instruments}
        if token:
            request["resume"] = token
        self.send(type="subscribe", **request)
        resumed, in_snapshot, epoch = bool(token), False, None
        # A live server says something every heartbeat interval.
        self.socket.socket.settimeout(3 * self.accepted["heartbeatMillis"] / 1000)
        while True:
            message = self.receive()
            kind = message["type"]
            if kind == "error":
                resumed = False
            elif kind == "subscribed":
                epoch = message["epoch"]
                if not resumed:
                    yield f"{epoch}:{message['headOutSeq']}", None
            elif kind in ("snapshotBegin", "snapshotEnd"):
                in_snapshot = kind == "snapshotBegin"
            elif kind == "shutdown":
                sys.stderr.write(f"the server stops: {message['reason']}\n")
            elif kind == "quote":
                yield None, message
            elif "outSeq" in message and not kind.endswith("Definition") and not in_snapshot:
                # Definitions are names, and a snapshot repeats: neither is news.
                epoch = message["epoch"] if kind == "discontinuity" else epoch
                yield f"{epoch}:{message['outSeq']}", message


def watch(options, key, show):
    """Shows every message once, over as many connections as that takes; returns the last token."""
    token, shown, attempt = options.resume, 0, 0
    while True:
        session = None
        try:
            session = Session(options.to, key)
            for after, message in session.follow(options.channels, options.instruments, token):
                token, attempt = after or token, 0
                if message:
                    show(message)
                    shown += 1
                if shown == options.count:
                    return token
        except (ConnectionLost, OSError) as lost:
            sys.stderr.write(f"connection lost ({lost}); resuming after {token}\n")
            time.sleep(random.uniform(0, min(30, 2**attempt)))
            attempt += 1
        except KeyboardInterrupt:
            return token
        finally:
            if session:
                session.socket.close()


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("--to", default="ws://127.0.0.1:7103/ws")
    words.add_argument("--key-file", required=True)
    words.add_argument("--channels", default="signals", type=lambda text: text.split(","))
    words.add_argument("--instruments", default=[], type=lambda text: text.split(","))
    words.add_argument("--from", dest="resume", metavar="EPOCH:OUTSEQ", help="resume after it")
    words.add_argument("--count", type=int, default=0, help="stop after so many messages")
    options = words.parse_args()
    options.count = options.count or None
    try:
        token = watch(
            options,
            read_key(options.key_file),
            lambda message: print(json.dumps(message), flush=True),
        )
    except Refused as refused:
        sys.exit(f"refused: {refused}")
    sys.stderr.write(f"resume after {token}\n")


if __name__ == "__main__":
    main()
