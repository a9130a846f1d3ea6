package ovation;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A ballot in state and on its way. Nearly all voters vote once; of those there are no numbers of votes, and one time. The
 * regions come last.
 */
public final class BallotSerializer extends StateSerializer<Ballot> {
    private static final long serialVersionUID = 1;
    private static final int HAS_NEWEST = 1;
    private static final int HAS_OLDEST = 2;
    private static final int VOTED_ONCE = 4;

    @Override
    public void serialize(Ballot ballot, DataOutputView target) throws IOException {
        // Of one vote that was not taken the numbers say why.
        boolean once = ballot.received == 1 && (ballot.newest != null || ballot.oldest != null);
        target.writeByte((ballot.newest != null ? HAS_NEWEST : 0) | (ballot.oldest != null ? HAS_OLDEST : 0)
                | (once ? VOTED_ONCE : 0));
        target.writeByte(ballot.options);
        target.writeLong(ballot.firstAt);
        if (!once) {
            target.writeLong(ballot.lastAt);
            target.writeInt(ballot.received);
            target.writeInt(ballot.changeable);
            target.writeInt(ballot.late);
            target.writeInt(ballot.invalid);
            target.writeInt(ballot.ineligible);
        }
        if (ballot.newest != null) {
            target.write(ballot.newest);
        }
        if (ballot.oldest != null) {
            target.write(ballot.oldest);
        }
        ballot.receivedIn.write(target);
    }

    @Override
    public Ballot deserialize(DataInputView source) throws IOException {
        Ballot ballot = new Ballot();
        int flags = source.readByte();
        ballot.options = source.readByte();
        ballot.firstAt = source.readLong();
        if ((flags & VOTED_ONCE) != 0) {
            ballot.lastAt = ballot.firstAt;
            ballot.received = 1;
            ballot.changeable = flags & HAS_NEWEST;
        } else {
            ballot.lastAt = source.readLong();
            ballot.received = source.readInt();
            ballot.changeable = source.readInt();
            ballot.late = source.readInt();
            ballot.invalid = source.readInt();
            ballot.ineligible = source.readInt();
        }
        ballot.newest = (flags & HAS_NEWEST) == 0 ? null : entry(source);
        ballot.oldest = (flags & HAS_OLDEST) == 0 ? null : entry(source);
        ballot.receivedIn = ByRegion.read(source);
        return ballot;
    }

    private static byte[] entry(DataInputView source) throws IOException {
        byte[] entry = new byte[Vote.ENTRY];
        source.readFully(entry);
        return entry;
    }

    @Override
    public Ballot copy(Ballot from) {
        return from.copy();
    }

    @Override
    public Ballot createInstance() {
        return new Ballot();
    }

    @Override
    public TypeSerializerSnapshot<Ballot> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends LayoutSnapshot<Ballot> {
        /** The second has regions behind its entries. */
        private static final int LAYOUT = 2;

        public Snapshot() {
            super(LAYOUT, BallotSerializer::new);
        }
    }
}
