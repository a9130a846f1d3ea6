package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.ScalarFunction;

/** Scalar function over taps by emoji: the JSON of them, as a vectorised Python function takes no MAP. */
@FunctionHint(
        input = @DataTypeHint(value = "MAP<STRING, BIGINT>", bridgedTo = MapData.class),
        output = @DataTypeHint(value = "STRING", bridgedTo = StringData.class))
public final class TapsJson extends ScalarFunction {
    private static final long serialVersionUID = 1;

    /** Returns the JSON object of the counts. */
    public StringData eval(MapData counts) {
        ArrayData emojis = counts.keyArray();
        ArrayData taps = counts.valueArray();
        StringBuilder text = new StringBuilder(24 * counts.size() + 2).append('{');
        for (int i = 0; i < counts.size(); i++) {
            // No emoji has a character that JSON escapes (Texts.isEmoji).
            text.append(i == 0 ? "\"" : ",\"").append(emojis.getString(i)).append("\":").append(taps.getLong(i));
        }
        return StringData.fromString(text.append('}').toString());
    }
}
