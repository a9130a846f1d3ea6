package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.TableFunction;

/**
 * Table function over the bytes of a record of `reactions`: the columns of a valid one, and no row of another. Counts are
 * as {@link TapCounts} encodes them.
 */
@FunctionHint(
        input = @DataTypeHint("BYTES"),
        output =
                @DataTypeHint(
                        value =
                                "ROW<stream_id STRING, region STRING, `at` BIGINT, counts BYTES,"
                                        + " video MAP<BIGINT, BYTES>,"
                                        + " reactors ROW<level INT, hashes ARRAY<BIGINT>>>",
                        bridgedTo = RowData.class))
public final class ReactionRecords extends TableFunction<RowData> {
    private static final long serialVersionUID = 1;

    private transient ReactionRecordReader reader;

    @Override
    public void open(FunctionContext context) {
        reader = new ReactionRecordReader();
    }

    /** Reads one record. */
    public void eval(byte[] value) {
        RowData record = value == null ? null : reader.read(value);
        if (record != null) {
            collect(record);
        }
    }
}
