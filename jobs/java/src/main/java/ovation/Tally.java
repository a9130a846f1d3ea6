package ovation;

import java.util.Arrays;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** The numbers of a bucket of voters: sums over its ballots, from which a ballot is taken back before it changes. */
public final class Tally {
    private static final int MOST_OPTIONS = 50;

    /** The most options that a vote has said. A ballot's only grow, so a ballot taken back leaves them. */
    int options;

    long received;
    ByRegion receivedIn = new ByRegion();
    long voters;
    long replaced;
    long withdrawn;
    long duplicate;
    long late;
    long invalid;
    long ineligible;

    /** Ballots by option, as far as any was chosen. */
    long[] votes = new long[0];

    /** Adds the numbers of a ballot once, or takes them back with -1. No choices: nothing stands. */
    void count(
            int times,
            Long choices,
            long received,
            long replaced,
            long duplicate,
            long late,
            long invalid,
            long ineligible) {
        this.received += times * received;
        this.replaced += times * replaced;
        this.duplicate += times * duplicate;
        this.late += times * late;
        this.invalid += times * invalid;
        this.ineligible += times * ineligible;
        choose(choices, times);
    }

    private void choose(Long choices, int times) {
        if (choices == null) {
            return;
        }
        if (choices == 0) {
            withdrawn += times;
            return;
        }
        voters += times;
        reach(Long.SIZE - Long.numberOfLeadingZeros(choices));
        for (long left = choices; left != 0; left &= left - 1) {
            votes[Long.numberOfTrailingZeros(left)] += times;
        }
    }

    /** Adds another tally. */
    void add(Tally other) {
        options = Math.max(options, other.options);
        received += other.received;
        receivedIn.add(other.receivedIn, 1);
        voters += other.voters;
        replaced += other.replaced;
        withdrawn += other.withdrawn;
        duplicate += other.duplicate;
        late += other.late;
        invalid += other.invalid;
        ineligible += other.ineligible;
        reach(other.votes.length);
        for (int i = 0; i < other.votes.length; i++) {
            votes[i] += other.votes[i];
        }
    }

    /** Returns the columns as {@link TallyBallots} names them. */
    RowData row() {
        return GenericRowData.of(
                options,
                received,
                voters,
                replaced,
                withdrawn,
                duplicate,
                late,
                invalid,
                ineligible,
                new GenericArrayData(Arrays.copyOf(votes, MOST_OPTIONS)),
                receivedIn.text());
    }

    Tally copy() {
        Tally copy = new Tally();
        copy.add(this);
        return copy;
    }

    private void reach(int length) {
        if (votes.length < length) {
            votes = Arrays.copyOf(votes, length);
        }
    }
}
