"""ClickHouse's errors: a number, a sentence, and the HTTP status that belongs to the number."""

import re

ACCESS_DENIED = 497
BAD_ARGUMENTS = 36
INTO_OUTFILE_NOT_ALLOWED = 358
NOT_IMPLEMENTED = 48
QUERY_IS_TOO_LARGE = 223
READONLY = 164
SYNTAX_ERROR = 62
TOO_MANY_SIMULTANEOUS_QUERIES = 202
UNKNOWN_EXCEPTION = 1002
UNKNOWN_SETTING = 115

NAMES = {
    ACCESS_DENIED: "ACCESS_DENIED",
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    INTO_OUTFILE_NOT_ALLOWED: "INTO_OUTFILE_NOT_ALLOWED",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    QUERY_IS_TOO_LARGE: "QUERY_IS_TOO_LARGE",
    READONLY: "READONLY",
    SYNTAX_ERROR: "SYNTAX_ERROR",
    TOO_MANY_SIMULTANEOUS_QUERIES: "TOO_MANY_SIMULTANEOUS_QUERIES",
    UNKNOWN_EXCEPTION: "UNKNOWN_EXCEPTION",
    UNKNOWN_SETTING: "UNKNOWN_SETTING",
}
"""Errors that this server raises itself; the engine names its own."""

# The server answers 500 for every number that is not here (exceptionCodeToHTTPStatus in ClickHouse's sources).
STATUS_BY_NAME = {
    400: """BAD_ARGUMENTS CANNOT_COMPILE_REGEXP CANNOT_PARSE_DATE CANNOT_PARSE_DATETIME
        CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING CANNOT_PARSE_ESCAPE_SEQUENCE CANNOT_PARSE_INPUT_ASSERTION_FAILED
        CANNOT_PARSE_IPV4 CANNOT_PARSE_IPV6 CANNOT_PARSE_NUMBER CANNOT_PARSE_QUOTED_STRING CANNOT_PARSE_TEXT
        CANNOT_PARSE_UUID DUPLICATE_COLUMN ILLEGAL_COLUMN INCORRECT_DATA SYNTAX_ERROR THERE_IS_NO_COLUMN TOO_BIG_AST
        TOO_DEEP_AST TYPE_MISMATCH UNEXPECTED_AST_STRUCTURE UNKNOWN_ELEMENT_IN_AST UNKNOWN_TYPE_OF_AST_NODE
        VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE""",
    403: "ACCESS_DENIED",
    404: """UNKNOWN_AGGREGATE_FUNCTION UNKNOWN_DATABASE UNKNOWN_DATABASE_ENGINE UNKNOWN_DIRECTION_OF_SORTING
        UNKNOWN_FORMAT UNKNOWN_FUNCTION UNKNOWN_IDENTIFIER UNKNOWN_ROLE UNKNOWN_SETTING UNKNOWN_STORAGE UNKNOWN_TABLE
        UNKNOWN_TYPE UNKNOWN_TYPE_OF_QUERY""",
    408: "TIMEOUT_EXCEEDED",
    413: "QUERY_IS_TOO_LARGE",
    501: "NOT_IMPLEMENTED",
    503: "CANNOT_OPEN_FILE CANNOT_SCHEDULE_TASK SOCKET_TIMEOUT",
}
_STATUS = {name: status for status, names in STATUS_BY_NAME.items() for name in names.split()}
_CODE = re.compile(r"Code: (\d+)\. DB::Exception: ")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)(?: \(version [^)]*\)?\))?\s*$")


class QueryError(Exception):
    """A query that was refused or failed. `code` is ClickHouse's number, `name` its name, `text` what to answer."""

    def __init__(self, code: int, sentence: str) -> None:
        self.code = code
        self.name = NAMES[code]
        self.text = f"Code: {code}. DB::Exception: {sentence} ({self.name})"
        super().__init__(self.text)

    @classmethod
    def from_engine(cls, error: Exception) -> "QueryError":
        """Return the engine's error as ours; a text without a number becomes UNKNOWN_EXCEPTION."""
        # The binding fails to decode a message that repeats a statement's bytes, and gives those bytes.
        message = error.object.decode(errors="replace") if isinstance(error, UnicodeDecodeError) else str(error)
        found = _CODE.search(message)
        if found is None:
            return cls(UNKNOWN_EXCEPTION, message)
        self = cls.__new__(cls)
        # Whatever stands before the number was added by the Python binding, and no server says it.
        self.code, self.text = int(found[1]), message[found.start() :].rstrip()
        name = _NAME.search(self.text)
        self.name = name[1] if name else ""
        Exception.__init__(self, self.text)
        return self

    @property
    def status(self) -> int:
        """HTTP status of this error."""
        return _STATUS.get(self.name, 500)
