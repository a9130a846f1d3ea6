package ovation;

import java.nio.ByteBuffer;

/**
 * Taps by emoji as one record says them, in bytes: for each emoji the length of its UTF-8, the UTF-8, and the taps as an
 * int. A MAP would be copied by every operator on its way.
 */
final class TapCounts {
    private TapCounts() {}

    /** Returns the first `size` emojis and their taps in bytes. No emoji is longer than 127 bytes. */
    static byte[] encode(byte[][] emojis, int[] taps, int size) {
        int length = 5 * size;
        for (int i = 0; i < size; i++) {
            length += emojis[i].length;
        }
        ByteBuffer counts = ByteBuffer.allocate(length);
        for (int i = 0; i < size; i++) {
            counts.put((byte) emojis[i].length).put(emojis[i]).putInt(taps[i]);
        }
        return counts.array();
    }
}
