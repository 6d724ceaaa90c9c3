"""What the message of a drill says, in English and Chinese. It needs nobody to write it."""
# ruff: noqa: RUF001 (the full-width signs are Chinese punctuation)

from collections.abc import Mapping

from callboard.messages.shapes import Text

TEXTS: Mapping[str, Text] = {
    "en": Text(
        "Please acknowledge that this reaches you",
        "Nothing has happened. It is tried whether messages about these accounts reach people who act on them. Please "
        "acknowledge this message; nothing else needs to be done.\n\n"
        "You get it once, however many accounts of the drill you are told of.",
    ),
    "zh": Text(
        "请确认您已收到此消息",
        "并未发生任何情况。此次演练用于检验有关这些账号的消息能否送达相关人员。请确认此消息，无需进行其他操作。\n\n"
        "无论演练涉及多少个由您接收消息的账号，您只会收到一次。",
    ),
}
