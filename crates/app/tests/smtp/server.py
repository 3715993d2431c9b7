"""A real mail server for the tests, aiosmtpd, on loopback: says its port, then writes each letter as one line of JSON.

  server.py [--login NAME PASSWORD] [--tls CERTIFICATE KEY] [--refuse ADDRESS]
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Desk:
    """Takes letters in, except to one address."""

    def __init__(self, refused):
        self.refused = refused

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "login": session.auth_data,
            "tls": session.ssl is not None,
            "subject": read["subject"],
            "sender": read["from"],
            "type": read.get_content_type(),
            "text": read.get_content(),
        }
        print(json.dumps(letter), flush=True)
        return "250 Message accepted for delivery"


def checker(name, password):
    def check(server, session, envelope, mechanism, given):
        right = given.login == name.encode() and given.password == password.encode()
        return AuthResult(success=right, handled=False, auth_data=name if right else None)

    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--login", nargs=2)
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--refuse")
    asked = parser.parse_args()
    options = {"enable_SMTPUTF8": True}
    if asked.login:
        # Plain text on loopback is what is tested here.
        options |= {"authenticator": checker(*asked.login), "auth_required": True, "auth_require_tls": False}
    if asked.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*asked.tls)
        options |= {"tls_context": context}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Desk(asked.refuse), loop=loop, **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
