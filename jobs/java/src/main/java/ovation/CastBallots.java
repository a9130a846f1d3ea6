package ovation;

import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.FunctionHint;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AggregateFunction;

/**
 * Aggregate function over the votes of one voter in one poll: their {@link Ballot}. `receipt`, `choices` and `playback_ms` are
 * null where nothing was taken; of what stands, `choices` 0 is a withdrawal, and `playback_ms` -1 a position that nobody said.
 * `received_in` says how many votes came by each region, as {@link ByRegion} writes it.
 */
@FunctionHint(
        input = @DataTypeHint("BYTES"),
        accumulator = @DataTypeHint(value = "RAW", bridgedTo = Ballot.class, rawSerializer = BallotSerializer.class),
        output =
                @DataTypeHint(
                        value =
                                "ROW<options INT, first_voted_at BIGINT, last_voted_at BIGINT, receipt STRING,"
                                        + " choices BIGINT, playback_ms BIGINT, received BIGINT, replaced BIGINT,"
                                        + " duplicate BIGINT, late BIGINT, invalid BIGINT, ineligible BIGINT,"
                                        + " received_in STRING>",
                        bridgedTo = RowData.class))
public final class CastBallots extends AggregateFunction<RowData, Ballot> {
    private static final long serialVersionUID = 1;

    @Override
    public Ballot createAccumulator() {
        return new Ballot();
    }

    /** Adds a vote. */
    public void accumulate(Ballot ballot, byte[] vote) {
        ballot.add(vote);
    }

    /** Adds other votes of the same voter. */
    public void merge(Ballot ballot, Iterable<Ballot> others) {
        others.forEach(ballot::add);
    }

    @Override
    public RowData getValue(Ballot ballot) {
        return ballot.row();
    }
}
