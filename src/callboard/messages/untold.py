"""The administrator told that messages reach nobody but the fallback: once a day for an account and a type."""

from callboard.call import Call
from callboard.messages.storage import Message
from callboard.metrics import UNTOLD
from callboard.verification import limits
from callboard.verification.letters import Notice
from callboard.verification.limits import Limited
from callboard.verification.sending import ADMINISTRATOR, organisation_of, post_notice

ONCE_A_DAY = ((1, 24 * 60 * 60 * 1000),)
COMMAND = "callboard contacts-of"


def fallback_address(call: Call) -> str:
    """Who gets what nobody else is told of."""
    return call.terms.fallback_email or ADMINISTRATOR


def tell(call: Call, message: Message) -> None:
    """Count a message that only the fallback gets, and write to the administrator, who may be somebody else."""
    call.count(UNTOLD)
    if fallback_address(call) == (call.terms.administrator_email or ADMINISTRATOR):
        return  # The message itself says so.
    once = Limited(f"untold {call.directory_id} {message.account_id} {message.message_type}", ONCE_A_DAY)
    if limits.take(call.connection, [once], now=call.now) is None:
        post_notice(
            call,
            Notice(
                kind="untold",
                organisation=organisation_of(call),
                contacts=[],
                target=message.account_id,
                language=call.terms.language,
                command=COMMAND,
                reason=f"{message.message_type} {message.message_id}",
                is_about_address=False,
            ),
        )
