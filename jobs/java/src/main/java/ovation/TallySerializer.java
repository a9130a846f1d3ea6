package ovation;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A tally in state and on its way: its numbers, then how many options have votes, those of each, and the regions. */
public final class TallySerializer extends StateSerializer<Tally> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(Tally tally, DataOutputView target) throws IOException {
        target.writeByte(tally.options);
        target.writeLong(tally.received);
        target.writeLong(tally.voters);
        target.writeLong(tally.replaced);
        target.writeLong(tally.withdrawn);
        target.writeLong(tally.duplicate);
        target.writeLong(tally.late);
        target.writeLong(tally.invalid);
        target.writeLong(tally.ineligible);
        target.writeByte(tally.votes.length);
        for (long votes : tally.votes) {
            target.writeLong(votes);
        }
        tally.receivedIn.write(target);
    }

    @Override
    public Tally deserialize(DataInputView source) throws IOException {
        Tally tally = new Tally();
        tally.options = source.readByte();
        tally.received = source.readLong();
        tally.voters = source.readLong();
        tally.replaced = source.readLong();
        tally.withdrawn = source.readLong();
        tally.duplicate = source.readLong();
        tally.late = source.readLong();
        tally.invalid = source.readLong();
        tally.ineligible = source.readLong();
        tally.votes = new long[source.readByte()];
        for (int i = 0; i < tally.votes.length; i++) {
            tally.votes[i] = source.readLong();
        }
        tally.receivedIn = ByRegion.read(source);
        return tally;
    }

    @Override
    public Tally copy(Tally from) {
        return from.copy();
    }

    @Override
    public Tally createInstance() {
        return new Tally();
    }

    @Override
    public TypeSerializerSnapshot<Tally> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a savepoint says of the serializer. */
    public static final class Snapshot extends LayoutSnapshot<Tally> {
        /** The second has regions behind its votes. */
        private static final int LAYOUT = 2;

        public Snapshot() {
            super(LAYOUT, TallySerializer::new);
        }
    }
}
