package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.TableFunction;

/**
 * Table function over the bytes of a record of `votes`: a row for each valid vote. `vote` is as {@link Vote} encodes it, with
 * what the poll's rules say of it.
 */
@FunctionHint(
        input = @DataTypeHint("BYTES"),
        output =
                @DataTypeHint(
                        value =
                                "ROW<stream_id STRING, poll_id STRING, bucket INT, voter STRING, `at` BIGINT,"
                                        + " vote BYTES>",
                        bridgedTo = RowData.class))
public final class VoteRecords extends TableFunction<RowData> {
    private static final long serialVersionUID = 1;

    private transient VoteRecordReader reader;

    @Override
    public void open(FunctionContext context) {
        reader = new VoteRecordReader();
    }

    /** Reads one record. */
    public void eval(byte[] value) {
        if (value != null) {
            reader.read(value).forEach(this::collect);
        }
    }
}
