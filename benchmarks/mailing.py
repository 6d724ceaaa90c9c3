"""A bare SMTP client: so many mails, by so many connections that are never idle, and nothing else.

It is what the worker's senders are made of (aiosmtplib under uvloop) without outbox, database and writing of mails.
"""

import asyncio
import sys
from pathlib import Path

import aiosmtplib
import uvloop

SENDER = "no-reply@example.com"


async def main(port: int, connections: int, mails: int, octets: bytes) -> None:
    numbers = iter(range(mails))

    async def send() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for number in numbers:
            await client.sendmail(SENDER, [f"contact{number}@example.com"], octets)
        await client.quit()

    await asyncio.gather(*(send() for _ in range(connections)))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]).read_bytes()))
