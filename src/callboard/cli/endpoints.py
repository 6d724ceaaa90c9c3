"""`callboard endpoints`: webhooks and chats that are told beside people, without what is secret of them."""

from collections.abc import Iterator
from typing import Any

import click

from callboard.cli.opening import load, reading
from callboard.cli.output import printable


@click.command()
@click.option("--owner", "owner_id", help="Only those of this contact, member, folder or directory.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, as the API answers, an endpoint a line.")
def endpoints(owner_id: str | None, *, as_json: bool) -> None:
    """List the endpoints of every directory: for whom each is told, of what, and whether it is proven."""
    import msgspec

    from callboard.endpoints import storage
    from callboard.endpoints.shapes import shown
    from callboard.wiring import build_runtime

    runtime = build_runtime(load())
    try:
        every = reading(runtime, lambda connection: storage.every(connection, runtime.vault))
    finally:
        runtime.database.close()
    found = [(each, shown(known)) for each, known in every if owner_id in (None, known.endpoint.owner_id)]
    for directory_id, endpoint in found:
        if as_json:
            click.echo(msgspec.json.encode(endpoint).decode())
            continue
        for line in _lines(directory_id, endpoint):
            click.echo(printable(line))
    if not found and not as_json:
        click.echo("There is no such endpoint." if owner_id else "There is no endpoint.", err=True)


def _lines(directory_id: str, endpoint: Any) -> Iterator[str]:
    yield f"{endpoint.endpoint_id}  {endpoint.kind:7}  {endpoint.status:9}  {endpoint.url or '-'}  {endpoint.name}"
    yield f"    for {endpoint.owner_id} in {directory_id}: {', '.join(endpoint.message_types)}"
    if endpoint.pending_url:
        yield f"    waits for the proof of {endpoint.pending_url}"
