package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * Aggregate function over the counts of records. Its value are the absolute sums that have changed since the state
 * was read, which are those that a store does not have yet.
 */
@FunctionHint(
        input = @DataTypeHint("BYTES"),
        accumulator = @DataTypeHint(value = "RAW", bridgedTo = TapSum.class, rawSerializer = TapSumSerializer.class),
        output = @DataTypeHint(value = "MAP<STRING, BIGINT>", bridgedTo = MapData.class))
public final class SumTaps extends AggregateFunction<MapData, TapSum> {
    private static final long serialVersionUID = 1;

    @Override
    public TapSum createAccumulator() {
        return new TapSum();
    }

    /** Adds the counts of a record. */
    public void accumulate(TapSum sum, byte[] counts) {
        sum.add(counts);
    }

    /** Adds the sums of others. */
    public void merge(TapSum sum, Iterable<TapSum> others) {
        others.forEach(sum::add);
    }

    @Override
    public MapData getValue(TapSum sum) {
        return sum.changed();
    }
}
