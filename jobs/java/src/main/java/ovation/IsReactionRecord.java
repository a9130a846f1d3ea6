package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** Scalar function over the bytes of a record of `reactions`: whether {@link ReactionRecords} reads it. */
@FunctionHint(input = @DataTypeHint("BYTES"), output = @DataTypeHint("BOOLEAN NOT NULL"))
public final class IsReactionRecord extends ScalarFunction {
    private static final long serialVersionUID = 1;

    private transient ReactionRecordReader reader;

    @Override
    public void open(FunctionContext context) {
        reader = new ReactionRecordReader();
    }

    /** Returns whether the record is valid. */
    public boolean eval(byte[] value) {
        return value != null && reader.read(value) != null;
    }
}
