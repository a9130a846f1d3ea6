package ovation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;

/**
 * A growing sum of taps by emoji, which knows what has changed since it was read from state.
 *
 * <p>A stream has tens of emojis, so a look through the array is quicker than a hash. What has changed is not stored: of a
 * sum that was just read nothing has.
 */
public final class TapSum {
    /** Emojis in UTF-8. */
    byte[][] emojis = new byte[8][];

    long[] taps = new long[8];
    int size;
    private boolean[] changed = new boolean[8];

    /** Adds the counts of a record, as {@link TapCounts} encodes them. */
    void add(byte[] counts) {
        ByteBuffer left = ByteBuffer.wrap(counts);
        while (left.hasRemaining()) {
            int from = left.position() + 1;
            int end = from + counts[from - 1];
            int place = find(counts, from, end);
            taps[place] += left.getInt(end);
            changed[place] = true;
            left.position(end + 4);
        }
    }

    /** Adds another sum. */
    void add(TapSum other) {
        for (int i = 0; i < other.size; i++) {
            int place = find(other.emojis[i], 0, other.emojis[i].length);
            taps[place] += other.taps[i];
            changed[place] = true;
        }
    }

    /** Adds an emoji as it was stored, which changes nothing. */
    void put(byte[] emoji, long stored) {
        // In a line of its own: it may put a larger array in the place of `taps`.
        int place = find(emoji, 0, emoji.length);
        taps[place] = stored;
    }

    /** Returns the sums that have changed, by emoji. */
    GenericMapData changed() {
        Map<StringData, Long> sums = new HashMap<>();
        for (int i = 0; i < size; i++) {
            if (changed[i]) {
                sums.put(StringData.fromBytes(emojis[i]), taps[i]);
            }
        }
        return new GenericMapData(sums);
    }

    TapSum copy() {
        TapSum copy = new TapSum();
        copy.emojis = emojis.clone();
        copy.taps = taps.clone();
        copy.changed = changed.clone();
        copy.size = size;
        return copy;
    }

    /** Returns the place of the emoji that stands in `text` from `from` to before `end`, which it is given if it has none. */
    private int find(byte[] text, int from, int end) {
        for (int i = 0; i < size; i++) {
            if (Arrays.equals(emojis[i], 0, emojis[i].length, text, from, end)) {
                return i;
            }
        }
        if (size == taps.length) {
            emojis = Arrays.copyOf(emojis, 2 * size);
            taps = Arrays.copyOf(taps, 2 * size);
            changed = Arrays.copyOf(changed, 2 * size);
        }
        emojis[size] = Arrays.copyOfRange(text, from, end);
        return size++;
    }
}
