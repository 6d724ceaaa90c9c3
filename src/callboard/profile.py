"""The two rule profiles as data: the limits and formats that a site's contacts must keep.

`alibaba` holds what the documentation of ResourceDirectoryMaster states; `open` is for those who run
Callboard as their own service. The rules that read these figures are in `contacts/rules.py`.
"""

from msgspec import Struct


class Profile(Struct, frozen=True):
    """The figures of one site. Lengths are in characters, not bytes."""

    name: str
    """`alibaba` or `open`."""
    name_length: tuple[int, int]
    """Shortest and longest name."""
    email_length: int
    """Longest email address."""
    country_codes: frozenset[str]
    """Calling codes of the phone numbers that the site serves; empty means every country."""
    is_phone_required: bool
    """Whether a new contact must have a phone number."""
    contacts: int
    """Most contacts in one directory."""
    targets: int
    """Most targets (the directory, folders, members) that one contact is bound to."""
    folder_name_length: int
    """Longest name of a folder."""
    folders: int
    """Most folders in one directory, the root not counted."""
    accounts: int
    """Most member accounts in one directory; 0 for any number."""
    is_root_barred_from_account_types: bool
    """Whether only RAM users and roles of the management account may switch a member's type, not the account itself."""
    leavers_keep_contacts: bool
    """Whether a member that leaves the directory keeps the contacts it has, those that it inherited included."""
    unbinding_blocks_moves: bool
    """Whether no member moves across a folder while a contact is being taken out of it."""
    utc_offset_minutes: int
    """Zone of CreateDate and the like, which carry none on the wire."""


ALIBABA = Profile(
    name="alibaba",
    name_length=(2, 12),
    email_length=254,
    country_codes=frozenset({"86"}),
    is_phone_required=False,
    contacts=20,
    targets=10,
    # The documentation says 24; the Terraform provider's own tests use 32, and pass (clients.md, section 5).
    folder_name_length=32,
    # There is a quota (QuotaExceeded.Folder.Count), but no page has its figure.
    folders=100,
    accounts=1000,
    is_root_barred_from_account_types=False,
    leavers_keep_contacts=True,
    unbinding_blocks_moves=True,
    utc_offset_minutes=0,
)
OPEN = Profile(
    name="open",
    name_length=(1, 64),
    email_length=254,
    country_codes=frozenset(),
    is_phone_required=False,
    contacts=10_000,
    targets=1_000,
    folder_name_length=64,
    folders=10_000,
    accounts=0,
    is_root_barred_from_account_types=False,
    leavers_keep_contacts=False,
    unbinding_blocks_moves=False,
    utc_offset_minutes=0,
)
PROFILES = {profile.name: profile for profile in (ALIBABA, OPEN)}
