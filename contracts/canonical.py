"""How the gateway's encoder writes valid records, as regular expressions.

A record that one of them matches is valid by its schema, and known to be so in far less time than the schema takes.
Others can be valid, too: written with blanks, or with fields in another order.
"""

from contracts.limits import MAX_EMOJIS, MAX_REACTORS_PER_RECORD, MAX_VIDEO_SECONDS_PER_RECORD

_ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_TEXT = r'[^"\\\x00-\x1f\ufffd]'
_MS = r"[1-9][0-9]{12}"
_HEAD = rf'"region":"{_ID}","edge":"{_TEXT}{{1,128}}"'
_TAPS = rf'"{_TEXT}{{1,16}}":[1-9][0-9]{{0,8}}'
_COUNTS = rf"\{{{_TAPS}(?:,{_TAPS}){{0,{MAX_EMOJIS - 1}}}+\}}"
_AT_SECOND = rf'"(?:0|[1-9][0-9]{{0,5}})":{_COUNTS}'
_VIDEO = rf'(?:,"video":\{{{_AT_SECOND}(?:,{_AT_SECOND}){{0,{MAX_VIDEO_SECONDS_PER_RECORD - 1}}}+\}})?'
_HASH = "(?:0|[1-9][0-9]{0,14}|[1-3][0-9]{15}|4[0-4][0-9]{14})"
_REACTORS = (
    rf'(?:,"reactors":\{{"level":(?:[12]?[0-9]|3[0-2]),'
    rf'"hashes":\[{_HASH}(?:,{_HASH}){{0,{MAX_REACTORS_PER_RECORD - 1}}}+\]\}})?'
)
_BOOL = "(?:true|false)"
_OPTIONS = "(?:[1-4][0-9]|50|[2-9])"
_VOTE = (
    rf'\{{"stream_id":"{_ID}","poll_id":"{_ID}","voter":"[A-Za-z0-9_-]{{22}}",'
    rf'"receipt":"[0-9A-HJKMNP-TV-Z]{{26}}","at":{_MS},"choices":(?:0|[1-9][0-9]{{0,14}}),"options":{_OPTIONS},'
    rf'"max_choices":(?:1|{_OPTIONS}),"allow_change":{_BOOL},"allow_withdraw":{_BOOL},"eligible":{_BOOL},'
    rf'"deadline":(?:null|{_MS})(?:,"playback_ms":(?:0|[1-9][0-9]{{0,7}}|[1-5][0-9]{{8}}))?\}}'
)

# The repetitions are possessive (`+`): a batch that breaks off is given up at once, and not tried with a vote less.
CANONICAL = {
    "reactions": rf'^\{{"v":1,"stream_id":"{_ID}",{_HEAD},"at":{_MS},"counts":{_COUNTS}{_VIDEO}{_REACTORS}\}}$',
    "votes": rf'^\{{"v":1,{_HEAD},"votes":\[{_VOTE}(?:,{_VOTE}){{0,499}}+\]\}}$',
}
"""How the gateway's encoder writes a valid record of a topic. `control` has none: its records are few."""
