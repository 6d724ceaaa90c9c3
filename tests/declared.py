"""Refusals as the actions declare them."""

from callboard.api.model import ACTIONS
from tests.audit.trail import VERSION
from tests.signing import Response


def assert_declared(refused: Response, action: str, code: str) -> None:
    """Refused with status, code and text as declared; the text up to where it names what is wrong."""
    declared = next(error for error in ACTIONS[VERSION, action].errors if error.code == code)
    text, names, _ = (declared.__doc__ or "").partition("{")

    assert (refused.status, refused.code) == (declared.status, code)
    assert refused.json["Message"].startswith(text)
    assert names or refused.json["Message"] == text
