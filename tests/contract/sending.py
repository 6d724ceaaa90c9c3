"""Letters that ask for a proof, sent through a client to whoever reads them."""

from typing import Any

from tests.contract.callers import Sdk
from tests.contract.steps import SEND_EMAIL, SEND_PHONE, add_active
from tests.owner import Owner

NOT_FOUND = (404, "EntityNotExists.Contact.Verification", "This contact verification does not exist.")


def send(sdk: Sdk, contact_id: str, owner: Owner) -> None:
    """Ask the owner of an address or number for a proof."""
    action, given = parameters(owner)
    sdk.call(action, contact_id=contact_id, **given)


def refused(sdk: Sdk, contact_id: str, owner: Owner) -> Any:
    """What comes of it where it is refused."""
    action, given = parameters(owner)
    return sdk.refused(action, contact_id=contact_id, **given)


def parameters(owner: Owner) -> tuple[str, dict[str, str]]:
    if "@" in owner.address:
        return SEND_EMAIL, {"email_address": owner.address}
    return SEND_PHONE, {"phone_number": owner.address}


def add_pending(sdk: Sdk, owner: Owner) -> str:
    """Add an active contact whose change to the owner's address waits."""
    contact_id = add_active(sdk)
    sdk.call("UpdateMessageContact", contact_id=contact_id, email_address=owner.address)
    return contact_id
