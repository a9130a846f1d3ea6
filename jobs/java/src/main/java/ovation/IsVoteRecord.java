package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;

/** Scalar function over the bytes of a record of `votes`: whether {@link VoteRecords} reads it, with every vote in it. */
@FunctionHint(input = @DataTypeHint("BYTES"), output = @DataTypeHint("BOOLEAN NOT NULL"))
public final class IsVoteRecord extends ScalarFunction {
    private static final long serialVersionUID = 1;

    private transient VoteRecordReader reader;

    @Override
    public void open(FunctionContext context) {
        reader = new VoteRecordReader();
    }

    /** Returns whether the record is valid. */
    public boolean eval(byte[] value) {
        return value != null && reader.isValid(value);
    }
}
