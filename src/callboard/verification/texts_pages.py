"""Every sentence of the pages that people see who confirm an address, in English and Chinese."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping

PAGES: Mapping[str, tuple[str, str]] = {
    # The name of the language that each page leads to, in that language.
    "other_language": ("中文", "English"),
    "language": ("Language", "语言"),
    "confirm": ("Confirm", "确认"),
    "not_me": ("This isn't me", "不是我"),
    "send_again": ("Send me a new message", "给我发送新消息"),
    "open_heading_email": ("Is this your email address?", "这是您的邮箱吗？"),
    "open_heading_sms": ("Is this your phone number?", "这是您的手机号码吗？"),
    "open_asks_email": (
        "It was entered to receive messages from {organisation}. Nothing is sent until you confirm that it is yours.",
        "该邮箱被登记用于接收来自 {organisation} 的消息。在您确认之前，我们不会发送任何消息。",
    ),
    "open_asks_sms": (
        "It was entered to receive messages from {organisation}. Nothing is sent until you confirm that it is yours.",
        "该号码被登记用于接收来自 {organisation} 的消息。在您确认之前，我们不会发送任何消息。",
    ),
    "open_nothing": (
        (
            "If you do nothing, nothing happens and no messages come. You have {duration} left to answer. "
            "We never ask for passwords."
        ),
        "如果您不做任何操作，一切保持不变，您也不会收到任何消息。此链接在 {duration}内有效。我们绝不会索要您的密码。",
    ),
    "confirmed_heading": ("Thank you, that is confirmed", "确认成功，谢谢您"),
    "confirmed_effect": (
        "Messages from {organisation} can reach you here from now on.",
        "今后您将在此收到来自 {organisation} 的消息。",
    ),
    "close": ("You can close this page.", "您可以关闭此页面了。"),
    "refused_heading": ("Thank you for telling us", "感谢您的告知"),
    "refused_effect": (
        (
            "It is refused. Nothing more is sent to it, and whoever looks after the contacts of {organisation} "
            "has been told."
        ),
        "我们已将其拒绝，不会再向其发送任何内容，并已通知 {organisation} 的联系人管理员。",
    ),
    "expired_heading": ("This link has expired", "此链接已过期"),
    "expired_effect": (
        "Links to confirm messages from {organisation} hold for a limited time only. A new one comes with one tap.",
        "用于确认接收 {organisation} 消息的链接仅在限定时间内有效。您可以一键获取新的链接。",
    ),
    "replaced_heading": ("There is a newer message", "已有更新的消息"),
    "replaced_effect": (
        "A newer message about {organisation} was sent to you. Its link works; this one no longer does.",
        "关于 {organisation}，我们已向您发送了更新的消息。请使用新消息中的链接，此链接已失效。",
    ),
    "replaced_lost": ("Not to be found? Have another one sent.", "找不到新消息？您可以再次获取。"),
    "withdrawn_heading": ("There is nothing to do", "您无需进行任何操作"),
    "withdrawn_effect": (
        "The request for messages from {organisation} was withdrawn or changed. This link has no effect any more.",
        "接收 {organisation} 消息的申请已被撤回或更改，此链接已失效。",
    ),
    "unknown_heading": ("We do not know this link", "我们无法识别此链接"),
    "unknown_why": (
        (
            "It may be very old, or a part was cut off when it was copied. Try to open it from the message once more, "
            "or have a new message sent."
        ),
        "链接可能时间过久，或在复制时不完整。请从消息中重新打开链接，或者获取新的消息。",
    ),
    "unknown_code": ("I have a code to type", "我有验证码，去输入"),
    "target": ("Email address or phone number", "邮箱或手机号码"),
    "ask_target": ("Where to send it: email address or phone number", "接收新消息的邮箱或手机号码"),
    "target_hint": (
        "A phone number with its country code, like {example}",
        "手机号码请包含国家或地区代码，例如 {example}",
    ),
    "code_heading": ("Type your code", "输入验证码"),
    "code_where": ("It is in the message that we sent to you.", "验证码在我们发送给您的消息中。"),
    "code": ("Code", "验证码"),
    "code_hint": ("8 digits from an email, 6 from a text message", "邮件验证码为 8 位数字，短信验证码为 6 位数字"),
    "code_wrong": (
        "This code does not fit, or it no longer works. Check what you typed, or have a new message sent.",
        "验证码不正确或已失效。请检查您的输入，或者获取新的消息。",
    ),
    "code_wrong_title": ("Error: {heading}", "出错：{heading}"),
    "code_no_message": ("No message? Send another", "没有收到消息？重新发送"),
    "sent_heading": ("Check your messages", "请查看您的消息"),
    "sent_effect": (
        "If that address waits for confirmation, a new message is on its way.",
        "如果该地址正在等待确认，新的消息已在发送途中。",
    ),
    "sent_patience": (
        "It may take some minutes. If it does not come by email, look in the spam folder too.",
        "可能需要几分钟。如果没有收到邮件，请同时查看垃圾邮件文件夹。",
    ),
    "limited_heading": ("Please wait a little", "请稍候再试"),
    "limited_why": (
        "Too many messages or codes were asked for in a short time. Nothing is lost.",
        "短时间内请求的消息或验证码过多。您的信息不会丢失。",
    ),
    "limited_wait": ("Try again in {duration}.", "请在 {duration}后重试。"),
    "limited_later": ("Try again later.", "请稍后重试。"),
    "unavailable_heading": ("We cannot answer at the moment", "我们暂时无法响应"),
    "unavailable_effect": (
        "The fault is ours, and nothing was changed. Please load this page again in a minute.",
        "这是我们的问题，没有任何内容被更改。请稍后重新加载此页面。",
    ),
    "reload": ("Load the page again", "重新加载"),
}
