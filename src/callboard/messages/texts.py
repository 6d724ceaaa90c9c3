"""The sentences around a message, in English and Chinese; the message itself is as its publisher wrote it."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping

from callboard.messages.rules import Kind, Severity
from callboard.verification.texts import Phrase

SEVERITIES: Mapping[Severity, Phrase] = {
    Severity.CRITICAL: ("Critical", "严重"),
    Severity.WARNING: ("Warning", "警告"),
    Severity.INFO: ("For information", "通知"),
}

MARKS: Mapping[Kind, Phrase] = {
    Kind.TEST: ("Test", "测试"),
    Kind.DRILL: ("Drill", "演练"),
}
"""In the subject of what is no message in earnest."""

NOTES: Mapping[Kind, Phrase] = {
    Kind.TEST: ("[Test] This is a test: nothing has happened.", "[测试] 这是一次测试，并未发生任何情况。"),
    Kind.DRILL: (
        "[Drill] This is a drill: what it tells has not happened.",
        "[演练] 这是一次演练，以下情况并未实际发生。",
    ),
}

TEST_SUBJECT: Phrase = ("Test message", "测试消息")
TEST_CONTENT: Phrase = (
    "Whoever manages the contacts tries whether messages reach you here. You need not do anything.",
    "联系人的管理者正在测试消息能否通过此渠道送达您。您无需进行任何操作。",
)

PHRASES: Mapping[str, Phrase] = {
    "digest_one": ("1 message", "1 条消息"),
    "digest_many": ("{count} messages", "{count} 条消息"),
    "digest_why": (
        "You get these as one mail, as the contact {name} wishes for its messages to be gathered.",
        "您收到此汇总邮件，是因为消息联系人 {name} 希望汇总接收消息。",
    ),
    "digest_what": (
        "Long messages are shortened here. Whoever manages the contact can show them whole, and change that wish.",
        "较长的消息在此有所删减。联系人的管理者可以查看全文，也可以更改此设置。",
    ),
    "about": ("About account {account}", "关于账号 {account}"),
    "sent_by": ("Published by {sender}", "发布者：{sender}"),
    "named": ("{name} ({id})", "{name}（{id}）"),
    "why": (
        "You get this as the contact {name} receives this type of messages ({type}) about the account. It is:",
        "您收到此消息，是因为消息联系人 {name} 接收该账号的此类消息（{type}）。该联系人：",
    ),
    "why_test": (
        "You get this as somebody tries whether the contact {name} is reached.",
        "您收到此消息，是因为有人正在测试能否联系到消息联系人 {name}。",
    ),
    "Direct": ("bound to the account itself", "直接绑定到该账号"),
    "Inherited": ("bound to {scope}, which the account is in", "绑定到该账号所在的 {scope}"),
    "Retained": ("kept from before, when it was bound to {scope}", "此前绑定到 {scope}，现予保留"),
    "directory": ("the whole directory", "整个资源目录"),
    "untold": (
        "Nobody with a proven address receives this type of messages ({type}) about the account, so you get it.",
        "没有任何已验证的联系人接收该账号的此类消息（{type}），因此改为通知您。",
    ),
    "untold_what": (
        "Bind a contact to the account, or have one proven, so that the right people are told.",
        "请为该账号绑定联系人或完成验证，以便通知到相关人员。",
    ),
    "untold_subject": ("Nobody told", "无人接收"),
    "acknowledge": ("Please acknowledge that you have read this:", "请确认您已阅知此消息："),
    "acknowledge_button": ("Acknowledge", "确认已阅知"),
    "acknowledge_sms": ("Acknowledge:", "确认已阅知："),
    "unacknowledged": (
        "Nobody has acknowledged this since {moment}.",
        "自 {moment} 起无人确认此消息。",
    ),
    "unacknowledged_subject": ("Not acknowledged", "无人确认"),
    "unacknowledged_last": (
        "Nobody who is told of the account has acknowledged the message in time, so you get it.",
        "接收该账号消息的联系人均未按时确认此消息，因此改为通知您。",
    ),
    "unsubscribe": ("No more of these messages ({type}) to this address:", "此邮箱不再接收此类消息（{type}）："),
    "unreached": (
        "None of those who receive this type of messages ({type}) about the account was reached, so you get it.",
        "该账号此类消息（{type}）的所有接收人均未能送达，因此改为通知您。",
    ),
    "unreached_what": (
        "See with GetMessage what became of each delivery, and mend the addresses.",
        "请通过 GetMessage 查看各次投递的结果，并修正相应的邮箱或号码。",
    ),
    "unreached_subject": ("Nobody reached", "均未送达"),
}
