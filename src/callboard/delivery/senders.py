"""The senders that the settings name. Each brings its own library, and is imported only where it is wanted."""

from callboard.clock import wall_clock
from callboard.delivery.letter import Channel, Sender
from callboard.settings import Settings


def open_senders(settings: Settings) -> dict[Channel, Sender]:
    """A sender for each channel that has a provider. Raises StartupError for one that cannot be used.

    Webhooks need none, and chats only the extra.
    """
    from callboard.delivery import chat
    from callboard.delivery.webhook import WebhookSender

    found: dict[Channel, Sender] = {Channel.WEBHOOK: WebhookSender(settings, now=wall_clock)}
    if chat.is_installed():
        found[Channel.CHAT] = chat.ChatSender(settings)
    if settings.smtp_host:
        from callboard.delivery.smtp import SmtpSender

        found[Channel.EMAIL] = SmtpSender(settings)
    if settings.sms_provider:
        found[Channel.SMS] = _sms(settings)
    return found


def _sms(settings: Settings) -> Sender:
    if settings.sms_provider == "gateway":
        from callboard.delivery.gateway import GatewaySender

        return GatewaySender(settings, now=wall_clock)
    if settings.sms_provider == "apprise":
        from callboard.delivery.apprise_sms import AppriseSender

        return AppriseSender(settings)
    from callboard.delivery.aliyun_sms import AliyunSender

    return AliyunSender(settings)
