package ovation;

import java.io.IOException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.table.data.StringData;

/** The JSON of one record, from which values are taken by what they have to be. */
final class JsonRecord implements AutoCloseable {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonParser parser;

    JsonRecord(byte[] value) throws IOException {
        parser = FACTORY.createParser(value);
    }

    /** Says that a record breaks a rule of its schema. It has no trace: a topic may be full of them. */
    static final class Invalid extends IOException {
        private static final long serialVersionUID = 1;
        private static final Invalid INVALID = new Invalid();

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Raises Invalid unless it is so. */
    static void require(boolean so) throws Invalid {
        if (!so) {
            throw Invalid.INVALID;
        }
    }

    /** Begins the object that has to come next. */
    void object() throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT);
    }

    /** Begins the array that has to come next. */
    void array() throws IOException {
        require(parser.nextToken() == JsonToken.START_ARRAY);
    }

    /** Returns the name of the object's next field, or null at its end. */
    String field() throws IOException {
        return parser.nextFieldName();
    }

    /** Returns the whole number that has to come next, within bounds. */
    long number(long least, long most) throws IOException {
        require(parser.nextToken() == JsonToken.VALUE_NUMBER_INT);
        return element(least, most);
    }

    /** Returns whether the array has another whole number, which {@link #element} gives. */
    boolean more() throws IOException {
        JsonToken token = parser.nextToken();
        require(token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.END_ARRAY);
        return token == JsonToken.VALUE_NUMBER_INT;
    }

    /** Returns the array's number that {@link #more} has found, within bounds. */
    long element(long least, long most) throws IOException {
        long number = parser.getLongValue();
        require(number >= least && number <= most);
        return number;
    }

    /** Returns the text that has to come next. */
    String text() throws IOException {
        String text = parser.nextTextValue();
        require(text != null);
        return text;
    }

    /** Returns the text that has to come next, as `known` has it. */
    StringData text(Texts known) throws IOException {
        byte[] text = known.of(text());
        require(text != null);
        return StringData.fromBytes(text);
    }

    /** Takes the value that comes next. Returns it if it is a whole number within bounds, else `other`. */
    long numberOr(long least, long most, long other) throws IOException {
        return numberOrNull(least, most, other, other);
    }

    /** As {@link #numberOr}; `absent` stands for null. */
    long numberOrNull(long least, long most, long absent, long other) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return absent;
        }
        if (token != JsonToken.VALUE_NUMBER_INT || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            parser.skipChildren();
            return other;
        }
        long number = parser.getLongValue();
        return number >= least && number <= most ? number : other;
    }

    /** Takes the value that comes next. Returns it if it is a text, else null. */
    String textOrNull() throws IOException {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            return null;
        }
        return parser.getText();
    }

    /** Takes the value that comes next. Returns it if it is true or false, else null. */
    Boolean flagOrNull() throws IOException {
        JsonToken token = parser.nextToken();
        parser.skipChildren();
        return token == JsonToken.VALUE_TRUE ? Boolean.TRUE : token == JsonToken.VALUE_FALSE ? Boolean.FALSE : null;
    }

    /** Takes the array's next value. Returns whether it is an object, which then has begun; null at the array's end. */
    Boolean nextIsObject() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_ARRAY) {
            return null;
        }
        if (token != JsonToken.START_OBJECT) {
            parser.skipChildren();
        }
        return token == JsonToken.START_OBJECT;
    }

    /** Steps over a value of any kind. */
    void skip() throws IOException {
        parser.nextToken();
        parser.skipChildren();
    }

    /** Raises Invalid unless the record ends here. */
    void end() throws IOException {
        require(parser.nextToken() == null);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
