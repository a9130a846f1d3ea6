package ovation;

import static ovation.JsonRecord.require;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;

/**
 * Reads records of the topic `reactions`, by the rules of contracts/schemas/reactions.v1.json and in one pass over the
 * bytes. A record that breaks one of them is not read at all.
 *
 * <p>Not for use by several threads.
 */
final class ReactionRecordReader {
    private static final int MOST_EMOJIS = 30;
    private static final int MOST_SECONDS = 120;
    private static final int MOST_REACTORS = 2_048;
    private static final long MOST_TAPS = 1_000_000_000;
    private static final long LARGEST_HASH = (1L << 52) - 1;

    private final Texts ids = new Texts(Texts::isId);
    private final Texts edges = new Texts(Texts::isEdge);
    private final Texts emojis = new Texts(Texts::isEmoji);
    private final byte[][] emojiOf = new byte[MOST_EMOJIS][];
    private final int[] tapsOf = new int[MOST_EMOJIS];
    private final long[] hashes = new long[MOST_REACTORS];

    /** Returns the columns of a record as {@link ReactionRecords} names them, or null where it is not valid. */
    RowData read(byte[] value) {
        try (JsonRecord json = new JsonRecord(value)) {
            return record(json);
        } catch (IOException invalid) {
            return null;
        }
    }

    private RowData record(JsonRecord json) throws IOException {
        long version = 0;
        StringData streamId = null;
        StringData region = null;
        StringData edge = null;
        long at = 0;
        byte[] counts = null;
        MapData video = null;
        RowData reactors = null;
        json.object();
        for (String field = json.field(); field != null; field = json.field()) {
            switch (field) {
                case "v" -> version = json.number(1, 1);
                case "stream_id" -> streamId = json.text(ids);
                case "region" -> region = json.text(ids);
                case "edge" -> edge = json.text(edges);
                case "at" -> at = json.number(1_000_000_000_000L, 9_999_999_999_999L);
                case "counts" -> counts = counts(json);
                case "video" -> video = video(json);
                case "reactors" -> reactors = reactors(json);
                default -> json.skip();
            }
        }
        json.end();
        require(version == 1 && streamId != null && region != null && edge != null && at != 0 && counts != null);
        return GenericRowData.of(streamId, region, at, counts, video, reactors);
    }

    private byte[] counts(JsonRecord json) throws IOException {
        int size = 0;
        json.object();
        for (String field = json.field(); field != null; field = json.field()) {
            byte[] emoji = emojis.of(field);
            require(emoji != null);
            int taps = (int) json.number(1, MOST_TAPS);
            // Of a name that comes twice the last value counts, as with every reader of JSON.
            int place = 0;
            while (place < size && emojiOf[place] != emoji) {
                place++;
            }
            require(place < MOST_EMOJIS);
            emojiOf[place] = emoji;
            tapsOf[place] = taps;
            size = Math.max(size, place + 1);
        }
        require(size > 0);
        return TapCounts.encode(emojiOf, tapsOf, size);
    }

    private MapData video(JsonRecord json) throws IOException {
        Map<Long, byte[]> seconds = new HashMap<>();
        json.object();
        for (String field = json.field(); field != null; field = json.field()) {
            require(Texts.isSecond(field));
            seconds.put(Long.valueOf(field), counts(json));
            require(seconds.size() <= MOST_SECONDS);
        }
        require(!seconds.isEmpty());
        return new GenericMapData(seconds);
    }

    private RowData reactors(JsonRecord json) throws IOException {
        long level = -1;
        long[] sample = null;
        json.object();
        for (String field = json.field(); field != null; field = json.field()) {
            switch (field) {
                case "level" -> level = json.number(0, 32);
                case "hashes" -> sample = hashes(json);
                default -> json.skip();
            }
        }
        require(level >= 0 && sample != null);
        return GenericRowData.of((int) level, new GenericArrayData(sample));
    }

    private long[] hashes(JsonRecord json) throws IOException {
        int size = 0;
        json.array();
        while (json.more()) {
            require(size < MOST_REACTORS);
            hashes[size++] = json.element(0, LARGEST_HASH);
        }
        require(size > 0);
        return Arrays.copyOf(hashes, size);
    }
}
