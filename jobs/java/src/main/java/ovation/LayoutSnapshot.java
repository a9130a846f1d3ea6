package ovation;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint says of a serializer: which layout of bytes it wrote. A state of another layout is refused when a job starts,
 * with Flink's own StateMigrationException, instead of being misread.
 *
 * @param <T> what is kept
 */
public abstract class LayoutSnapshot<T> implements TypeSerializerSnapshot<T> {
    /** Above those of Flink's SimpleTypeSerializerSnapshot, which says the name of the serializer alone. */
    private static final int VERSION = 4;

    private static final int BEFORE_LAYOUTS = 1;

    private final Supplier<TypeSerializer<T>> serializer;
    private int layout;

    LayoutSnapshot(int layout, Supplier<TypeSerializer<T>> serializer) {
        this.layout = layout;
        this.serializer = serializer;
    }

    @Override
    public int getCurrentVersion() {
        return VERSION;
    }

    @Override
    public void writeSnapshot(DataOutputView target) throws IOException {
        target.writeInt(layout);
    }

    @Override
    public void readSnapshot(int version, DataInputView source, ClassLoader classes) throws IOException {
        if (version < VERSION) {
            source.readUTF();
            layout = BEFORE_LAYOUTS;
        } else {
            layout = source.readInt();
        }
    }

    @Override
    public TypeSerializer<T> restoreSerializer() {
        return serializer.get();
    }

    @Override
    public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> before) {
        return before.getClass() == getClass() && ((LayoutSnapshot<T>) before).layout == layout
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
