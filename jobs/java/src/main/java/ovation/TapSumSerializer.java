package ovation;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A sum in state and on its way: how many emojis, then each with its taps. */
public final class TapSumSerializer extends StateSerializer<TapSum> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(TapSum sum, DataOutputView target) throws IOException {
        target.writeInt(sum.size);
        for (int i = 0; i < sum.size; i++) {
            target.writeByte(sum.emojis[i].length);
            target.write(sum.emojis[i]);
            target.writeLong(sum.taps[i]);
        }
    }

    @Override
    public TapSum deserialize(DataInputView source) throws IOException {
        TapSum sum = new TapSum();
        for (int left = source.readInt(); left > 0; left--) {
            byte[] emoji = new byte[source.readByte()];
            source.readFully(emoji);
            sum.put(emoji, source.readLong());
        }
        return sum;
    }

    @Override
    public TapSum copy(TapSum from) {
        return from.copy();
    }

    @Override
    public TapSum createInstance() {
        return new TapSum();
    }

    @Override
    public TypeSerializerSnapshot<TapSum> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a savepoint says of the serializer: that it was this one. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<TapSum> {
        public Snapshot() {
            super(TapSumSerializer::new);
        }
    }
}
