package ovation;

import java.util.Arrays;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;

/**
 * What a voter's votes in one poll come to. Of those that were taken the smallest receipt stands, or the largest where a vote
 * may be changed. Receipts sort by time, so the same vote stands in whatever order they are read: live and history agree,
 * and a replay changes nothing.
 */
public final class Ballot {
    /** The most options that a vote has said. */
    int options;

    long firstAt = Long.MAX_VALUE;
    long lastAt = Long.MIN_VALUE;
    int received;
    ByRegion receivedIn = new ByRegion();
    int changeable;
    int late;
    int invalid;
    int ineligible;

    /** Entries of votes, as {@link Vote} has them: the last that may be changed, and the first that may not; or null. */
    byte[] newest;

    byte[] oldest;

    /** Adds a vote. */
    void add(byte[] vote) {
        options = Math.max(options, Vote.options(vote));
        long at = Vote.at(vote);
        firstAt = Math.min(firstAt, at);
        lastAt = Math.max(lastAt, at);
        received++;
        receivedIn.add(Vote.region(vote), 1);
        switch (Vote.verdict(vote)) {
            case Vote.INVALID -> invalid++;
            case Vote.INELIGIBLE -> ineligible++;
            case Vote.LATE -> late++;
            default -> take(vote);
        }
    }

    private void take(byte[] vote) {
        if (Vote.mayChange(vote)) {
            changeable++;
            newest = Vote.later(newest, Vote.entry(vote));
        } else {
            oldest = Vote.earlier(oldest, Vote.entry(vote));
        }
    }

    /** Adds other votes of the same voter. */
    void add(Ballot other) {
        options = Math.max(options, other.options);
        firstAt = Math.min(firstAt, other.firstAt);
        lastAt = Math.max(lastAt, other.lastAt);
        received += other.received;
        receivedIn.add(other.receivedIn, 1);
        changeable += other.changeable;
        late += other.late;
        invalid += other.invalid;
        ineligible += other.ineligible;
        newest = Vote.later(newest, other.newest);
        oldest = Vote.earlier(oldest, other.oldest);
    }

    /** Returns the columns as {@link CastBallots} names them. */
    RowData row() {
        byte[] standing = newest != null ? newest : oldest;
        long replaced = Math.max(changeable - 1, 0);
        long others = Math.max(received - late - invalid - ineligible - 1, 0);
        return GenericRowData.of(
                options,
                firstAt,
                lastAt,
                standing == null ? null : StringData.fromBytes(Arrays.copyOf(standing, Vote.RECEIPT)),
                standing == null ? null : Vote.choices(standing),
                standing == null ? null : Vote.playbackMs(standing),
                (long) received,
                replaced,
                others - replaced,
                (long) late,
                (long) invalid,
                (long) ineligible,
                receivedIn.text());
    }

    Ballot copy() {
        Ballot copy = new Ballot();
        copy.add(this);
        return copy;
    }
}
