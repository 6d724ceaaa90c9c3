"""The actions of what a RAM user logs on to the console with: there is no console here, so nobody has any of it.

Whoever takes a user apart before deleting it, as Terraform does, asks for a logon profile and a second factor to be
deleted; the documented answer where there is none lets it go on.
"""

from typing import Annotated

from msgspec import Meta, field

from callboard.api.model import Reply, Request, Shape
from callboard.call import Call
from callboard.ram.resources import ONE_USER, present
from callboard.ram.shapes import Date, operation
from callboard.ram.users import errors, storage
from callboard.ram.users.parameters import UserName
from callboard.ram.users.shapes import UserNameShown

SerialNumberShown = Annotated[str, Meta(description="The serial number of the device.")]


class GetLoginProfile(Request):
    """Read how a user logs on to the console; no user does."""

    user_name: UserName


class LoginProfile(Shape):
    """How a user logs on to the console."""

    user_name: UserNameShown
    password_reset_required: Annotated[bool, Meta(description="Whether the next logon asks for a new password.")]
    mfabind_required: Annotated[bool, Meta(description="Whether a second factor is demanded.")] = field(
        name="MFABindRequired"
    )
    create_date: Date


class GetLoginProfileReply(Reply):
    """Never answered."""

    login_profile: LoginProfile


@operation(access_level="get", resource=ONE_USER, errors=[errors.UserNotFound, errors.LoginProfileNotFound])
def get_login_profile(call: Call, request: GetLoginProfile) -> GetLoginProfileReply:
    _look_for(call, request.user_name)
    raise errors.LoginProfileNotFound


class DeleteLoginProfile(Request):
    """Take from a user the way to log on to the console; no user has one."""

    user_name: UserName


class DeleteLoginProfileReply(Reply):
    """Never answered."""


@operation(access_level="delete", resource=ONE_USER, errors=[errors.UserNotFound, errors.LoginProfileNotFound])
def delete_login_profile(call: Call, request: DeleteLoginProfile) -> DeleteLoginProfileReply:
    _look_for(call, request.user_name)
    raise errors.LoginProfileNotFound


class GetUserMFAInfo(Request):
    """Read the second factor of a user; no user has one."""

    user_name: UserName


class DeviceShown(Shape):
    """The device that is a user's second factor."""

    serial_number: SerialNumberShown
    type: Annotated[str, Meta(description="VMFA or U2F.", examples=["VMFA"])]


class GetUserMFAInfoReply(Reply):
    """Never answered."""

    mfadevice: DeviceShown = field(name="MFADevice")


@operation(access_level="get", resource=ONE_USER, errors=[errors.UserNotFound, errors.DeviceNotFound])
def get_user_mfainfo(call: Call, request: GetUserMFAInfo) -> GetUserMFAInfoReply:
    _look_for(call, request.user_name)
    raise errors.DeviceNotFound


class UnbindMFADevice(Request):
    """Take from a user its second factor; no user has one."""

    user_name: UserName


class DeviceUnbound(Shape):
    """The device that was taken."""

    serial_number: SerialNumberShown


class UnbindMFADeviceReply(Reply):
    """Never answered."""

    mfadevice: DeviceUnbound = field(name="MFADevice")


@operation(access_level="update", resource=ONE_USER, errors=[errors.UserNotFound, errors.DeviceNotFound])
def unbind_mfadevice(call: Call, request: UnbindMFADevice) -> UnbindMFADeviceReply:
    _look_for(call, request.user_name)
    raise errors.DeviceNotFound


def _look_for(call: Call, user_name: str) -> None:
    """Raises UserNotFound."""
    present(storage.find(call.connection, call.principal.account_id, user_name), errors.UserNotFound)
