package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.AggregateFunction;

/** Aggregate function over the ballots of a bucket of voters: their {@link Tally}. */
@FunctionHint(
        input = {
            @DataTypeHint("INT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint("BIGINT"),
            @DataTypeHint(value = "STRING", bridgedTo = StringData.class)
        },
        accumulator = @DataTypeHint(value = "RAW", bridgedTo = Tally.class, rawSerializer = TallySerializer.class),
        output =
                @DataTypeHint(
                        value =
                                "ROW<options INT, received BIGINT, voters BIGINT, replaced BIGINT, withdrawn BIGINT,"
                                        + " duplicate BIGINT, late BIGINT, invalid BIGINT, ineligible BIGINT,"
                                        + " votes ARRAY<BIGINT>, received_in STRING>",
                        bridgedTo = RowData.class))
public final class TallyBallots extends AggregateFunction<RowData, Tally> {
    private static final long serialVersionUID = 1;

    @Override
    public Tally createAccumulator() {
        return new Tally();
    }

    /** Adds a ballot. */
    public void accumulate(
            Tally tally,
            Integer options,
            Long choices,
            Long received,
            Long replaced,
            Long duplicate,
            Long late,
            Long invalid,
            Long ineligible,
            StringData receivedIn) {
        tally.options = Math.max(tally.options, options);
        tally.count(1, choices, received, replaced, duplicate, late, invalid, ineligible);
        tally.receivedIn.add(receivedIn, 1);
    }

    /** Takes back a ballot as it was before it changed. */
    public void retract(
            Tally tally,
            Integer options,
            Long choices,
            Long received,
            Long replaced,
            Long duplicate,
            Long late,
            Long invalid,
            Long ineligible,
            StringData receivedIn) {
        tally.count(-1, choices, received, replaced, duplicate, late, invalid, ineligible);
        tally.receivedIn.add(receivedIn, -1);
    }

    /** Adds the tallies of others. */
    public void merge(Tally tally, Iterable<Tally> others) {
        others.forEach(tally::add);
    }

    @Override
    public RowData getValue(Tally tally) {
        return tally.row();
    }
}
