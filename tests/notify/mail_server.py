#!/usr/bin/env python3
"""A real mail server (aiosmtpd) for src/notify/mail_test.cpp: python3 mail_server.py PORT FOLDER MODE

MODE: starttls | tls | plain (no TLS is offered) | both (STARTTLS is offered, but plain text is taken as well)
FOLDER holds cert.pem and key.pem. Each mail that is taken becomes FOLDER/N.json, read by Python's own parser: who it is
from and to, how it came, its headers, its text, its attachments. The user is "me", the password "pass word".

What the sender's name asks for: slow@ - no answer to the mail; drop@ - the connection ends instead of one; later@ - 451
to the mail; full@ - 552. Recipients: nobody@ is refused with 550, busy@ with 450.
"""
import asyncio
import base64
import email
import email.policy
import hashlib
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        if address.startswith("busy@"):
            return "450 4.2.0 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        who = envelope.mail_from.split("@")[0]
        if who == "slow":
            await asyncio.sleep(3600)
        if who == "drop":
            server.transport.abort()
            await asyncio.sleep(3600)
        if who == "later":
            return "451 4.3.0 try again"
        if who == "full":
            return "552 5.2.2 mailbox full"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(("plain",))
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "hello": session.host_name,
            "peer": session.peer[0],
            "is_tls": session.ssl is not None or server.transport.get_extra_info("cipher") is not None,
            "user": (session.auth_data.login.decode() if session.auth_data else ""),
            "headers": {name: str(value) for name, value in message.items()},
            "text": text.get_content() if text else "",
            "defects": [str(each) for part in message.walk() for each in part.defects],
            "files": [
                {"name": part.get_filename(), "type": part.get_content_type(),
                 "sha256": hashlib.sha256(part.get_payload(decode=True)).hexdigest()}
                for part in message.iter_attachments()
            ],
        }
        self.count += 1
        new = self.folder / f"{self.count}.new"
        new.write_text(json.dumps(mail))
        new.rename(self.folder / f"{self.count}.json")
        return f"250 2.0.0 Ok: queued as {self.count}"


def authenticate(server, session, envelope, mechanism, data):
    is_right = isinstance(data, LoginPassword) and data.login == b"me" and data.password == b"pass word"
    # What it says of a failure holds the password, as a careless server's answer may.
    said = "535 5.7.8 wrong: " + (base64.b64encode(data.password).decode() if isinstance(data, LoginPassword) else "?")
    return AuthResult(success=is_right, handled=is_right, message=None if is_right else said, auth_data=data)


async def serve(port, folder, mode):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    handler = Handler(folder)

    def make():
        return SMTP(handler, hostname="mail.test", enable_SMTPUTF8=False,
                    tls_context=context if mode in ("starttls", "both") else None, require_starttls=mode == "starttls",
                    authenticator=authenticate, auth_require_tls=mode == "starttls", auth_required=mode in ("starttls", "tls"))

    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port,
                                                            ssl=context if mode == "tls" else None)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]))
