"""The settings of what comes back: bounces, receipts of providers, and the canaries that look for both."""

from dataclasses import dataclass
from email.utils import parseaddr

from callboard.settings.delivery import DeliverySettings
from callboard.settings.field import setting


@dataclass(frozen=True, kw_only=True)
class ReceiptSettings:
    """How it is heard what became of letters after a provider has taken them. With nothing set it is not."""

    bounce_address: str = setting(
        "", "Envelope sender of emails, which bounces go to; empty: the address in smtp_from, as in the header."
    )
    bounce_maildir: str = setting("", "A Maildir that the mail server delivers bounces to; empty: none is read.")
    bounce_listen: str = setting(
        "", "Address and port where bounces are taken by SMTP, as 0.0.0.0:2525 (extra inbound); empty: nowhere."
    )
    receipts_token: str = setting(
        "", "The secret in the path of the providers' webhooks, /receipts/<provider>/<token>; empty: there are none."
    )
    canary_email: str = setting(
        "", "An address whose mail comes back by bounce_maildir or bounce_listen; canaries go there. Empty: none."
    )
    canary_sms: str = setting(
        "", "A number, as 86-13900001234, whose receipts come by the webhooks; canaries go there. Empty: none."
    )
    canary_period_s: int = setting(3600, "How often a canary goes out by each channel, in seconds.")
    canary_overdue_s: int = setting(900, "After how long a canary that was not seen again is overdue, in seconds.")

    @property
    def canaries(self) -> tuple[tuple[str, str], ...]:
        """Channels with the address that their canaries go to."""
        given = (("email", self.canary_email), ("sms", self.canary_sms))
        return tuple((channel, recipient) for channel, recipient in given if recipient)


RECEIPT_SECRETS = ("receipts_token",)
SHORTEST_TOKEN = 16


def receipt_problems(settings: ReceiptSettings, delivery: DeliverySettings) -> dict[str, bool]:
    """Which of these settings do not fit."""
    host, _, port = settings.bounce_listen.rpartition(":")
    is_port = port.isascii() and port.isdigit() and int(port) <= 65535
    token = settings.receipts_token
    mails_come = bool(settings.bounce_maildir or settings.bounce_listen)
    return {
        "bounce_address": bool(settings.bounce_address) and "@" not in parseaddr(settings.bounce_address)[1],
        "bounce_listen": bool(settings.bounce_listen) and not (host and is_port),
        "receipts_token": bool(token)
        and (
            len(token) < SHORTEST_TOKEN or not token.replace("-", "").replace("_", "").isalnum() or not token.isascii()
        ),
        "canary_email": bool(settings.canary_email)
        and not ("@" in settings.canary_email and mails_come and delivery.smtp_host),
        "canary_sms": bool(settings.canary_sms)
        and not ("-" in settings.canary_sms and token and delivery.sms_provider),
        "canary_period_s": not 60 <= settings.canary_period_s <= 86_400,
        "canary_overdue_s": not 10 <= settings.canary_overdue_s <= 86_400,
    }
