package ovation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.table.data.StringData;

/**
 * Votes received, by the region that took them. Written as text it is `eu=2,us=1`, sorted by name, and without regions that
 * took none. Nearly always it is one region: that one is kept without a map.
 */
final class ByRegion {
    private static final byte[] NONE = {};

    private byte[] only = NONE;
    private long votes;
    /** All of them, once there is more than one. */
    private TreeMap<String, Long> several;

    /** Adds votes of one region, or takes them back. */
    void add(byte[] region, long count) {
        if (several == null && (votes == 0 || Arrays.equals(only, region))) {
            only = region;
            votes += count;
            return;
        }
        spread();
        several.merge(text(region), count, ByRegion::sumOrNothing);
    }

    /** Adds others, `times` times: -1 takes them back. */
    void add(ByRegion other, int times) {
        if (other.several != null) {
            other.several.forEach((region, count) -> add(bytes(region), times * count));
        } else if (other.votes != 0) {
            add(other.only, times * other.votes);
        }
    }

    /** Adds those that {@link #text()} has written, `times` times. */
    void add(StringData written, int times) {
        byte[] text = written.toBytes();
        int begin = 0;
        for (int at = 0; at < text.length; at++) {
            if (text[at] == '=') {
                byte[] region = Arrays.copyOfRange(text, begin, at);
                long count = 0;
                for (at++; at < text.length && text[at] != ','; at++) {
                    count = count * 10 + text[at] - '0';
                }
                add(region, times * count);
                begin = at + 1;
            }
        }
    }

    /** Returns them as text. */
    StringData text() {
        if (several == null) {
            return StringData.fromBytes(votes == 0 ? NONE : one());
        }
        StringBuilder parts = new StringBuilder();
        several.forEach((region, count) ->
                parts.append(parts.isEmpty() ? "" : ",").append(region).append('=').append(count));
        return StringData.fromString(parts.toString());
    }

    void write(DataOutputView target) throws IOException {
        if (several == null) {
            target.writeByte(votes == 0 ? 0 : 1);
            if (votes != 0) {
                write(target, only, votes);
            }
            return;
        }
        target.writeByte(several.size());
        for (Map.Entry<String, Long> each : several.entrySet()) {
            write(target, bytes(each.getKey()), each.getValue());
        }
    }

    static ByRegion read(DataInputView source) throws IOException {
        ByRegion found = new ByRegion();
        for (int left = source.readUnsignedByte(); left > 0; left--) {
            byte[] region = new byte[source.readUnsignedByte()];
            source.readFully(region);
            found.add(region, source.readLong());
        }
        return found;
    }

    private static void write(DataOutputView target, byte[] region, long count) throws IOException {
        target.writeByte(region.length);
        target.write(region);
        target.writeLong(count);
    }

    /** Returns the text of one region, for every ballot: its bytes as they are, which no string comes between. */
    private byte[] one() {
        byte[] digits = bytes(Long.toString(votes));
        byte[] text = Arrays.copyOf(only, only.length + 1 + digits.length);
        text[only.length] = '=';
        System.arraycopy(digits, 0, text, only.length + 1, digits.length);
        return text;
    }

    private void spread() {
        if (several == null) {
            several = new TreeMap<>();
            if (votes != 0) {
                several.put(text(only), votes);
            }
        }
    }

    private static Long sumOrNothing(long one, long other) {
        return one + other == 0 ? null : one + other;
    }

    private static String text(byte[] region) {
        return new String(region, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String region) {
        return region.getBytes(StandardCharsets.US_ASCII);
    }
}
