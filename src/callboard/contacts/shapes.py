"""What the contact actions share on the wire: the product, the RAM resources, and the form of ids and dates."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from callboard.api.model import Operation
from callboard.call import Call, Moment

operation = Operation("2022-04-19", ram_code="resourcemanager", needs_directory=True)

ONE_CONTACT = "acs:resourcemanager:*:{AccountId}:messagecontact/{ContactId}"
ALL_CONTACTS = "acs:resourcemanager:*:{AccountId}:messagecontact/*"

ContactIdShown = Annotated[str, Meta(description="The ID of the contact.", examples=["c-qL4HqKONzOM7abcd"])]
Date = Annotated[str, Meta(description="YYYY-MM-DD HH:MM:SS, without zone.", examples=["2023-03-27 17:19:21"])]


def wire_date(call: Call, moment: Moment) -> str:
    """A moment as this family of the API writes it, in the site's zone."""
    local = datetime.fromtimestamp(moment // 1000, UTC) + timedelta(minutes=call.profile.utc_offset_minutes)
    return f"{local:%Y-%m-%d %H:%M:%S}"
